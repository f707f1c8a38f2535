import { isEventId, identityTime, LIMITS } from "@millrace/core";
import { NOON } from "@millrace/access/testing";
import { describe, expect, test } from "vitest";
import { gzipSync } from "node:zlib";
import { ADDRESS, BROWSER, ingestUnderTest, outcome } from "../http/testing.ts";

describe("one event", () => {
  test("is answered 201 in Keen's words and queued as one message with everything the collector needs", async () => {
    const { post, queue, project } = await ingestUnderTest();
    const response = await post("/purchases", { price: 5, customer: { name: "Ada" } });
    expect([response.status, await response.json()]).toEqual([201, { created: true }]);
    expect(queue.messages).toMatchObject([{ group: project.id, accepted: { receivedAt: NOON, events: 1 } }]);
    const [envelope] = queue.envelopes();
    expect(envelope).toMatchObject({
      v: 2,
      project: project.id,
      receivedAt: NOON,
      instance: "test",
      sequence: 1,
      accepted: 1,
      request: { function: "ingest", route: "/3.0/projects/:project/events/:collection", bytes: 37 },
      events: [{ collection: "purchases", timestamp: NOON, properties: { price: 5, customer: { name: "Ada" } } }],
    });
    expect(envelope?.batch).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(isEventId(envelope?.events[0]?.id ?? "")).toBe(true);
  });

  test("its id starts with its own time, or else with the time of receipt", async () => {
    const { post, events } = await ingestUnderTest();
    await post("/c", { keen: { timestamp: "2015-05-17T10:05:03.5+02:00" } });
    await post("/c", {});
    expect(events().map((event) => [event.timestamp, identityTime(event.id)])).toEqual([
      [Date.UTC(2015, 4, 17, 8, 5, 3, 500), Date.UTC(2015, 4, 17, 8, 5, 3, 500)],
      [NOON, NOON],
    ]);
  });

  test("the ids of a request's events are in its order: stores give back what has one time by its ids", async () => {
    const { post, events } = await ingestUnderTest();
    await post("", { b: Array.from({ length: 40 }, () => ({})), a: [{}, {}] });
    const ids = events().map(({ id }) => id);
    expect(ids).toHaveLength(42);
    expect(ids.toSorted()).toEqual(ids);
  });

  test.each([
    ["User%20posts.new", "User posts.new"],
    ["a%2Fb", "a/b"],
    ["a+b%2Bc", "a+b+c"],
    ["100%25", "100%"],
    ["a%252Fb", "a%2Fb"],
  ])("path segment %s is the collection %s", async (segment, collection) => {
    const { post, events } = await ingestUnderTest();
    expect((await post(`/${segment}`, {})).status).toBe(201);
    expect(events()[0]?.collection).toBe(collection);
  });

  test("is read whatever its content type says, gzipped too, with or without a byte order mark", async () => {
    const { post, events } = await ingestUnderTest();
    await post("/c", '{"n":1}', { "content-type": "text/plain;charset=UTF-8" });
    await post("/c", gzipSync('{"n":2}'), { "content-encoding": "gzip" });
    await post("/c", '\uFEFF{"n":3}');
    expect(events().map((event) => event.properties["n"])).toEqual([1, 2, 3]);
  });

  test("keeps what Keen keeps under keen, takes out the rest, and hands tokens and add-ons over", async () => {
    const { post, events } = await ingestUnderTest();
    const addons = [
      { name: "keen:ip_to_geo", input: { ip: "ip_address", remove_ip_property: true }, output: "geo" },
      { name: "keen:url_parser", input: { url: "url.full" }, output: "url.info" },
    ];
    await post("/c", {
      ip_address: "203.0.113.1",
      url: { full: "https://shop.example/" },
      keen: {
        timestamp: "2026-11-22",
        id: "mine",
        created_at: "2001-01-01",
        location: { coordinates: [21.01, -0] },
        uniqueness_token: "order-7",
        addons,
      },
    });
    expect(events()[0]).toMatchObject({
      timestamp: Date.UTC(2026, 10, 22),
      uniquenessToken: "order-7",
      addons,
      properties: { keen: { location: { coordinates: [21.01, 0] }, uniqueness_token: "order-7" } },
    });
    expect(Object.keys(events()[0]?.properties["keen"] ?? {})).toEqual(["location", "uniqueness_token"]);
    expect(events()[0]?.id).not.toBe("mine");
  });

  const urlAddons = (count: number, output: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => ({ name: "keen:url_parser", input: { url: "url" }, output: output(at) }));

  test.each([
    ["reads", "x".repeat(9_900), urlAddons(50, (at) => `o${at}`), "read more than 65536 characters"],
    ["levels", "x", urlAddons(1, () => "a.b.c.d.e.f.g.h.i"), "has 9 levels; 8 are possible"],
    ["a path", "x", urlAddons(1, () => `${"a".repeat(250)}.${"b".repeat(250)}`), 'needs a property path "output"'],
    ["a name", "x", urlAddons(1, () => "a".repeat(256)), "longer than 255 characters"],
    ["a blank name", "x", urlAddons(1, () => "a. .b"), "is blank"],
    ["half a character", "x", urlAddons(1, () => "a\ud800"), 'needs a property path "output"'],
  ])(
    "add-ons that make more of an event than an event may be are refused by name: %s",
    async (_, url, addons, said) => {
      const { post, queue } = await ingestUnderTest();
      const response = await post("/c", { url, keen: { addons } });
      expect([response.status, await response.json()]).toEqual([
        400,
        { error_code: "InvalidPropertyValueError", message: expect.stringContaining(said) as string },
      ]);
      expect(queue.messages).toEqual([]);
    },
  );

  test("a bulk that fits, and whose add-ons would make far more of it, is refused as too large", async () => {
    const { post, queue } = await ingestUnderTest();
    const event = { url: `http://a/${"\u5b57".repeat(1_000)}`, keen: { addons: urlAddons(50, (at) => `o${at}`) } };
    const bulk = (count: number) => post("", { c: Array.from({ length: count }, () => event) });
    expect((await bulk(300)).status).toBe(413);
    expect(queue.messages).toEqual([]);
    expect((await bulk(100)).status).toBe(200);
  });

  test("five thousand events with the four add-ons of Keen's tracker still fit one request", async () => {
    const { post } = await ingestUnderTest();
    const addons = [
      { name: "keen:url_parser", input: { url: "url" }, output: "page.info" },
      { name: "keen:url_parser", input: { url: "from" }, output: "referrer.info" },
      { name: "keen:referrer_parser", input: { referrer_url: "from", page_url: "url" }, output: "referrer.info" },
      { name: "keen:ua_parser", input: { ua_string: "agent" }, output: "tech" },
    ];
    const url = `https://shop.example/a/page/of/usual/length?utm_source=news&utm_medium=mail`;
    const event = { url, from: url, agent: BROWSER, keen: { addons } };
    expect((await post("", { c: Array.from({ length: 5_000 }, () => event) })).status).toBe(200);
  });

  test("placeholders are replaced at any depth, by the cut address and never the whole one", async () => {
    const { post, queue } = await ingestUnderTest();
    const body = { ip: "${keen.ip}", geo: { list: ["${keen.ip}"] }, ua: "${keen.user_agent}", not: "x ${keen.ip}" };
    await post("/c", body, { "user-agent": "curl/8" });
    expect(queue.envelopes()[0]?.events[0]?.properties).toEqual({
      ip: "203.0.113.0",
      geo: { list: ["203.0.113.0"] },
      ua: "curl/8",
      not: "x ${keen.ip}",
    });
    expect(queue.messages[0]?.body).not.toContain(ADDRESS);
  });

  test("a project may choose whole addresses; what we keep of the sender ourselves stays cut", async () => {
    const { post, events, access, project } = await ingestUnderTest();
    await access.projects.update(project.id, { wholeAddresses: true });
    await post("/c", { ip: "${keen.ip}" }, { "user-agent": BROWSER, referer: "https://shop.example/a" });
    expect(events()[0]).toMatchObject({ properties: { ip: ADDRESS }, raw: { ip: "203.0.113.0" } });
  });

  test("text is made well-formed, -0 becomes 0, of repeated names the last wins, NUL passes", async () => {
    const { post, events } = await ingestUnderTest();
    await post("/c", '{"a":"x\\ud800y","\\udc00":1,"z":-0,"list":[-0,"\\ud800"],"twice":1,"twice":2,"nul":"\\u0000"}');
    expect(JSON.stringify(events()[0]?.properties)).toBe(
      '{"a":"x\uFFFDy","z":0,"list":[0,"\uFFFD"],"twice":2,"nul":"\\u0000","\uFFFD":1}',
    );
  });

  test("properties called __proto__, constructor and prototype are properties and pollute nothing", async () => {
    const { post, queue } = await ingestUnderTest();
    const body =
      '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":-0}},"a":{"__proto__":"${keen.ip}"}}';
    expect((await post("/c", body)).status).toBe(201);
    expect(JSON.stringify(queue.envelopes()[0]?.events[0]?.properties)).toBe(
      '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":0}},"a":{"__proto__":"203.0.113.0"}}',
    );
    expect({}).not.toHaveProperty("polluted");
  });
});

