import type { Registry } from "@millrace/core";
import { expect, onTestFinished, test } from "vitest";
import { createAudit } from "./audit/audit.ts";
import { createAccess } from "./authenticate.ts";
import { createCatalogue } from "./catalogue/catalogue.ts";
import { createClaims } from "./claims.ts";
import { createTombstones } from "./deletion/tombstones.ts";
import { createEmbeds } from "./embeds/embeds.ts";
import { createCollecting } from "./operations/collecting.ts";
import { createInvitations } from "./people/invitations.ts";
import { createPasswords } from "./people/passwords.ts";
import { createSecondFactors } from "./people/second-factor.ts";
import { findOrBind } from "./people/subjects.ts";
import { createThrottle } from "./people/throttle.ts";
import { createSqliteRegistry } from "./registry/registry-sqlite.ts";
import { createSalts } from "./salts.ts";
import { createMonthlyEvents } from "./shares/monthly-events.ts";
import { createRates } from "./shares/rates.ts";
import { createRegistryShares } from "./shares/registry-shares.ts";
import { countingRandom, fakeClock, HOUR, NOON, totpOf } from "./testing.ts";
import { createRegistryVersions } from "./versions/registry-versions.ts";
import { createRegistryVisitTable } from "./visits/table.ts";
import { createVisits } from "./visits/visits.ts";

/** A real registry that notes what is written, in the order of the writing. */
function notingRegistry(clock: { now(): number }) {
  const real = createSqliteRegistry({ path: ":memory:", clock });
  const written: string[] = [];
  const note = (key: { partition: string; sort: string }, value: unknown, options: object = {}) =>
    void written.push(`${key.partition} / ${key.sort}\n  ${JSON.stringify(value)}\n  ${JSON.stringify(options)}`);
  const registry: Registry = {
    ...real,
    put: (key, value, options) => (note(key, value, options), real.put(key, value, options)),
    claimMany: (claims) => {
      for (const { key, value, expiresAt } of claims) note(key, value, { expiresAt });
      return real.claimMany(claims);
    },
    delete: (key) => (void written.push(`${key.partition} / ${key.sort}\n  deleted`), real.delete(key)),
  };
  return { registry, written };
}

type Parts = { registry: Registry; clock: ReturnType<typeof fakeClock>; random: ReturnType<typeof countingRandom> };
const month = { identity: 11, timestamp: 11 };
const filter = { kind: "all", of: [] } as const;

