import { expect, test } from "vitest";
import type { Principal } from "../principal.ts";
import { systemRandom } from "../system.ts";
import { breakableRegistry, fakeClock, HOUR, NOON } from "../testing.ts";
import { AUDIT_DAYS, createAudit, type Change } from "./audit.ts";

const ADA: Principal = { kind: "person", id: "p1", name: "Ada@Example.com" };
const KEY: Principal = { kind: "key", id: "k1", name: "master key" };

function setUp() {
  const clock = fakeClock();
  const { registry, state } = breakableRegistry(clock);
  const audit = createAudit({ registry, clock, random: systemRandom });
  const record = async (change: Partial<Change>) => {
    await audit.record({ who: ADA, what: "project.change", project: "shop", ...change });
    clock.advance(HOUR);
  };
  const whats = async (question: Parameters<typeof audit.search>[0] = {}) =>
    (await audit.search(question)).entries.map(({ what, target }) => `${what} ${target ?? ""}`.trim());
  return { clock, registry, state, audit, record, whats };
}

test("the newest come first, found by project, by who, by what and by time", async () => {
  const { record, whats } = setUp();
  await record({ what: "project.create", target: "a" });
  await record({ what: "key.create", target: "b", who: KEY });
  await record({ what: "key.revoke", target: "c", project: "blog" });
  await record({ what: "person.invite", target: "d", project: undefined });
  expect(await whats()).toEqual(["person.invite d", "key.revoke c", "key.create b", "project.create a"]);
  expect(await whats({ project: "shop" })).toEqual(["key.create b", "project.create a"]);
  expect(await whats({ who: "ada@" })).toEqual(["person.invite d", "key.revoke c", "project.create a"]);
  expect(await whats({ who: "k1" })).toEqual(["key.create b"]);
  expect(await whats({ what: "key" })).toEqual(["key.revoke c", "key.create b"]);
  expect(await whats({ from: NOON + HOUR, to: NOON + 2 * HOUR })).toEqual(["key.create b"]);
});

test("pages go on where the one before ended, also over entries that do not fit", async () => {
  const { record, audit } = setUp();
  for (let i = 0; i < 7; i++) await record({ target: String(i), who: i % 2 === 0 ? ADA : KEY });
  const seen: (string | undefined)[] = [];
  for (let after: string | undefined, pages = 0; pages < 9; pages++) {
    const page = await audit.search({ who: "ada", limit: 2, after });
    seen.push(...page.entries.map(({ target }) => target));
    after = page.next;
    if (after === undefined) break;
  }
  expect(seen).toEqual(["6", "4", "2", "0"]);
});

test("what opens a door is not in the log, at any depth", async () => {
  const { record, registry } = setUp();
  await record({
    before: { name: "Shop", readKey: "SECRET-1", proxies: { secretHash: "SECRET-2", addresses: ["10.0.0.1"] } },
    after: { list: [{ password: "SECRET-3", api_key: "SECRET-4" }], name: "Store" },
  });
  const kept = JSON.stringify(await registry.list("audit-log:all"));
  expect(kept).not.toContain("SECRET");
  for (const word of ["Shop", "Store", "10.0.0.1"]) expect(kept).toContain(word);
});

test("entries end by themselves, and one that cannot be written is no success", async () => {
  const { record, whats, clock, state } = setUp();
  await record({});
  expect(await whats()).toHaveLength(1);
  clock.advance(AUDIT_DAYS * 24 * HOUR);
  expect(await whats()).toEqual([]);
  state.down = true;
  await expect(record({})).rejects.toThrow("down on purpose");
});
