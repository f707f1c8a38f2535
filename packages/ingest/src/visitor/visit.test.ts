import { HOUR, MINUTE, NOON } from "@millrace/access/testing";
import { describe, expect, test } from "vitest";
import { ingestUnderTest } from "../http/testing.ts";
import { identifiedVisitor } from "./visitor.ts";

const MIDNIGHT = NOON + 12 * HOUR;
const LOAD = "0019a2f5e1c07abc8def0123456789ab";
let sequence = 0;

/** Ingest with a tracker whose requests happen when they say they do. */
async function visiting(options: Parameters<typeof ingestUnderTest>[0] = {}) {
  const ingest = await ingestUnderTest(options);
  /** One request, sent at `at`; each event says how long ago it happened. */
  const send = async (at: number, events: object[], more: object = {}, headers: Record<string, string> = {}) => {
    ingest.clock.set(at);
    const e = events.map((event) => ({
      q: ++sequence,
      n: "pageviews",
      t: 0,
      g: 1,
      u: "https://shop.example/p",
      ...event,
    }));
    const body = { v: 1, k: ingest.keys.write, i: LOAD, s: at, a: 0, c: {}, e, ...more };
    expect((await ingest.track(body, headers)).status).toBe(202);
  };
  const seen = () =>
    ingest.events().map(({ context, raw }) => ({
      visitor: context?.visitor,
      visit: context?.visit_id,
      page: context?.visit_page,
      came: raw?.visit,
    }));
  const different = (name: "visitor" | "visit") => new Set(seen().map((event) => event[name])).size;
  return { ...ingest, send, seen, different };
}

const CLICK = { n: "clicks", u: undefined };

describe("one person is one visitor of a day", () => {
  test("views before midnight that are sent after it, and a click that comes two days late, are the same visitor's", async () => {
    const { send, seen } = await visiting();
    await send(MIDNIGHT - 10_000, [{}]);
    await send(MIDNIGHT + 3_000, [{ t: 5_000 }]);
    await send(MIDNIGHT + 47 * HOUR, [{ ...CLICK, t: 47 * HOUR + 7_000 }]);
    expect(new Set(seen().map(({ visitor }) => visitor)).size).toBe(1);
    expect(seen()[0]?.visitor).toMatch(/^[\w-]{22}$/);
  });

  test("an event of a day whose salt is over has no visitor rather than a wrong one; the event is kept", async () => {
    const { send, seen, project, refused } = await visiting();
    await send(MIDNIGHT - 10_000, [{}]);
    expect(refused).toEqual([]);
    const at = MIDNIGHT + 49 * HOUR;
    await send(at, [{ t: 49 * HOUR + 5_000 }, {}]);
    // Whoever reads unique visitors can see that some are not among them.
    expect(refused).toEqual([{ project: project.id, reason: "no_visitor", events: 1, at }]);
    const [first, late, today] = seen();
    expect(late).toEqual({ visitor: undefined, visit: undefined, page: undefined, came: undefined });
    expect(today?.visitor).toBeDefined();
    expect(today?.visitor).not.toBe(first?.visitor);
  });
});

test("who wants no id, and who says who it is, is not missed as a visitor", async () => {
  const { send, seen, refused } = await visiting();
  const late = [{ t: 49 * HOUR }];
  await send(MIDNIGHT + 49 * HOUR, late, {}, { "sec-gpc": "1" });
  await send(MIDNIGHT + 49 * HOUR, late, { d: { id: "u1" } });
  expect(seen().map(({ visitor }) => visitor)).toEqual([undefined, expect.any(String)]);
  expect(refused).toEqual([]);
});

test("a page's event for Keen's route whose day is over is counted too; a server's has nobody to miss", async () => {
  const { clock, post, project, refused } = await visiting();
  const event = { keen: { timestamp: new Date(MIDNIGHT - 100 * HOUR).toISOString() } };
  const at = clock.now();
  expect((await post("/late", event)).status).toBe(201);
  expect(refused).toEqual([]);
  expect((await post("/late", event, { origin: "https://shop.example" })).status).toBe(201);
  expect(refused).toEqual([{ project: project.id, reason: "no_visitor", events: 1, at }]);
});