describe("many events", () => {
  test("are answered 200 with one result each, same collections, same order; the good ones are queued as one message", async () => {
    const { post, queue, refused } = await ingestUnderTest();
    const response = await post("", {
      signups: [{ n: 1 }, { "bad.name": 1 }, 5],
      purchases: [{ n: 2 }],
      none: [],
      $bad: [{}],
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      signups: [
        { success: true },
        { success: false, error: { name: "InvalidPropertyNameError", description: expect.stringContaining("dot") } },
        { success: false, error: { name: "InvalidPropertyValueError", description: expect.any(String) } },
      ],
      purchases: [{ success: true }],
      none: [],
      $bad: [{ success: false, error: { name: "InvalidCollectionNameError", description: expect.any(String) } }],
    });
    expect(queue.envelopes().map((e) => e.events.map((event) => [event.collection, event.properties]))).toEqual([
      [
        ["signups", { n: 1 }],
        ["purchases", { n: 2 }],
      ],
    ]);
    expect(refused.map((refusal) => refusal.reason)).toEqual([
      "InvalidPropertyNameError",
      "InvalidEventError",
      "InvalidCollectionNameError",
    ]);
  });

  test("a collection called __proto__ is refused like any bad name, in the answer too", async () => {
    const { post } = await ingestUnderTest();
    const response = await post("", '{"__proto__":[{}],"good":[{}]}');
    expect(JSON.parse(await response.text())).toEqual(
      JSON.parse(
        '{"__proto__":[{"success":false,"error":{"name":"InvalidCollectionNameError","description":"The collection name starts with _."}}],"good":[{"success":true}]}',
      ),
    );
  });

  test("nothing good means nothing queued and still 200; an empty batch is answered empty", async () => {
    const { post, queue } = await ingestUnderTest();
    expect((await post("", { c: [1] })).status).toBe(200);
    expect(await (await post("", {})).json()).toEqual({});
    expect(queue.messages).toEqual([]);
  });

  test("messages of an instance are numbered and carry the running total of what the queue was offered", async () => {
    const { post, queue } = await ingestUnderTest();
    await post("", { c: [{}, {}, {}] });
    queue.state.refuses = true;
    await post("", { c: [{}, {}] });
    queue.state.refuses = false;
    await post("/c", {});
    expect(queue.envelopes().map((e) => [e.sequence, e.accepted])).toEqual([
      [1, 3],
      [3, 6],
    ]);
  });
});

