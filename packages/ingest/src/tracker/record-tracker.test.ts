import { identityTime, isEventId, LIMITS, messageWeight } from "@millrace/core";
import { HOUR, MINUTE, NOON } from "@millrace/access/testing";
import { describe, expect, test } from "vitest";
import { ADDRESS, BROWSER, ingestUnderTest, outcome } from "../http/testing.ts";

const DAY = 24 * HOUR;
/** A document load that began ten seconds before noon. */
const LOADED = NOON - 10_000;
const LOAD = `${LOADED.toString(16)
  .padStart(12, "0")
  .replace(/^(.{8})/, "$1-")}-7abc-8def-0123456789ab`;
const PAGE = { q: 1, n: "pageviews", t: 0, g: 1, u: "https://shop.example/p?utm_source=x&secret=1#top", T: "Title" };

/** A batch as the tracker sends it, with the right key. */
const batch = (key: string, events: object[], more: object = {}) => ({
  v: 1,
  k: key,
  i: LOAD,
  s: NOON,
  a: 0,
  c: { l: "en-GB", z: "Europe/Paris", w: [1512, 982, 1440, 789], r: "https://www.google.com/search?q=private" },
  e: events,
  ...more,
});

test("a batch is answered 202 once it is queued as one message, with everything known of the page", async () => {
  const { track, queue, events, keys, project } = await ingestUnderTest();
  const response = await track(
    batch(keys.write, [
      PAGE,
      { q: 2, n: "clicks", t: 0, g: 1, x: "https://other.example/out?id=5", p: { button: "buy" } },
      { q: 3, n: "engagement", t: 0, g: 1, m: 1500 },
      { q: 4, n: "pageviews", t: 0, g: 2, u: "/next", T: "Next" },
      { q: 5, n: "widgets", t: 0, g: 2, w: "poll-7", V: "2.1", P: "footer", a: "loaded", L: 120, p: { choice: 2 } },
      { q: 6, n: "late", t: 0, g: 1 },
    ]),
    { referer: "https://shop.example/p", origin: "https://shop.example" },
  );
  expect([response.status, await response.json()]).toEqual([202, { refused: [] }]);
  expect(queue.messages).toHaveLength(1);
  const [envelope] = queue.envelopes();
  expect(envelope).toMatchObject({ project: project.id, request: { route: "/v1/e" } });
  const shared = { language: "en-GB", screen: "1512x982" };
  const first = { page_host: "shop.example", page_path: "/p", page_query: "utm_source=x", utm_source: "x" };
  const widget = {
    widget: "poll-7",
    widget_version: "2.1",
    widget_placement: "footer",
    widget_action: "loaded",
    widget_ms: 120,
  };
  const next = { page_host: "shop.example", page_path: "/next", page_title: "Next" };
  expect(events()).toMatchObject([
    { collection: "pageviews", context: { ...shared, ...first, page_title: "Title", visit_page: 1 } },
    { properties: { button: "buy" }, context: { ...first, target: "https://other.example/out" } },
    { properties: {}, context: { ...first, engaged_ms: 1500 } },
    { context: { ...next, visit_page: 2 } },
    { properties: { choice: 2 }, context: { ...next, ...widget } },
    { context: first },
  ]);
  expect(events().map((event) => event.id)).toEqual([1, 2, 3, 4, 5, 6].map((q) => `${LOAD.replaceAll("-", "")}.${q}`));
  expect(events().every((event) => isEventId(event.id) && identityTime(event.id) === LOADED)).toBe(true);
  expect(events()[0]?.raw).toEqual({
    ip: "203.0.113.0",
    userAgent: BROWSER,
    timezone: "Europe/Paris",
    referrer: "https://www.google.com/search",
    url: "https://shop.example/p?utm_source=x",
    visit: { url: "https://shop.example/p?utm_source=x", referrer: "https://www.google.com/search" },
  });
  expect(queue.messages[0]?.body).not.toMatch(/203\.0\.113\.77|private|secret/);
});

