import { createSqliteRegistry } from "@millrace/access";
import {
  decodeEnvelope,
  MillraceError,
  PROPERTY_QUOTA,
  REPLAY_VERSION,
  type Exception,
  type OutgoingMessage,
} from "@millrace/core";
import { createReferenceStore } from "@millrace/core/contract";
import { randomBytes } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { createTestApp, NOW } from "../../test/setup.ts";

const RECEIVED = NOW - 60_000;
const MINUTE = 60_000;

interface Found {
  readonly events: readonly { readonly batch: string; readonly ordinal: number; readonly raw: unknown }[];
  readonly after: string | null;
}

/** Some accepted events that were rejected, over a store that keeps them; what is sent again is caught before its queue. */
async function setUp({ timeLeft, refuses }: { timeLeft?: number; refuses?: () => boolean } = {}) {
  const store = createReferenceStore();
  const sent: OutgoingMessage[] = [];
  const send = async (message: OutgoingMessage) => {
    if (refuses?.()) throw new MillraceError("ServiceUnavailable", "The queue is full.");
    sent.push(message);
  };
  const t = await createTestApp(
    (deps) => ({
      ...deps,
      rejected: { source: store, queue: { send } },
      ...(timeLeft !== undefined && { timeLeft: () => timeLeft }),
    }),
    PROPERTY_QUOTA,
    async (clock) => ({ store, registry: createSqliteRegistry({ path: ":memory:", clock }) }),
  );
  onTestFinished(() => t.close());
  const reject = (...events: readonly Partial<Exception>[]) =>
    store.recordExceptions(
      events.map((parts, ordinal) => ({
        batch: "b1",
        ordinal,
        project: t.shop.id,
        collection: "clicks",
        receivedAt: RECEIVED,
        outcome: "rejected",
        reason: "mapping",
        detail: "There is no place for it.",
        raw: JSON.stringify({ collection: "clicks", properties: { n: ordinal } }),
        ...parts,
      })),
    );
  return {
    t,
    reject,
    sent,
    envelopes: () => sent.map(({ body }) => decodeEnvelope(body)),
    find: async (query = "") => (await t.send<Found>("GET", `/rejected/events?${query}`)).body,
    replay: async (body: object) => (await t.send<Record<string, unknown>>("POST", "/rejected/replay", { body })).body,
  };
}

const numbers = ({ events }: Found) => events.map(({ ordinal }) => ordinal);

test("they are shown as they were accepted: as the object that they are, as text, or not at all", async () => {
  const { reject, find } = await setUp();
  await reject({}, { raw: "{ cut off" }, { raw: "[1]" }, { raw: null });
  const { events, after } = await find();
  expect(events.map(({ raw }) => raw)).toEqual([
    null,
    "[1]",
    "{ cut off",
    { collection: "clicks", properties: { n: 0 } },
  ]);
  expect(after).toBeNull();
  expect(events[3]).toEqual({
    batch: "b1",
    ordinal: 0,
    collection: "clicks",
    reason: "mapping",
    detail: "There is no place for it.",
    received_at: new Date(RECEIVED).toISOString(),
    raw: expect.anything() as unknown,
  });
});

test("they are found by text in what they are and in what was wrong, whatever its case, by reason, collection and time", async () => {
  const { t, reject, find } = await setUp();
  await reject(
    { raw: '{"who":"ADA and ÄDA"}' },
    { raw: null, detail: "Ada has no place." },
    { raw: null, reason: "too-late" },
    { collection: "visits" },
    { receivedAt: NOW - 48 * 60 * MINUTE },
    { receivedAt: NOW },
    { outcome: "duplicate" },
    { project: "another" },
  );
  const by = async (query: string) => numbers(await find(query)).toSorted((a, b) => a - b);
  expect(await by("text=aDA")).toEqual([0, 1]);
  // Letters beyond ASCII keep their case, as in a filter.
  expect(await by(`text=${encodeURIComponent("äda")}`)).toEqual([]);
  expect(await by(`text=${encodeURIComponent("ÄdA")}`)).toEqual([0]);
  expect(await by("text=null")).toEqual([]);
  expect(await by("reason=too-late")).toEqual([2]);
  expect(await by("collection=visits")).toEqual([3]);
  expect(await by("timeframe=previous_2_days&timezone=UTC")).toEqual([4]);
  // Without a time it is all there is, up to this very millisecond.
  expect(await by("")).toEqual([0, 1, 2, 3, 4, 5]);
  expect((await t.get<Found>("/rejected/events")).status).toBe(401);
});