describe("when the queue refuses", () => {
  test("the answer is 503 with Retry-After and CORS, nothing is promised, and the refused events are counted", async () => {
    const { post, queue, refused, project } = await ingestUnderTest();
    queue.state.refuses = true;
    const response = await post("", { c: [{}, {}] }, { origin: "https://site.example" });
    expect(response.headers.get("retry-after")).toBe("1");
    expect(response.headers.get("access-control-allow-origin")).toBe("https://site.example");
    expect(await outcome(response)).toEqual([503, "ServiceUnavailable"]);
    expect((await post("/c", {})).status).toBe(503);
    expect(queue.messages).toEqual([]);
    expect(refused).toEqual([
      { project: project.id, reason: "ServiceUnavailable", events: 2, at: NOON },
      { project: project.id, reason: "ServiceUnavailable", events: 1, at: NOON },
    ]);
  });
});

describe("a batch that takes several messages", () => {
  const noise = () => Buffer.from(crypto.getRandomValues(new Uint8Array(6_000))).toString("base64");
  const batch = (count: number) => Array.from({ length: count }, (_, n) => ({ n, noise: noise() }));

  test("is queued whole, in messages that each fit, whose totals add up", async () => {
    const { post, queue, events, project } = await ingestUnderTest();
    const response = await post("", { a: batch(500), b: batch(100) });
    expect(response.status).toBe(200);
    const { a, b } = (await response.json()) as { a: object[]; b: object[] };
    expect([a, b].map((results) => results.filter((result) => "success" in result).length)).toEqual([500, 100]);
    expect(events().map(({ collection, properties }) => [collection, properties["n"]])).toEqual([
      ...Array.from({ length: 500 }, (_, n) => ["a", n]),
      ...Array.from({ length: 100 }, (_, n) => ["b", n]),
    ]);
    expect(queue.messages.length).toBeGreaterThan(4);
    for (const { body, group } of queue.messages) {
      expect(body.length).toBeLessThanOrEqual(LIMITS.messageBytes);
      expect(group).toBe(project.id);
    }
    const envelopes = queue.envelopes();
    expect(new Set(envelopes.map((envelope) => envelope.batch)).size).toBe(envelopes.length);
    expect(envelopes.map(({ sequence }) => sequence)).toEqual(envelopes.map((_, index) => index + 1));
    expect(Math.max(...envelopes.map(({ accepted }) => accepted))).toBe(600);
  });

  test("answers each event as its message was queued; sent again, what failed is stored and nothing twice", async () => {
    const { post, queue, events, refused } = await ingestUnderTest();
    const headers = { "idempotency-key": "0190f5fe-7c00-7000-8000-000000000000" };
    const body = { a: batch(200) };
    queue.state.refusesEvery = 2;
    const { a } = (await (await post("", body, headers)).json()) as {
      a: { success: boolean; error?: { name: string } }[];
    };
    const failed = a.flatMap(({ success }, n) => (success ? [] : [n]));
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(200);
    // Not one of the three names on which Keen's mobile clients drop an event.
    for (const n of failed) expect(a[n]?.error?.name).toBe("ServiceUnavailable");
    expect(refused.length).toBe(failed.length);
    const queued = new Set(events().map((event) => event.properties["n"]));
    expect(failed.filter((n) => queued.has(n))).toEqual([]);
    expect(queued.size).toBe(200 - failed.length);
    queue.state.refusesEvery = 0;
    await post("", body, headers);
    expect(new Set(events().map((event) => event.id)).size).toBe(200);
  });

  test("of which nothing could be queued is an error to send again, with all its events counted", async () => {
    const { post, queue, refused } = await ingestUnderTest();
    queue.state.refuses = true;
    expect(await outcome(await post("", { a: batch(300) }))).toEqual([503, "ServiceUnavailable"]);
    expect(refused.map(({ events }) => events)).toEqual([300]);
  });
});