test("a page that its site tells apart by parameters or a fragment has them in its path; nothing else of either is kept", async () => {
  const { track, events, keys } = await ingestUnderTest();
  const route = { u: "https://shop.example/app?utm_source=x&secret=1#top", r: "?p=5#/cart" };
  await track(
    batch(keys.write, [
      { ...PAGE, ...route },
      { ...PAGE, q: 2, g: 2, u: "", r: "#/cart" },
      { ...PAGE, q: 3, g: 3, r: "x".repeat(1_001) },
    ]),
  );
  expect(events().map(({ context, raw }) => [context?.page_path, context?.utm_source, raw?.url])).toEqual([
    ["/app?p=5#/cart", "x", "https://shop.example/app?utm_source=x"],
    [undefined, undefined, undefined],
  ]);
});

test("what the browser says of itself labels a driven one, and comes along for the enrichment", async () => {
  const { track, events, keys } = await ingestUnderTest();
  await track(batch(keys.write, [PAGE], { c: { b: true, p: 5, h: "15.0.0" } }));
  await track(batch(keys.write, [{ ...PAGE, q: 2 }], { c: { b: "yes", p: -1, h: "x".repeat(33) } }));
  const [driven, odd] = events();
  expect(driven?.context?.bot_reasons).toEqual(["webdriver"]);
  expect(driven?.raw).toMatchObject({ touchPoints: 5, platformVersion: "15.0.0" });
  expect(odd?.context).not.toHaveProperty("bot_reasons");
  expect(odd?.raw).not.toHaveProperty("touchPoints");
  expect(odd?.raw).not.toHaveProperty("platformVersion");
});

test.each([
  ["engaged time", { m: 25 * HOUR }, { engaged_ms: 24 * HOUR }],
  ["scroll depth", { y: 130 }, { scroll: 100 }],
  ["a widget's time", { w: "poll", L: 1e300 }, { widget_ms: 24 * HOUR }],
])("%s beyond what can be is as much as can be", async (_what, sent, context) => {
  const { track, events, keys } = await ingestUnderTest();
  await track(batch(keys.write, [{ ...PAGE, ...sent }]));
  expect(events()[0]?.context).toMatchObject(context);
});

test("a retry keeps ids, visit and page numbers", async () => {
  const { track, queue, keys, clock } = await ingestUnderTest();
  const events = [PAGE, { ...PAGE, q: 2, g: 2 }];
  await track(batch(keys.write, events));
  clock.advance(5_000);
  await track(
    batch(
      keys.write,
      events.map((event) => ({ ...event, t: 5_000 })),
      { s: NOON + 5_000, a: 1 },
    ),
  );
  const [first, second] = queue.envelopes();
  expect(second?.events).toEqual(first?.events);
  expect(second?.batch).not.toBe(first?.batch);
});

describe("time", () => {
  const timeOf = async (sentAt: number, age: number) => {
    const { track, events, keys } = await ingestUnderTest();
    await track(batch(keys.write, [{ ...PAGE, t: age }], { s: sentAt }));
    return (events()[0]?.timestamp ?? 0) - NOON;
  };
  test.each([
    ["a clock right within a minute is believed", -MINUTE, 500, -MINUTE - 500],
    ["a clock ahead by less than a minute cannot reach the future", MINUTE, 0, 0],
    ["a clock 3 days slow is corrected", -3 * DAY, 500, -500],
    ["a clock years ahead is corrected", 1_000 * DAY, 500, -500],
    ["an event that waited an hour keeps its age", 0, HOUR, -HOUR],
    ["more than a week is cut to a week", 0, 30 * DAY, -LIMITS.trackerPastMs],
    ["parts of milliseconds are cut", 0, 0.25, -1],
  ])("%s", async (_what, skew, age, expected) => {
    expect(await timeOf(NOON + skew, age)).toBe(expected);
  });
});