describe("a visit", () => {
  test("that crosses midnight stays one, in one request or in two; each day has its own visitor", async () => {
    const { send, seen, different } = await visiting();
    await send(MIDNIGHT - MINUTE, [{}]);
    await send(MIDNIGHT + MINUTE, [{ t: 90_000 }, {}]);
    await send(MIDNIGHT + 25 * MINUTE, [{}]);
    expect(seen().map(({ page }) => page)).toEqual([1, 2, 3, 4]);
    expect(different("visit")).toBe(1);
    expect(different("visitor")).toBe(2);
    expect(seen()[1]?.visitor).toBe(seen()[0]?.visitor);
  });

  test.each([
    ["logging in", [undefined, "u1", "u1"]],
    ["logging out", ["u1", undefined, undefined]],
    ["both", [undefined, "u1", undefined]],
  ])("stays one visit of one visitor through %s", async (_what, users) => {
    const { send, seen, different, events } = await visiting();
    for (const [index, id] of users.entries())
      await send(NOON + index * MINUTE, [{}], id === undefined ? {} : { d: { id } });
    expect(seen().map(({ page }) => page)).toEqual([1, 2, 3]);
    expect([different("visit"), different("visitor")]).toEqual([1, 1]);
    expect(events().map(({ context }) => context?.user_id)).toEqual(users);
  });

  test("goes on while a page is read for longer than half an hour, and its time is its own", async () => {
    const { send, seen, different } = await visiting();
    await send(NOON, [{}]);
    await send(NOON + 45 * MINUTE, [{ n: "engagement", u: undefined, m: 45 * MINUTE }]);
    await send(NOON + 46 * MINUTE, [CLICK]);
    expect(different("visit")).toBe(1);
    expect(seen()[0]?.visit).toBeDefined();
  });

  test("is begun and prolonged by page views and engaged time only; other events are told which one runs", async () => {
    const { send, seen, registryState } = await visiting();
    await send(NOON, [CLICK]);
    const writes = registryState.writes;
    expect(seen()[0]).toMatchObject({ visit: undefined, came: undefined });
    await send(NOON + MINUTE, [{}]);
    expect(registryState.writes).toBe(writes + 1);
    await send(NOON + 30 * MINUTE, [CLICK, CLICK]);
    expect(registryState.writes).toBe(writes + 1);
    await send(NOON + 32 * MINUTE, [CLICK]);
    const [, view, ...clicks] = seen();
    expect(clicks.map(({ visit }) => visit)).toEqual([view?.visit, view?.visit, undefined]);
  });

  test("says on all its events where it came from, and no later page changes that", async () => {
    const { send, seen } = await visiting();
    const google = { c: { r: "https://www.google.com/search?q=private" } };
    const entry = { url: "https://shop.example/p?utm_campaign=may", referrer: "https://www.google.com/search" };
    await send(NOON, [{ u: "https://shop.example/p?utm_campaign=may&token=1" }], google);
    await send(NOON + MINUTE, [{ u: "https://shop.example/cart" }], { c: { r: "https://shop.example/p" } });
    await send(NOON + 2 * MINUTE, [{ n: "purchases", u: undefined, p: { total: 5 } }]);
    expect(seen().map(({ came }) => came)).toEqual([entry, entry, entry]);
  });

  test("events of one request count by their times, in whatever order they are sent", async () => {
    const { send, seen } = await visiting();
    await send(
      NOON,
      [0, 10 * HOUR - MINUTE, 10 * HOUR].map((t) => ({ t })),
    );
    expect(seen().map(({ page }) => page)).toEqual([1, 2, 1]);
    const [now, second, first] = seen().map(({ visit }) => visit);
    expect([second === first, now === first]).toEqual([true, false]);
  });

  test("after hours offline a request holds several, each with its own pages", async () => {
    const { send, seen } = await visiting();
    const ages = [10 * HOUR, 10 * HOUR - MINUTE, 5 * HOUR, 0];
    await send(
      NOON,
      ages.map((t) => ({ t })),
    );
    expect(seen().map(({ page }) => page)).toEqual([1, 2, 1, 1]);
    const [a, b, c, d] = seen().map(({ visit }) => visit);
    expect(b).toBe(a);
    expect(new Set([a, c, d]).size).toBe(3);
  });
});

describe("made up on purpose", () => {
  test("hundreds of silences in one request cost a few look-ups, and every event is kept", async () => {
    const { send, events, registryState } = await visiting();
    await send(NOON, [{}]);
    const before = registryState.reads + registryState.writes;
    await send(
      NOON + MINUTE,
      Array.from({ length: 200 }, (_, i) => ({ t: i * 31 * MINUTE })),
    );
    expect(events()).toHaveLength(201);
    expect(registryState.reads + registryState.writes - before).toBeLessThan(40);
  });

  test("a visit port that fails takes nothing from who says who it is", async () => {
    const fails = () => Promise.reject(new Error("out of order"));
    const { send, seen, project } = await visiting({ visits: { touch: fails, running: fails } });
    await send(NOON, [{}, CLICK], { d: { id: "user-1" } });
    const person = identifiedVisitor(project, "user-1");
    expect(seen().map(({ visitor }) => visitor)).toEqual([person, person]);
  });

  test("a visit port that says nothing gives new visits, not a hanging answer", async () => {
    const silent = () => new Promise<never>(() => {});
    const { send, seen } = await visiting({ visits: { touch: silent, running: silent } });
    await send(NOON, [{}, CLICK]);
    await send(NOON + MINUTE, [CLICK]);
    const [view, click, alone] = seen();
    expect(view).toMatchObject({ page: 1, visit: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(click?.visit).toBe(view?.visit);
    expect(alone?.visit).toBeUndefined();
  });
});