describe("who sent it", () => {
  test("a browser's event gets a visitor, its page and a visit; the whole address leaves no trace", async () => {
    const { post, queue, events } = await ingestUnderTest();
    const headers = { "user-agent": BROWSER, referer: "https://shop.example/a/b?utm_source=news&token=secret#top" };
    await post("/pageviews", {}, headers);
    await post("/pageviews", {}, headers);
    await post("/clicks", {}, headers);
    expect(events().map((event) => event.context?.visit_page)).toEqual([1, 2, undefined]);
    expect(new Set(events().map((event) => event.context?.visit_id)).size).toBe(1);
    expect(events()[0]).toMatchObject({
      context: {
        visitor: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
        page_host: "shop.example",
        page_path: "/a/b",
        page_query: "utm_source=news",
        utm_source: "news",
      },
      raw: { ip: "203.0.113.0", userAgent: BROWSER, url: "https://shop.example/a/b?utm_source=news" },
    });
    expect(JSON.stringify(queue.messages)).not.toMatch(/203\.0\.113\.77|secret/);
  });

  test("a server's events get no visitor: they would all be one", async () => {
    const { post, events } = await ingestUnderTest();
    await post("/c", {}, { "user-agent": "keen-gem" });
    expect(events()[0]).not.toHaveProperty("context");
    expect(events()[0]).not.toHaveProperty("raw");
  });

  test("Global Privacy Control: the event is kept, without visitor and visit", async () => {
    const { post, events } = await ingestUnderTest();
    await post("/pageviews", {}, { origin: "https://shop.example", "sec-gpc": "1" });
    expect(events()[0]?.context).toEqual({ page_host: "shop.example" });
  });
});