const KEEPERS: Readonly<Record<string, (parts: Parts) => Promise<unknown>>> = {
  "projects and keys": async (parts) => {
    const { projects, keys, accessKeys, organisationKeys } = createAccess(parts);
    const { id } = await projects.create({ name: " Shop ", timezone: "europe/berlin" });
    await projects.update(id, { name: "Market", wholeAddresses: true });
    for (const kind of ["write", "read", "master"] as const) await keys.create(id, kind);
    const [first] = await keys.list(id);
    await keys.revoke(id, first?.id ?? "");
    const { key } = await accessKeys.create(id, { name: "k", active: true, permitted: ["queries"], options: {} });
    await accessKeys.update(id, key, { active: false });
    await accessKeys.delete(id, key);
    const made = await organisationKeys.create(" ops ");
    await organisationKeys.revoke(made.id);
  },
  people: async (parts) => {
    const { people, sessions } = createAccess(parts);
    const { id } = await people.create({ email: "Ada@Example.com", name: "Ada", roles: { "*": "viewer" } });
    await people.setRole(id, "p", "analyst");
    const { record } = await sessions.open({ person: id, method: "password", agent: "Firefox" } as never);
    await sessions.revoke(id, record.id);
    await createPasswords(parts).delete(id);
    const invitations = createInvitations(parts);
    const invited = await invitations.create({ email: "bob@example.com", roles: {}, invitedBy: id });
    await invitations.take(invited.id);
    await findOrBind(
      parts.registry,
      { issuer: "https://id.example", subject: "7", email: "ada@example.com", name: "Ada" },
      () => people.byEmail("ada@example.com"),
      (each) => people.get(each),
    );
    const throttle = createThrottle(parts);
    await throttle.begin([{ name: "ada", most: 3 }]);
    await throttle.succeeded("ada");
    const factors = createSecondFactors(parts);
    const { secret } = await factors.begin(id, { issuer: "Millrace", account: "ada" });
    await factors.confirm(id, totpOf(secret, parts.clock.now()));
    await factors.remove(id);
    await people.remove(id);
  },
  "embeds and links": async (parts) => {
    const readClaims = () => ({ operations: ["view"], filter, rules: {} }) as never;
    const { keys, shareLinks } = createEmbeds({ ...parts, readClaims });
    const { key } = await keys.create("a".repeat(24));
    await keys.revokeToken("a".repeat(24), "t1");
    await keys.revoke("a".repeat(24), key.id);
    const { link } = await shareLinks.create("a".repeat(24), {
      name: "l",
      lifeMs: HOUR,
      claims: {},
      password: undefined,
    } as never);
    await shareLinks.revoke("a".repeat(24), link.id);
  },
  "what is measured and forbidden": async (parts) => {
    const { registry, clock } = parts;
    await createCollecting(parts).pause("ada");
    await createCollecting(parts).resume();
    await createRates(parts).take("p", 5);
    const shares = createRegistryShares({ ...parts, newId: () => "lease" });
    await (await shares.enter("p"))?.leave(120);
    await createMonthlyEvents({ ...parts, accepted: async () => [{ hour: NOON - 5 * HOUR, count: 7 }] as never }).used(
      "p",
    );
    await createRegistryVersions(parts).moved(["p", "p", "q"]);
    await createAudit(parts).record({
      who: { kind: "command", id: "c", name: "ops" },
      what: "project.change",
      project: "p",
      target: "p",
      after: { password: "x", name: "y" },
    });
    await createClaims(parts).claimMany([
      { project: "p", collection: "c", token: "t", provenance: { batch: "b", ordinal: 3 } },
    ]);
    const tombstones = createTombstones(parts);
    const tombstone = await tombstones.add({ project: "p", collection: "c", until: NOON } as never);
    await tombstones.addProperty({ project: "p", collection: "c", property: "plan" } as never);
    await tombstones.settle(tombstone);
    await tombstones.noteOpen("p", false);
    await tombstones.noteErased("p");
    await createSalts(parts).prepare({ id: "p", timezone: "Europe/Berlin" });
    clock.advance(72 * HOUR);
    await createSalts(parts).purge({ id: "p" });
    const visits = createVisits({ table: createRegistryVisitTable(registry, clock), random: parts.random });
    const at = clock.now();
    await visits.touch({ project: "p", visitors: ["v1"], from: at, to: at, pageViews: ["a"], entry: {} });
    await visits.touch({
      project: "p",
      visitors: ["v2", "v1"],
      from: at,
      to: at,
      pageViews: ["b"],
      entry: {},
      person: "ada",
    } as never);
  },
  "names of properties": async (parts) => {
    const catalogue = createCatalogue(parts);
    const sightings = [{ collection: "orders", path: "price", kind: "number" } as const];
    await catalogue.admit("p", sightings, month, ["orders"]);
    await catalogue.admit("p", [...sightings, { collection: "orders", path: "plan", kind: "string" }], month, [
      "orders",
    ]);
  },
};

// A process of the version before reads what this one writes, and the other way round: a place or a form that is another one by
// mistake would lose all that is kept there.
test.each(Object.entries(KEEPERS))("where and how %s are kept is as it was reviewed", async (what, keep) => {
  const clock = fakeClock();
  const { registry, written } = notingRegistry(clock);
  onTestFinished(() => registry.close());
  await keep({ registry, clock, random: countingRandom() });
  // The points of a key pair are made by the system.
  const text = written.join("\n").replaceAll(/"(x|y)":"[\w-]{43}"/g, '"$1":"POINT"');
  await expect(`${text}\n`).toMatchFileSnapshot(`kept/${what.replaceAll(" ", "-")}.snap`);
});