describe("the identity of a load from a wrong clock", () => {
  const LEAD = LIMITS.trackerFutureMs;
  const loadAt = (time: number) =>
    `${time
      .toString(16)
      .padStart(12, "0")
      .replace(/^(.{8})/, "$1-")}-7abc-8def-0123456789ab`;
  /** The ids of one event, sent at each of these times by our clock, by a clock that is ahead by `skews[i]`. */
  const idsOf = async (loadedAt: number, attempts: readonly { after: number; skew: number }[]) => {
    const { track, events, keys, clock } = await ingestUnderTest();
    for (const [a, { after, skew }] of attempts.entries()) {
      clock.set(NOON + after);
      const response = await track(batch(keys.write, [PAGE], { i: loadAt(loadedAt), s: NOON + after + skew, a }));
      expect(response.status).toBe(202);
    }
    return events().map((event) => event.id);
  };
  const RANDOM_PART = "7abc8def0123456789ab.1";

  test.each([
    ["right", 0, true],
    ["a year behind", -365 * DAY, true],
    ["a day ahead", DAY, true],
    ["a day and a half ahead", LEAD, true],
    ["a little more ahead", LEAD + 1, false],
    ["months ahead", 100 * DAY, false],
    ["as far ahead as an id can tell", 2 ** 48 - 1 - NOON, false],
  ])("%s: never a time that is more than a day and a half ahead, and the event is kept", async (_what, skew, kept) => {
    const [id] = await idsOf(NOON + skew, [{ after: 0, skew }]);
    expect(id).toBe((kept ? (NOON + skew).toString(16).padStart(12, "0") : "000000000000") + RANDOM_PART);
    expect(isEventId(id ?? "")).toBe(true);
  });

  test.each([
    ["just within the border", LEAD - 1],
    ["just beyond it", LEAD + 1],
    ["beyond it by less than the client waits", LEAD + HOUR],
    ["far beyond it", 100 * DAY],
  ])("%s: every attempt has the same id, however late it comes", async (_what, skew) => {
    const attempts = [0, 1_000, HOUR, 2 * HOUR, 40 * HOUR].map((after) => ({ after, skew }));
    const ids = await idsOf(NOON + skew, attempts);
    expect(ids).toHaveLength(attempts.length);
    expect(new Set(ids).size).toBe(1);
  });

  test("a clock that is set right between two attempts changes nothing", async () => {
    const ids = await idsOf(NOON + 100 * DAY, [
      { after: 0, skew: 100 * DAY },
      { after: HOUR, skew: 0 },
    ]);
    expect(new Set(ids).size).toBe(1);
  });

  test("two loads that lose their times are still two", async () => {
    const { track, events, keys } = await ingestUnderTest();
    const wrong = { s: NOON + 100 * DAY };
    await track(batch(keys.write, [PAGE], { ...wrong, i: loadAt(NOON + 100 * DAY) }));
    await track(batch(keys.write, [PAGE], { ...wrong, i: loadAt(NOON + 100 * DAY).replace("0123", "4567") }));
    expect(new Set(events().map((event) => event.id)).size).toBe(2);
  });
});