describe("a browser that names only its origin, as to another site by beacon and by default", () => {
  const beacon = { "user-agent": BROWSER, origin: "http://shop.example", referer: "http://shop.example/" };

  test("gives the event the page that the event says itself, and its visit that beginning", async () => {
    const { post, events } = await ingestUnderTest();
    // As keen-tracking's initAutoTracking sends it.
    const model = {
      url: { full: "http://shop.example/a/b?utm_source=news&token=secret" },
      referrer: { full: "https://search.example/find?q=private" },
    };
    await post("/pageviews", model, beacon);
    await post("/pageviews", { page: { url: "http://shop.example/c" } }, beacon);
    expect(events()[0]).toMatchObject({
      context: { page_host: "shop.example", page_path: "/a/b", page_query: "utm_source=news", utm_source: "news" },
      raw: {
        url: "http://shop.example/a/b?utm_source=news",
        referrer: "https://search.example/find",
        visit: { url: "http://shop.example/a/b?utm_source=news", referrer: "https://search.example/find" },
      },
    });
    expect(events()[1]).toMatchObject({
      context: { page_path: "/c", visit_id: events()[0]?.context?.visit_id },
      raw: { url: "http://shop.example/c", visit: events()[0]?.raw?.visit },
    });
  });

  test.each([
    ["says nothing", {}],
    ["says another site", { url: { full: "https://evil.example/a" } }],
    ["says another scheme", { url: { full: "https://shop.example/a" } }],
    ["says no URL", { url: { full: 5 }, page: { url: "/a" } }],
  ])("says nothing of the page of an event that %s", async (_what, event) => {
    const { post, events } = await ingestUnderTest();
    await post("/c", event, beacon);
    expect(events()[0]?.context).toMatchObject({ page_host: "shop.example" });
    expect(events()[0]?.context).not.toHaveProperty("page_path");
    expect(events()[0]?.raw).not.toHaveProperty("url");
  });

  test("a page that nobody sent anybody to has no referrer, least of all itself", async () => {
    const { post, events } = await ingestUnderTest();
    await post("/c", { url: { full: "http://shop.example/a" }, referrer: { full: "" } }, beacon);
    expect(events()[0]?.raw).toMatchObject({ url: "http://shop.example/a" });
    expect(events()[0]?.raw).not.toHaveProperty("referrer");
  });

  test("a whole address of the page stands, whatever the event says; the event knows what was before it", async () => {
    const { post, events } = await ingestUnderTest();
    const event = { url: { full: "http://shop.example/other" }, referrer: { full: "https://search.example/" } };
    await post("/c", event, { ...beacon, referer: "http://shop.example/a?ref=x" });
    expect(events()[0]).toMatchObject({
      context: { page_path: "/a", page_query: "ref=x" },
      raw: { url: "http://shop.example/a?ref=x", referrer: "https://search.example/" },
    });
  });
});

test("a row of an extraction is recorded again as a new event: what the server wrote into it is left out", async () => {
  const { post, events } = await ingestUnderTest();
  const row = {
    keen: {
      id: "018f3a5b7c20aaaaaaaaaaaa",
      timestamp: "2026-11-22T00:00:00.000Z",
      created_at: "2026-11-22T00:00:01.000Z",
    },
    $collection: "edits",
    $bot: { is: false, reasons: [] },
    $execution: { ingest: "x" },
    $page: { path: "/a" },
    $engaged_ms: 5,
    n: 1,
  };
  expect((await post("/copy", row)).status).toBe(201);
  expect(events()[0]).toMatchObject({ collection: "copy", timestamp: Date.UTC(2026, 10, 22), properties: { n: 1 } });
  expect(Object.keys(events()[0]?.properties ?? {})).toEqual(["n"]);
  expect(events()[0]?.id).not.toBe(row.keen.id);
  expect(await outcome(await post("/copy", { $mine: 1 }))).toEqual([400, "InvalidPropertyNameError"]);
});