test("a page goes on after the last one it showed, through many of them, and by text after the last one it looked at", async () => {
  const { reject, find } = await setUp();
  await reject(...Array.from({ length: 120 }, (_, i) => ({ detail: i % 50 === 0 ? "rare" : "often" })));
  const first = await find();
  expect(numbers(first)).toEqual(Array.from({ length: 50 }, (_, i) => 119 - i));
  const second = await find(`limit=70&after=${first.after}`);
  expect([numbers(second), second.after]).toEqual([Array.from({ length: 70 }, (_, i) => 69 - i), null]);
  expect((await find(`limit=69&after=${first.after}`)).after).not.toBeNull();
  const rare = await find("text=rare&limit=2");
  expect([numbers(rare), numbers(await find(`text=rare&after=${rare.after}`))]).toEqual([[100, 50], [0]]);
  expect(numbers(await find("limit=500"))).toHaveLength(120);
});

test("a search by text looks through two thousand and says where it stopped", async () => {
  const { reject, find } = await setUp();
  await reject(...Array.from({ length: 2_060 }, (_, i) => ({ detail: i === 40 ? "rare" : "often" })));
  const first = await find("text=rare");
  expect(first.events).toEqual([]);
  const second = await find(`text=rare&after=${first.after}`);
  expect([numbers(second), second.after]).toEqual([[40], null]);
});

test("they are counted by reason and collection, fifty at most, each with when it began and the newest of them", async () => {
  const { t, reject } = await setUp();
  const groups = async (query = "") =>
    (await t.send<{ groups: readonly object[]; complete: boolean }>("GET", `/rejected?${query}`)).body;
  await reject({ receivedAt: RECEIVED - MINUTE }, {}, { collection: "visits", reason: "too-late" });
  const at = (ms: number) => new Date(ms).toISOString();
  const clicks = {
    reason: "mapping",
    collection: "clicks",
    count: 2,
    first_at: at(RECEIVED - MINUTE),
    last_at: at(RECEIVED),
  };
  expect(await groups()).toEqual({
    groups: [
      { ...clicks, sample: expect.objectContaining({ batch: "b1", ordinal: 1, received_at: at(RECEIVED) }) as unknown },
      expect.objectContaining({ reason: "too-late", collection: "visits", count: 1 }),
    ],
    complete: true,
  });
  expect(await groups("collection=visits")).toMatchObject({ groups: [{ count: 1 }], complete: true });
  await reject(...Array.from({ length: 50 }, (_, i) => ({ batch: "b2", collection: `c${i}`, reason: "mapping" })));
  const many = await groups("reason=mapping");
  expect([many.groups.length, many.complete]).toEqual([50, false]);
});

test.each<readonly [method: string, path: string, message: RegExp]>([
  ["GET", "/rejected?text=x", /^"text" is not a parameter of rejected events/],
  ["GET", "/rejected/events?limit=0", /^limit: /],
  ["GET", "/rejected/events?limit=501", /^limit: /],
  ["GET", "/rejected/events?limit=1.5", /^limit: /],
  ["GET", `/rejected/events?text=${"x".repeat(301)}`, /^text: /],
  ["GET", `/rejected/events?after=${"x".repeat(2_001)}`, /^after: /],
  ["GET", "/rejected/events?after=nowhere", /^after: this is not what an earlier answer has told\.$/],
  ...[
    [1, "b"],
    [1, "", 1],
    [1, "b", -1],
    [1, "b", 0x8000_0000],
    [8.64e15 + 2, "b", 1],
    [-8.64e15 - 2, "b", 1],
    [0.5, "b", 1],
  ].map((place) => ["GET", `/rejected/events?after=${placeOf(place)}`, /^after: this is not/] as const),
  ["GET", "/rejected/events?colection=clicks", /collection/],
  ["POST", "/rejected/replay", /^send: /],
])("%s %s is refused by name", async (method, path, message) => {
  const { t, sent } = await setUp();
  const { status, body } = await t.send(method, path, method === "POST" ? { body: { send: "yes" } } : {});
  expect([status, body.message, sent]).toEqual([400, expect.stringMatching(message), []]);
});