describe("visitor", () => {
  const visitorOf = async (more: object = {}, headers: Record<string, string> = {}, options = {}) => {
    const ingest = await ingestUnderTest(options);
    await ingest.track(batch(ingest.keys.write, [PAGE], more), headers);
    return { ...ingest, context: ingest.events()[0]?.context };
  };

  test("is the same for one address and agent on one day, another on the next, and no address can be told from it", async () => {
    const { track, keys, events, clock, queue } = await ingestUnderTest();
    const send = (q: number, headers = {}) => track(batch(keys.write, [{ ...PAGE, q }], { s: clock.now() }), headers);
    await send(1);
    await send(2);
    await send(3, { "user-agent": "another" });
    clock.advance(DAY);
    await send(4);
    const [a, b, c, d] = events().map((event) => event.context?.visitor);
    expect(a).toMatch(/^[\w-]{22}$/);
    expect(b).toBe(a);
    expect(new Set([a, c, d]).size).toBe(3);
    expect(JSON.stringify(queue.messages)).not.toContain(ADDRESS);
  });

  test("is made from the whole address, not from the cut one", async () => {
    const addresses = ["203.0.113.1", "203.0.113.2"];
    const { track, keys, events } = await ingestUnderTest({ peerAddress: () => addresses.shift() });
    await track(batch(keys.write, [PAGE]));
    await track(batch(keys.write, [PAGE]));
    const [a, b] = events();
    expect(a?.raw?.ip).toBe(b?.raw?.ip);
    expect(a?.context?.visitor).not.toBe(b?.context?.visitor);
  });

  test("identified, it is the same on every day and device", async () => {
    const { track, keys, events, clock } = await ingestUnderTest();
    await track(batch(keys.write, [PAGE], { d: { id: "u1" } }));
    clock.advance(DAY);
    await track(batch(keys.write, [{ ...PAGE, q: 9 }], { d: { id: "u1" }, s: clock.now() }), { "user-agent": "other" });
    const [a, b] = events().map((event) => event.context);
    expect(a?.user_id).toBe("u1");
    expect(b?.visitor).toBe(a?.visitor);
    expect(a?.visitor).not.toContain("u1");
  });

  test("Sec-GPC: 1 means no visitor and no visit; the event is kept", async () => {
    const { context, events } = await visitorOf({}, { "sec-gpc": "1" });
    expect(events()).toHaveLength(1);
    expect(context).not.toHaveProperty("visitor");
    expect(context).not.toHaveProperty("visit_id");
  });

  test("a forwarded address counts only when it is trusted, and then only what the proxy added", async () => {
    const headers = {
      "x-forwarded-for": "198.51.100.1, 192.0.2.9",
      "cloudfront-viewer-address": "[2001:db8:1:2::3]:443",
    };
    const ipOf = async (trustProxy?: "cloudfront" | number) => {
      const options = trustProxy === undefined ? {} : { trustProxy };
      return (await visitorOf({}, headers, options)).events()[0]?.raw?.ip;
    };
    expect(await ipOf()).toBe("203.0.113.0");
    expect(await ipOf(1)).toBe("192.0.2.0");
    expect(await ipOf(2)).toBe("198.51.100.0");
    expect(await ipOf("cloudfront")).toBe("2001:db8:1::");
  });

  test.each([
    ["203.0.113.9:50123", "203.0.113.0"],
    ["[2001:db8:1:2::3]:443", "2001:db8:1::"],
    ["unknown", "192.0.2.0"],
    ["_hidden, ", "192.0.2.0"],
    ["not an address", "192.0.2.0"],
  ])("a proxy that forwards %j: an address is read or the connection's counts, never none", async (forwarded, cut) => {
    const options = { trustProxy: 1, peerAddress: () => "192.0.2.9" };
    const { context, events } = await visitorOf({}, { "x-forwarded-for": forwarded }, options);
    expect(events()[0]?.raw?.ip).toBe(cut);
    expect([context?.visitor, context?.visit_page]).toEqual([expect.stringMatching(/^[\w-]{22}$/), 1]);
  });

  test("geo headers of CloudFront are believed only from CloudFront", async () => {
    const headers = { "cloudfront-viewer-country": "PL", "cloudfront-viewer-city": "Warsaw" };
    expect((await visitorOf({}, headers)).events()[0]?.raw).not.toHaveProperty("country");
    const trusted = await visitorOf({}, headers, { trustProxy: "cloudfront" });
    expect(trusted.events()[0]?.raw).toMatchObject({ country: "PL", city: "Warsaw" });
  });
});

describe("when something behind ingest fails", () => {
  test("visits: the events are kept, in a visit of their own", async () => {
    const down = () => Promise.reject(new Error("down on purpose"));
    const visits = { touch: down, running: down };
    const { track, keys, events } = await ingestUnderTest({ visits });
    expect((await track(batch(keys.write, [PAGE, { ...PAGE, q: 2 }]))).status).toBe(202);
    expect(events().map((event) => event.context?.visit_page)).toEqual([1, 2]);
    expect(events()[0]?.context?.visit_id).toMatch(/^[0-9a-f]{32}$/);
  });

  test("the registry: known write keys record on, with the visitor as before", async () => {
    const { track, keys, events, registryState, clock } = await ingestUnderTest();
    await track(batch(keys.write, [PAGE]));
    registryState.down = true;
    clock.advance(10 * MINUTE);
    expect((await track(batch(keys.write, [PAGE]))).status).toBe(202);
    expect(events()[1]?.context?.visitor).toBe(events()[0]?.context?.visitor);
  });

  test("the registry before the day's salt was read: the event is kept without a visitor", async () => {
    const { track, keys, events, registryState } = await ingestUnderTest();
    await track(batch(keys.write, [PAGE]), { "sec-gpc": "1" });
    registryState.down = true;
    expect((await track(batch(keys.write, [PAGE]))).status).toBe(202);
    expect(events()).toHaveLength(2);
    expect(events()[1]?.context).not.toHaveProperty("visitor");
  });

  test("the queue: 503 with Retry-After, nothing promised", async () => {
    const { track, keys, queue } = await ingestUnderTest();
    queue.state.refuses = true;
    const response = await track(batch(keys.write, [PAGE]));
    expect(response.headers.get("retry-after")).toBe("1");
    expect(await outcome(response)).toEqual([503, "ServiceUnavailable"]);
  });
});