describe("an import (master key)", () => {
  const id = "014d608c3a40aaaaaaaaaaaa";
  const context = {
    ip: "83.149.9.216",
    user_agent: BROWSER,
    url: "http://semicomplete.com/a?utm_medium=mail&x=1",
    referrer: "http://search.example/?q=private",
    title: "T",
    language: "en",
    visit_id: "v1",
    visit_page: 2,
    engaged_ms: 500,
  };

  test("brings ids and context; the visitor is of the event's own day", async () => {
    const { post, events, keys, queue } = await ingestUnderTest();
    const at = (day: number) => ({ keen: { id, timestamp: `2015-05-${day}T10:00:00Z` }, $context: context });
    await post(
      "",
      { pageviews: [at(17), at(17), at(18)] },
      { authorization: keys.master, origin: "https://x.example" },
    );
    const [first, second, third] = events();
    expect(first).toMatchObject({
      id,
      properties: {},
      context: {
        page_host: "semicomplete.com",
        page_path: "/a",
        page_query: "utm_medium=mail",
        utm_medium: "mail",
        page_title: "T",
        language: "en",
        visit_id: "v1",
        visit_page: 2,
        engaged_ms: 500,
      },
      raw: { ip: "83.149.9.0", userAgent: BROWSER, referrer: "http://search.example/" },
    });
    expect(second?.context?.visitor).toBe(first?.context?.visitor);
    expect(third?.context?.visitor).not.toBe(first?.context?.visitor);
    expect(JSON.stringify(queue.messages)).not.toMatch(/83\.149\.9\.216|private/);
  });

  test("what was done with a widget, and to what, is said as the tracker says it", async () => {
    const { post, events, keys } = await ingestUnderTest();
    const widget = {
      widget: "poll-7",
      widget_version: "2.1",
      widget_placement: "sidebar",
      widget_action: "loaded",
      widget_ms: 120,
    };
    await post("/widgets", { $context: { ...widget, target: "contact" } }, { authorization: keys.master });
    expect(events()[0]?.context).toEqual({ ...widget, target: "contact" });
  });

  test("is not possible with the write key: ids are minted, $context is a bad name", async () => {
    const { post, events } = await ingestUnderTest();
    expect(await outcome(await post("/c", { $context: context }))).toEqual([400, "InvalidPropertyNameError"]);
    await post("/c", { keen: { id } });
    expect(events().map((event) => event.id)).not.toContain(id);
  });

  test("an id from the future is refused, one by one; a day ahead is not, and neither is any past", async () => {
    const { post, keys, events, refused } = await ingestUnderTest();
    const idAt = (time: number) => `${time.toString(16).padStart(12, "0")}0123456789abcdef`;
    const limit = NOON + LIMITS.futureMs;
    const future = { keen: { id: idAt(limit + 1) } };
    const response = await post(
      "",
      { c: [future, { keen: { id: idAt(limit) } }, { keen: { id: idAt(0) } }] },
      { authorization: keys.master },
    );
    expect(response.status).toBe(200);
    const refusal = { name: "InvalidPropertyValueError", description: expect.stringContaining("keen.id") as string };
    expect(await response.json()).toEqual({
      c: [{ success: false, error: refusal }, { success: true }, { success: true }],
    });
    expect(events().map((event) => event.id)).toEqual([idAt(limit), idAt(0)]);
    expect(await outcome(await post("/c", future, { authorization: keys.master }))).toEqual([
      400,
      "InvalidPropertyValueError",
    ]);
    expect(refused).toHaveLength(2);
  });

  test.each([
    [{ keen: { id: "short" } }, "keen.id"],
    [{ $context: 5 }, "$context"],
    [{ $context: { ip: 5 } }, "$context.ip"],
    [{ $context: { visit_page: 0 } }, "$context.visit_page"],
    [{ $context: { widget_ms: -1 } }, "$context.widget_ms"],
    [{ $context: { unknown: 1 } }, "$context"],
    [{ $context: null }, "$context"],
  ])("refuses %j naming the field", async (event, field) => {
    const { post, keys } = await ingestUnderTest();
    const response = await post("/c", event, { authorization: keys.master });
    expect(await response.json()).toMatchObject({
      error_code: "InvalidPropertyValueError",
      message: expect.stringContaining(field),
    });
  });
});
