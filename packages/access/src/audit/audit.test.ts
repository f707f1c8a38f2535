import { expect, test } from "vitest";
import type { Principal } from "../principal.ts";
import { systemRandom } from "../system.ts";
import { breakableRegistry, fakeClock, HOUR, NOON } from "../testing.ts";
import { AUDIT_DAYS, createAudit, type AuditEntry, type Change } from "./audit.ts";

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

test("the beginning of the time asked about is in it, its end is not, and what concerns no project is in none's", async () => {
  const { record, whats } = setUp();
  for (const target of ["a", "b", "c", "d"]) await record({ target, ...(target === "c" && { project: undefined }) });
  expect(await whats({ from: NOON + HOUR })).toEqual(["project.change d", "project.change c", "project.change b"]);
  expect(await whats({ to: NOON + 2 * HOUR })).toEqual(["project.change b", "project.change a"]);
  expect(await whats({ project: "undefined" })).toEqual([]);
});

test("what one request changed within a millisecond stays in its order", async () => {
  const { audit, whats } = setUp();
  const many = Array.from({ length: 12 }, (_, i) => `${i}`);
  for (const target of many) await audit.record({ who: ADA, what: "key.create", target });
  expect(await whats()).toEqual(many.toReversed().map((target) => `key.create ${target}`));
});

test("fifty entries are answered where nobody says how many, and never more than five hundred", async () => {
  const { audit } = setUp();
  for (let i = 0; i < 501; i++) await audit.record({ who: ADA, what: "key.create" });
  const length = async (limit?: number) => (await audit.search({ limit })).entries.length;
  expect([await length(), await length(3), await length(10_000)]).toEqual([50, 3, 500]);
});

test("what fits is found behind five hundred that do not, and a search that has looked long enough says where to go on", async () => {
  const { audit, registry, state } = setUp();
  await audit.record({ who: KEY, what: "key.create", target: "oldest" });
  const [oldest] = await registry.list<AuditEntry>("audit-log:all");
  if (!oldest) throw new Error("nothing was written");
  // Newer ones: their sort keys come before, in rows of their own.
  const entry = { ...oldest.value, who: ADA, what: "project.change", target: "newer" };
  const put = (i: number) =>
    registry.put({ partition: "audit-log:all", sort: `0-${String(i).padStart(6, "0")}` }, entry);
  for (let i = 0; i < 1_000; i++) await put(i);
  expect(await audit.search({ who: "k1" })).toEqual({ entries: [oldest.value] });

  for (let i = 1_000; i < 10_000; i++) await put(i);
  const reads = state.reads;
  const page = await audit.search({ who: "k1" });
  expect(page).toEqual({ entries: [], next: "0-009999~" });
  expect(state.reads - reads).toBe(20);
  expect(await audit.search({ who: "k1", after: page.next })).toEqual({ entries: [oldest.value] });
});

test("only names that end as a secret's do are taken for one, and what is long is cut and says so", async () => {
  const { audit } = setUp();
  const lists = { keys: "none", keyKind: "read", hashed: "no" };
  const text = (chars: number) => ({ text: "x".repeat(chars - '{"text":""}'.length) });
  await audit.record({ who: ADA, what: "a.b", before: { ...lists, API_KEY: "s", token: 5 }, after: { cookie: "s" } });
  await audit.record({ who: ADA, what: "a.c", before: text(4_000), after: text(4_001) });
  const [cut, shown] = (await audit.search()).entries;
  expect(shown).toMatchObject({ before: { ...lists, API_KEY: "…", token: 5 }, after: { cookie: "…" } });
  expect(cut?.before).toEqual(text(4_000));
  expect(cut?.after).toEqual({ cut: true, characters: 4_001 });
});