describe("what a sender gave up", () => {
  const lostOf = (refused: readonly { reason: string; events: number }[]) =>
    refused.filter(({ reason }) => reason === "lost").map(({ events }) => events);

  test("is counted for its project once the batch that tells of it is accepted, not when that is refused and comes again", async () => {
    const { track, keys, queue, refused, project } = await ingestUnderTest();
    const telling = batch(keys.write, [PAGE], { l: 7 });
    queue.state.refuses = true;
    expect((await track(telling)).status).toBe(503);
    expect((await track(batch(keys.write, [{ ...PAGE, n: "$bad" }], { l: 7 }))).status).toBe(400);
    expect(lostOf(refused)).toEqual([]);
    queue.state.refuses = false;
    expect((await track(telling)).status).toBe(202);
    expect(refused.at(-1)).toEqual({ project: project.id, reason: "lost", events: 7, at: NOON });
    expect(lostOf(refused)).toEqual([7]);
  });

  test.each([
    [0, []],
    [1e9, [100_000]],
    [-1, []],
    [1.5, []],
    ["7", []],
    [null, []],
  ])("as %j counts %j, and the events are taken all the same", async (l, counted) => {
    const { track, keys, events, refused } = await ingestUnderTest();
    expect((await track(batch(keys.write, [PAGE], { l }))).status).toBe(202);
    expect(events()).toHaveLength(1);
    expect(lostOf(refused)).toEqual(counted);
  });
});

describe("bad input", () => {
  test("a bad event harms only itself: 202, the others queued, the refusal counted and told", async () => {
    const { track, keys, events, refused, project } = await ingestUnderTest();
    const bad = [
      5,
      null,
      { ...PAGE, q: -1 },
      { ...PAGE, q: 1.5 },
      { ...PAGE, t: -1 },
      { ...PAGE, n: "$bad" },
      { ...PAGE, n: 7 },
      { ...PAGE, u: "x".repeat(10_000) },
      { ...PAGE, m: -1 },
      { ...PAGE, p: { "a.b": 1 } },
      { ...PAGE, p: { keen: { timestamp: "2001-01-01" } } },
      { ...PAGE, p: [] },
    ];
    const good = [PAGE, { ...PAGE, q: 2 }];
    const response = await track(batch(keys.write, [good[0], ...bad, good[1]] as object[]));
    expect(response.status).toBe(202);
    expect(events().map((event) => event.id.split(".")[1])).toEqual(["1", "2"]);
    expect(refused).toHaveLength(bad.length);
    expect(new Set(refused.map((refusal) => refusal.project))).toEqual(new Set([project.id]));
    const told = ((await response.json()) as { refused: Record<string, unknown>[] }).refused;
    expect(told.map(({ index }) => index)).toEqual(bad.map((_, index) => index + 1));
    expect(told.map(({ error_code }) => error_code)).toEqual(refused.map(({ reason }) => reason));
    expect(told[5]).toEqual({
      index: 6,
      error_code: "InvalidCollectionNameError",
      message: "$bad: The collection name may hold printable ASCII characters without $ only.",
    });
  });

  test("all events bad: 400 with the first reason and each one's own, all counted, nothing queued", async () => {
    const { track, keys, queue, refused } = await ingestUnderTest();
    const response = await track(
      batch(keys.write, [
        { ...PAGE, n: "$a" },
        { ...PAGE, t: -1 },
      ]),
    );
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error_code: "InvalidCollectionNameError",
      refused: [
        { index: 0, error_code: "InvalidCollectionNameError" },
        { index: 1, error_code: "InvalidEventError" },
      ],
    });
    expect(queue.messages).toEqual([]);
    expect(refused.map(({ reason, events }) => [reason, events])).toEqual([
      ["InvalidCollectionNameError", 1],
      ["InvalidEventError", 1],
    ]);
  });

  test.each([
    ["not JSON", "{", 400, "InvalidJSONError"],
    ["another version", { v: 2 }, 400, "InvalidBatchError"],
    ["no load id", { i: undefined }, 400, "InvalidBatchError"],
    ["a random (v4) load id", { i: "9f86d081-884c-4d65-9a2f-eaa0c55ad015" }, 400, "InvalidBatchError"],
    ["no events", { e: [] }, 400, "InvalidBatchError"],
    ["a wrong key", { k: "bad" }, 401, "InvalidApiKeyError"],
    ["an empty key", { k: "" }, 401, "InvalidApiKeyError"],
  ])("%s", async (_what, change, status, code) => {
    const { track, keys, queue } = await ingestUnderTest();
    const body = typeof change === "string" ? change : batch(keys.write, [PAGE], change);
    expect(await outcome(await track(body))).toEqual([status, code]);
    expect(queue.messages).toEqual([]);
  });

  test("a read or master key does not record here: it must not stand in a page", async () => {
    const { track, keys } = await ingestUnderTest();
    for (const key of [keys.read, keys.master]) expect((await track(batch(key, [PAGE]))).status).toBe(401);
  });

  test("bad context is left out, the event kept", async () => {
    const { track, keys, events } = await ingestUnderTest();
    await track(batch(keys.write, [PAGE], { c: { l: 5, z: null, w: "x", r: "javascript:alert(1)" }, d: 5 }));
    expect(events()[0]?.context).not.toHaveProperty("language");
    expect(events()[0]?.raw).not.toHaveProperty("referrer");
  });

  test("is over the limit: 413, so that the tracker splits it", async () => {
    const { track } = await ingestUnderTest();
    expect(await outcome(await track(" ".repeat(LIMITS.messageBytes + 1)))).toEqual([413, "RequestEntityTooLarge"]);
  });

  test("properties called __proto__ arrive and pollute nothing", async () => {
    const { track, keys, events } = await ingestUnderTest();
    const text = JSON.stringify(batch(keys.write, [{ ...PAGE, p: { x: 1 } }])).replace('"x":1', '"__proto__":{"y":1}');
    expect((await track(text)).status).toBe(202);
    expect(JSON.stringify(events()[0]?.properties)).toBe('{"__proto__":{"y":1}}');
    expect({}).not.toHaveProperty("y");
  });
});

