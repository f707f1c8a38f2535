import { expect, test } from "vitest";
import { createAccess } from "../authenticate.ts";
import { systemRandom } from "../system.ts";
import { breakableRegistry, fakeClock } from "../testing.ts";
import { createProjectAdministration } from "./projects.ts";

const BY = { who: { kind: "organisation", id: "o1", name: "deploy" }, from: "203.0.113.7" } as const;
const NOBODYS = "0".repeat(24);

function setUp() {
  const clock = fakeClock();
  const access = createAccess({ registry: breakableRegistry(clock).registry, clock, random: systemRandom });
  const administration = createProjectAdministration(access, systemRandom, () => clock.now());
  /** What the log has, the newest first. */
  const log = async (project?: string) =>
    (await access.audit.search({ project })).entries.map(({ who, from, what, project, target, before, after }) => ({
      who,
      from,
      what,
      project,
      target,
      before,
      after,
    }));
  return { access, administration, clock, log };
}

test("a project is made with a zone or without, and each of its three keys is in the log by its id", async () => {
  const { access, administration, log } = setUp();
  const { project, writeKey, readKey, masterKey } = await administration.create(BY, { name: "Shop" });
  expect(project.timezone).toBe("UTC");
  const elsewhere = await administration.create(BY, { name: "Blog", timezone: "Europe/Berlin" });
  expect(elsewhere.project.timezone).toBe("Europe/Berlin");
  const ids = await Promise.all(
    [masterKey, readKey, writeKey].map(async (key) => (await access.keys.find(project.id, key))?.id),
  );
  const entry = { ...BY, project: project.id };
  expect(await log(project.id)).toEqual([
    { ...entry, what: "key.create", target: ids[0], after: { kind: "master" } },
    { ...entry, what: "key.create", target: ids[1], after: { kind: "read" } },
    { ...entry, what: "key.create", target: ids[2], after: { kind: "write" } },
    { ...entry, what: "project.create", target: "Shop", after: { name: "Shop", timezone: "UTC" } },
  ]);
  expect(new Set(ids).size).toBe(3);
});

test("of a change only what is different is in the log, and what changes nothing is not", async () => {
  const { administration, log } = setUp();
  const { project } = await administration.create(BY, { name: "Shop" });
  const before = (await log()).length;
  const changed = await administration.change(BY, {
    project: project.id,
    name: "Store",
    origins: ["https://a.example"],
  });
  expect(changed).toMatchObject({ name: "Store", origins: ["https://a.example"] });
  const [entry] = await log(project.id);
  expect(entry).toEqual({
    ...BY,
    what: "project.change",
    project: project.id,
    target: "Store",
    before: { name: "Shop" },
    after: { name: "Store", origins: ["https://a.example"] },
  });
  expect(await administration.change(BY, { project: project.id, name: "Store" })).toEqual(changed);
  expect(await log()).toHaveLength(before + 1);
});

test("archiving and its end, and what stands before a project, are in the log without the secret", async () => {
  const { administration, clock, log } = setUp();
  const { project } = await administration.create(BY, { name: "Shop" });
  expect((await administration.archive(BY, project.id, true)).archivedAt).toBe(clock.now());
  expect((await administration.archive(BY, project.id, false)).archivedAt).toBeUndefined();
  const { secret } = await administration.trustProxies(BY, {
    project: project.id,
    addresses: ["10.0.0.0/8"],
    secret: true,
  });
  await administration.trustProxies(BY, { project: project.id, addresses: [], secret: false });
  const entry = { ...BY, project: project.id };
  const entries = await log(project.id);
  expect(entries.slice(0, 4)).toEqual([
    {
      ...entry,
      what: "project.trust-proxies",
      before: { addresses: ["10.0.0.0/8"], hasSecret: true },
      after: { addresses: [], hasSecret: false },
    },
    {
      ...entry,
      what: "project.trust-proxies",
      before: { addresses: [], hasSecret: false },
      after: { addresses: ["10.0.0.0/8"], hasSecret: true },
    },
    { ...entry, what: "project.restore", target: "Shop" },
    { ...entry, what: "project.archive", target: "Shop" },
  ]);
  expect(JSON.stringify(entries)).not.toContain(secret);
});

test("a kind has two keys at most, and the one that is revoked is the one that was named", async () => {
  const { access, administration, log } = setUp();
  const { project } = await administration.create(BY, { name: "Shop" });
  const second = await administration.createKey(BY, project.id, "read");
  await expect(administration.createKey(BY, project.id, "read")).rejects.toThrow("There are 2 active read keys");
  expect(await administration.revokeKey(BY, project.id, second.id)).toMatchObject({ id: second.id, kind: "read" });
  expect(await access.keys.find(project.id, second.key)).toBeUndefined();
  expect((await log(project.id))[0]).toEqual({
    ...BY,
    what: "key.revoke",
    project: project.id,
    target: second.id,
    before: { kind: "read" },
  });
});

test("an organisation's key is in the log by its name, in no project's", async () => {
  const { access, administration, log } = setUp();
  const made = await administration.createOrganisationKey(BY, "deploy from CI");
  await administration.revokeOrganisationKey(BY, made.id);
  expect(await log()).toEqual([
    { ...BY, what: "organisation-key.revoke", target: made.id, before: { name: "deploy from CI" } },
    { ...BY, what: "organisation-key.create", target: made.id, after: { name: "deploy from CI" } },
  ]);
  expect(await access.organisationKeys.list()).toEqual([]);
});

test("of a project that is not there nothing is changed", async () => {
  const { administration, log } = setUp();
  for (const change of [
    () => administration.change(BY, { project: NOBODYS, name: "x" }),
    () => administration.archive(BY, NOBODYS, true),
    () => administration.trustProxies(BY, { project: NOBODYS, addresses: [] }),
    () => administration.createKey(BY, NOBODYS, "read"),
    () => administration.revokeKey(BY, NOBODYS, "x"),
  ]) {
    await expect(change()).rejects.toMatchObject({ code: "ResourceNotFoundError" });
  }
  expect(await log()).toEqual([]);
});