function placeOf(parts: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

test("the farthest places that an answer may have told are good", async () => {
  const { find } = await setUp();
  for (const place of [
    [8.64e15, "b", 0],
    [-8.64e15, "b", 0x7fff_ffff],
  ]) {
    expect(await find(`after=${placeOf(place)}`)).toEqual({ events: [], after: null });
  }
});

test("they are sent again as they were accepted: those of a request together, each at its place, and counted by nobody again", async () => {
  const { t, reject, replay, sent, envelopes } = await setUp();
  await reject({}, { raw: null }, { raw: "[1]" });
  await reject({ batch: "b2", receivedAt: RECEIVED - MINUTE });
  await reject({ batch: "b3", collection: "visits" });
  const asked = { collection: "clicks" };
  expect(await replay(asked)).toEqual({ found: 4, without_raw: 1, sent: 0, after: null });
  expect(await replay({ ...asked, send: false })).toMatchObject({ sent: 0 });
  expect(sent).toEqual([]);
  expect(await replay({ ...asked, send: true })).toEqual({ found: 4, without_raw: 1, sent: 3, after: null });
  const common = { v: REPLAY_VERSION, project: t.shop.id, instance: "replay", sequence: 0, accepted: 0 };
  const request = { function: "manage", coldStart: false, durationMs: 0, route: "replay", bytes: 0 };
  const click = { collection: "clicks", properties: { n: 0 } };
  expect(envelopes()).toEqual([
    {
      ...common,
      batch: "b1",
      receivedAt: RECEIVED,
      request: { ...request, executionId: "b1" },
      ordinals: [2, 0],
      events: [[1], click],
    },
    {
      ...common,
      batch: "b2",
      receivedAt: RECEIVED - MINUTE,
      request: { ...request, executionId: "b2" },
      ordinals: [0],
      events: [click],
    },
  ]);
  expect(sent.map(({ group, accepted }) => ({ group, accepted }))).toEqual([
    { group: t.shop.id, accepted: { receivedAt: RECEIVED, events: 0 } },
    { group: t.shop.id, accepted: { receivedAt: RECEIVED - MINUTE, events: 0 } },
  ]);
  const { entries } = await t.access.audit.search({ project: t.shop.id, what: "rejected" });
  expect(entries).toEqual([
    expect.objectContaining({
      what: "rejected.replay",
      target: t.shop.id,
      after: { asked, found: 4, without_raw: 1, sent: 3, after: null },
    }),
  ]);
});

test("what is too large for one message is halved, in its order", async () => {
  const { reject, replay, envelopes } = await setUp();
  // Text that does not become smaller packed: two of them are too much for a message, and one is not.
  const raw = () => JSON.stringify({ properties: { text: randomBytes(300_000).toString("base64") } });
  await reject({ raw: raw() }, { raw: raw() }, { raw: raw() }, { raw: raw() }, { raw: raw() });
  expect(await replay({ send: true })).toMatchObject({ found: 5, sent: 5 });
  const ordinals = envelopes().map((each) => each.ordinals ?? []);
  expect(ordinals.flat()).toEqual([4, 3, 2, 1, 0]);
  expect(ordinals.length).toBeGreaterThan(1);
});

test("a queue that refuses is told, and what was not sent is not said to be", async () => {
  let left = 1;
  const { t, reject, replay, sent } = await setUp({ refuses: () => left-- <= 0 });
  await reject({}, { batch: "b2" });
  expect(await replay({ send: true })).toMatchObject({ error_code: "ServiceUnavailable" });
  expect(sent).toHaveLength(1);
  expect((await t.access.audit.search({ project: t.shop.id, what: "rejected" })).entries).toEqual([]);
});

test("where the time is short it stops after a page and says where to go on", async () => {
  const { reject, replay, envelopes } = await setUp({ timeLeft: 8_000 });
  await reject(...Array.from({ length: 70 }, () => ({})));
  const first = await replay({ send: true });
  expect(first).toMatchObject({ found: 50, sent: 50, after: expect.any(String) as string });
  expect(await replay({ send: true, after: first["after"] })).toEqual({
    found: 20,
    without_raw: 0,
    sent: 20,
    after: expect.any(String),
  });
  expect(envelopes().flatMap(({ ordinals }) => ordinals)).toEqual(Array.from({ length: 70 }, (_, i) => 69 - i));
});

test("where there are none to be read there are no routes", async () => {
  const t = await createTestApp(
    (deps) =>
      Object.fromEntries(Object.entries(deps).filter(([name]) => name !== "rejected")) as unknown as typeof deps,
  );
  onTestFinished(() => t.close());
  expect((await t.send("GET", "/rejected")).status).toBe(404);
});