describe("a request of a kilobyte that would become megabytes", () => {
  const LONG = "x".repeat(9_999);
  const many = (event: object) => Array.from({ length: 499 }, (_, q) => ({ q, n: "clicks", t: 0, g: 0, ...event }));

  test("what its events share is kept once, within limits that mean something", async () => {
    const { track, queue, keys, events } = await ingestUnderTest();
    const hostile = {
      c: { l: LONG, z: LONG, w: [1, 1], r: `https://a.example/${LONG}` },
      d: { id: LONG },
    };
    const page = { q: 1_000, n: "pageviews", t: 0, g: 0, u: `/${LONG.slice(0, 2_000)}`, T: LONG };
    const body = JSON.stringify(batch(keys.write, [page, ...many({})], hostile));
    const response = await track(body, { "user-agent": LONG });
    expect(response.status).toBe(202);
    expect(events()[1]).toMatchObject({
      context: { page_title: "x".repeat(LIMITS.titleChars) },
      raw: { userAgent: "x".repeat(LIMITS.userAgentChars) },
    });
    for (const gone of ["language", "user_id"]) expect(events()[1]?.context).not.toHaveProperty(gone);
    for (const gone of ["timezone", "referrer"]) expect(events()[1]?.raw).not.toHaveProperty(gone);
    const weight = messageWeight(queue.messages[0]?.body ?? "");
    expect(weight).toBeLessThan(LIMITS.unpackedBytes);
    expect(weight).toBeGreaterThan(500 * 5_000);
    expect(queue.messages[0]?.body.length).toBeLessThan(100_000);
  });

  test("beyond the budget of what it unpacks to it is refused before it is put together, and every event counted", async () => {
    const { post, queue, refused } = await ingestUnderTest();
    const body = { c: Array.from({ length: 5_000 }, () => ({})) };
    const page = `https://shop.example/${"p".repeat(1_900)}?utm_source=${"s".repeat(100)}`;
    expect(await outcome(await post("", body, { referer: page }))).toEqual([413, "RequestEntityTooLarge"]);
    expect(queue.messages).toEqual([]);
    expect(refused).toMatchObject([{ reason: "RequestEntityTooLarge", events: 5_000 }]);
  });
});
