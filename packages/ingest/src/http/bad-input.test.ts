import { LIMITS } from "@millrace/core";
import { NOON } from "@millrace/access/testing";
import { describe, expect, test } from "vitest";
import { gzipSync } from "node:zlib";
import { ingestUnderTest, outcome } from "./testing.ts";

const nested = (depth: number): string => '{"a":'.repeat(depth - 1) + "{}" + "}".repeat(depth - 1);
const wide = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, i]));
const inMs = (ms: number) => ({ keen: { timestamp: new Date(NOON + ms).toISOString() } });
const addons = (...list: object[]) => ({ keen: { addons: list } });
const urlParser = (url: string, output: string) => ({ name: "keen:url_parser", input: { url }, output });
const parsing = (url: string, output: string) => addons(urlParser(url, output));
const referring = (properties: object) => ({
  ...properties,
  ...addons({ name: "keen:referrer_parser", input: { referrer_url: "r", page_url: "p" }, output: "o" }),
});
/** Looks the address in `ip` up, takes it away, and reads `next` afterwards. */
const takingAway = (next: string, output: string) =>
  addons({ name: "keen:ip_to_geo", input: { ip: "ip", remove_ip_property: true }, output }, urlParser(next, "o"));

/** Event by event: what it is, what is sent, and the error it gets; undefined for what is accepted. */
const TABLE: [what: string, body: unknown, code: string | undefined][] = [
  ["not JSON", "{", "InvalidJSONError"],
  ["nothing", "", "InvalidJSONError"],
  ["JSON with something after it", "{} {}", "InvalidJSONError"],
  ["NaN", '{"a":NaN}', "InvalidJSONError"],
  ["invalid UTF-8", Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), "InvalidJSONError"],
  ["an overlong UTF-8 form", Uint8Array.from([0x22, 0xc0, 0xaf, 0x22]), "InvalidJSONError"],
  ["a list", [], "InvalidEventError"],
  ["a text", '"x"', "InvalidEventError"],
  ["null", "null", "InvalidEventError"],
  ["an empty event", {}, undefined],
  ["nesting at the limit", nested(LIMITS.depth), undefined],
  ["nesting one deeper", nested(LIMITS.depth + 1), "InvalidEventError"],
  ["nesting 100,000 deep", nested(100_000), "InvalidEventError"],
  ["lists nested 100,000 deep", `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, "InvalidEventError"],
  ["a name with a dot", { "a.b": 1 }, "InvalidPropertyNameError"],
  ["a name with $ in front", { $a: 1 }, "InvalidPropertyNameError"],
  ["a name with $ inside", { a$: 1 }, undefined],
  ["an empty name", { "": 1 }, "InvalidPropertyNameError"],
  ["a blank name", { " ": 1 }, "InvalidPropertyNameError"],
  ["a name of 255 characters", { ["x".repeat(255)]: 1 }, undefined],
  ["a name of 256 characters", { ["x".repeat(256)]: 1 }, "InvalidPropertyNameError"],
  ["a path of 500 characters", { ["x".repeat(249)]: { ["y".repeat(250)]: 1, z: 1 } }, undefined],
  ["a path of 501 characters", { ["x".repeat(250)]: { ["y".repeat(250)]: 1 } }, "InvalidPropertyNameError"],
  ["a bad name inside", { a: { b: [{ "c.d": 1 }] } }, "InvalidPropertyNameError"],
  ["names of prototypes", '{"__proto__":1,"constructor":2,"prototype":3,"toString":4}', undefined],
  ["a text of 9,999 characters", { a: "x".repeat(9_999) }, undefined],
  ["a text of 10,000 characters", { a: "x".repeat(10_000) }, "InvalidPropertyValueError"],
  ["a number no double can hold", '{"a":1e400}', "InvalidPropertyValueError"],
  ["a number beyond 64 bits", { a: 1e19 }, "InvalidPropertyValueError"],
  ["a number beyond 64 bits in a list", { a: [-1e19] }, "InvalidPropertyValueError"],
  ["the largest integer of 64 bits", '{"a":9223372036854775807}', "InvalidPropertyValueError"],
  ["an integer that no double has", '{"a":1234567890123456789}', "InvalidPropertyValueError"],
  ["an integer that no double has, in a list", '{"a":{"b":[1,-9007199254740993]}}', "InvalidPropertyValueError"],
  ["an integer beyond 2^53 whose digits come back", '{"a":1234567890123456800}', undefined],
  ["a decimal with more digits than a double", '{"a":0.12345678901234567891}', undefined],
  ["the digits of such an integer in a text", '{"a":"id: 1234567890123456789"}', undefined],
  ["a list at the limit", { a: Array(LIMITS.arrayElements).fill(1) }, undefined],
  ["a list over the limit", { a: Array(LIMITS.arrayElements + 1).fill(1) }, "InvalidPropertyValueError"],
  ["1,000 properties", wide(LIMITS.propertiesPerEvent), undefined],
  ["1,001 properties", wide(LIMITS.propertiesPerEvent + 1), "InvalidEventError"],
  ["keen as a text", { keen: "x" }, "InvalidKeenNamespaceProperty"],
  ["keen as null", { keen: null }, "InvalidKeenNamespaceProperty"],
  ["something else under keen", { keen: { mine: 1 } }, "InvalidKeenNamespaceProperty"],
  ["__proto__ under keen", '{"keen":{"__proto__":1}}', "InvalidKeenNamespaceProperty"],
  ["keen inside", { a: { keen: 1 } }, undefined],
  ["a time that is no time", { keen: { timestamp: "yesterday" } }, "InvalidPropertyValueError"],
  ["a time as a number", { keen: { timestamp: NOON } }, "InvalidPropertyValueError"],
  ["30 February", { keen: { timestamp: "2026-02-30" } }, "InvalidPropertyValueError"],
  ["a day ahead", inMs(LIMITS.futureMs), undefined],
  ["more than a day ahead", inMs(LIMITS.futureMs + 1), "InvalidPropertyValueError"],
  ["the year 9999", { keen: { timestamp: "9999-12-31T23:59:59Z" } }, "InvalidPropertyValueError"],
  ["the year 1969", { keen: { timestamp: "1969-07-20T20:17:40Z" } }, undefined],
  ["the year 1", { keen: { timestamp: "0001-01-01" } }, undefined],
  ["a token of 64 characters", { keen: { uniqueness_token: "x".repeat(64) } }, undefined],
  ["a token of 65 characters", { keen: { uniqueness_token: "x".repeat(65) } }, "InvalidPropertyValueError"],
  ["a token that is a number", { keen: { uniqueness_token: 5 } }, "InvalidPropertyValueError"],
  ["a place that is none", { keen: { location: { coordinates: [181, 0] } } }, "InvalidPropertyValueError"],
  ["add-ons that are no list", { keen: { addons: {} } }, "InvalidPropertyValueError"],
  [
    "an unknown add-on",
    { keen: { addons: [{ name: "keen:x", input: {}, output: "o" }] } },
    "InvalidPropertyValueError",
  ],
  [
    "an add-on without its input",
    { keen: { addons: [{ name: "keen:url_parser", input: {}, output: "o" }] } },
    "InvalidPropertyValueError",
  ],
  [
    "an add-on that writes into keen",
    { keen: { addons: [{ name: "keen:url_parser", input: { url: "u" }, output: "keen.x" }] } },
    "InvalidPropertyValueError",
  ],
  ["an add-on whose input is there", { u: "x", ...parsing("u", "o") }, undefined],
  ["an add-on whose input is null", { u: null, ...parsing("u", "o") }, undefined],
  ["an add-on whose input is absent", { u: "x", ...parsing("v", "o") }, "InvalidPropertyValueError"],
  ["an add-on whose input is inside a text", { u: "x", ...parsing("u.v", "o") }, "InvalidPropertyValueError"],
  ["an add-on whose input only objects inherit", parsing("constructor.name", "o"), "InvalidPropertyValueError"],
  ["an add-on that reads a placeholder", { u: "${keen.user_agent}", ...parsing("u", "o") }, undefined],
  ["an add-on that reads keen.timestamp", parsing("keen.timestamp", "o"), undefined],
  ["an add-on with one of two inputs", referring({ r: "" }), "InvalidPropertyValueError"],
  ["an add-on with both of two inputs", referring({ r: "", p: "x" }), undefined],
  [
    "an add-on that reads what an earlier one may write",
    { u: "x", ...addons(urlParser("u", "o"), urlParser("o.query_string.to", "t")) },
    undefined,
  ],
  [
    "an add-on that reads what a later one may write",
    { u: "x", ...addons(urlParser("o.query_string.to", "t"), urlParser("u", "o")) },
    "InvalidPropertyValueError",
  ],
  [
    "an add-on that reads what an earlier one took away",
    { ip: "1.1.1.1", ...takingAway("ip", "geo") },
    "InvalidPropertyValueError",
  ],
  ["an add-on that writes where a text is", { u: "x", ...parsing("u", "u") }, "InvalidPropertyValueError"],
  ["an add-on that writes inside a text", { u: "x", ...parsing("u", "u.info") }, "InvalidPropertyValueError"],
  ["an add-on that writes where a list is", { u: "x", o: [], ...parsing("u", "o") }, "InvalidPropertyValueError"],
  ["an add-on that writes into an object", { u: "x", o: { a: 1 }, ...parsing("u", "o") }, undefined],
  ["an add-on that writes where null is", { u: "x", o: null, ...parsing("u", "o") }, undefined],
  ["an add-on that writes where it takes away", { ip: "1.1.1.1", u: "x", ...takingAway("u", "ip") }, undefined],
];

describe("bad input, one event", () => {
  test.each(TABLE)("%s", async (_what, body, code) => {
    const { post, queue, refused, project } = await ingestUnderTest();
    const response = await post("/c", body);
    const status = code === undefined ? 201 : 400;
    expect(await outcome(response)).toEqual([status, code]);
    expect(queue.messages).toHaveLength(code === undefined ? 1 : 0);
    const counted = code === undefined ? [] : [{ project: project.id, reason: code, events: 1, at: NOON }];
    expect(refused).toEqual(counted);
  });
});

describe("bad input in a batch harms only itself", () => {
  const events = TABLE.filter(([, , code]) => code !== "InvalidJSONError");
  test.each(events)("%s", async (_what, body, code) => {
    const { post, events: queued } = await ingestUnderTest();
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await post("", `{"c":[{"good":1},${text},{"good":2}]}`);
    expect(response.status).toBe(200);
    const results = ((await response.json()) as { c: { success: boolean }[] }).c;
    expect(results.map((result) => result.success)).toEqual([true, code === undefined, true]);
    const good = queued().filter((event) => "good" in event.properties);
    expect(good.map((event) => event.properties["good"])).toEqual([1, 2]);
  });
});

describe("bad requests", () => {
  test("unknown project: 404, whatever the key, and no row of its own in the counts", async () => {
    const { app, keys, refused } = await ingestUnderTest();
    for (const key of [keys.write, "bad", ""]) {
      const path = `/3.0/projects/${"0".repeat(24)}/events/c?api_key=${key}`;
      expect(await outcome(await app.request(path, { method: "POST", body: "{}" }))).toEqual([
        404,
        "ResourceNotFoundError",
      ]);
    }
    expect(new Set(refused.map((refusal) => refusal.project))).toEqual(new Set([undefined]));
  });

  test("a missing, wrong, read or foreign key: 401, nothing queued, counted for the project", async () => {
    const { access, post, keys, queue, refused, project } = await ingestUnderTest();
    const other = await access.projects.create({ name: "Other" });
    const foreign = [await access.keys.create(other.id, "write"), await access.keys.create(other.id, "master")];
    for (const key of ["", "bad", keys.read, ...foreign]) {
      for (const path of ["/c", ""]) {
        expect(await outcome(await post(path, {}, { authorization: key }))).toEqual([401, "InvalidApiKeyError"]);
      }
    }
    expect(queue.messages).toEqual([]);
    expect(new Set(refused.map((refusal) => refusal.project))).toEqual(new Set([project.id]));
  });

  test("a key is checked before the body is read", async () => {
    const { post } = await ingestUnderTest();
    expect((await post("/c", "not JSON", { authorization: "bad" })).status).toBe(401);
  });

  test("another project's id inside an event is only a property", async () => {
    const { post, queue, project } = await ingestUnderTest();
    await post("/c", { project: "0".repeat(24), project_id: "0".repeat(24) });
    expect(queue.envelopes()[0]?.project).toBe(project.id);
    expect(queue.messages[0]?.group).toBe(project.id);
  });

  test.each([
    ["$money", "a dollar"],
    ["_hidden", "an underscore in front"],
    [".dot", "a dot in front"],
    ["dot.", "a dot at the end"],
    ["%20", "blank"],
    ["%C3%A9t%C3%A9", "not ASCII"],
    ["%00", "a control character"],
    ["x".repeat(257), "too long"],
  ])("collection %s: %s", async (segment) => {
    const { post } = await ingestUnderTest();
    expect(await outcome(await post(`/${segment}`, {}))).toEqual([400, "InvalidCollectionNameError"]);
  });

  const NO_OBJECT = "A batch must be an object of collection names and lists of events.";
  const NO_LIST = "Every value of a batch must be a list of events.";
  test.each([
    ["[]", NO_OBJECT],
    ['"x"', NO_OBJECT],
    ["null", NO_OBJECT],
    ['{"c":{}}', NO_LIST],
    ['{"c":[{}],"d":"x"}', NO_LIST],
  ])("the batch %s: 400", async (body, message) => {
    const { post, queue } = await ingestUnderTest();
    expect(await (await post("", body)).json()).toEqual({ error_code: "InvalidBatchError", message });
    expect(queue.messages).toEqual([]);
  });

  test("5,000 events pass, one more is too large", async () => {
    const { post, queue, refused } = await ingestUnderTest();
    const batch = (count: number) => ({ c: Array.from({ length: count }, () => ({})) });
    expect((await post("", batch(LIMITS.eventsPerRequest))).status).toBe(200);
    expect(await (await post("", batch(LIMITS.eventsPerRequest + 1))).json()).toEqual({
      error_code: "RequestEntityTooLarge",
      message: "The batch has 5001 events; 5000 are possible.",
    });
    expect(queue.messages).toHaveLength(1);
    expect(refused[0]?.events).toBe(LIMITS.eventsPerRequest + 1);
  });

  test("a body over the limit is refused by its announced length, and while streaming when it announces none", async () => {
    const { app, path, keys, post } = await ingestUnderTest();
    const announced = await post("/c", "{}", { "content-length": String(LIMITS.bodyBytes + 1) });
    expect(await outcome(announced)).toEqual([413, "RequestEntityTooLarge"]);
    let sent = 0;
    const endless = new ReadableStream({
      pull(controller) {
        sent += 1_000_000;
        controller.enqueue(new Uint8Array(1_000_000).fill(0x20));
      },
    });
    const init = { method: "POST", headers: { authorization: keys.write }, body: endless, duplex: "half" };
    const streamed = await app.request(path("/c"), init as RequestInit);
    expect(await outcome(streamed)).toEqual([413, "RequestEntityTooLarge"]);
    expect(sent).toBeLessThan(2 * LIMITS.bodyBytes);
  });

  test("a body that is longer than it says is held to the limit all the same, and one at the limit is read", async () => {
    const { post } = await ingestUnderTest();
    const blank = (bytes: number) => Buffer.concat([Buffer.from("{}"), Buffer.alloc(bytes - 2, 0x20)]);
    const lying = await post("/c", blank(LIMITS.bodyBytes + 1), { "content-length": "2" });
    expect(await outcome(lying)).toEqual([413, "RequestEntityTooLarge"]);
    const longest = await post("/c", blank(LIMITS.bodyBytes), { "content-length": String(LIMITS.bodyBytes) });
    expect(longest.status).toBe(201);
  });

  test("a body is read packed or not, however that is written; in another encoding it is refused with those that are read", async () => {
    const { post, events } = await ingestUnderTest();
    const packed = gzipSync('{"n":1}');
    for (const [body, encoding] of [
      ['{"n":1}', "identity"],
      ['{"n":1}', ""],
      [packed, "gzip"],
      [packed, " X-GZIP "],
    ] as const) {
      expect((await post("/c", body, { "content-encoding": encoding })).status).toBe(201);
    }
    expect(events().map(({ properties }) => properties)).toEqual(Array(4).fill({ n: 1 }));
    const other = await post("/c", packed, { "content-encoding": "br" });
    expect(await other.json()).toMatchObject({ message: "Content-Encoding may be gzip or identity." });
  });

  test("where a project names the origins of its pages no other page records, and who is no page does", async () => {
    const { access, project, post, queue, refused } = await ingestUnderTest();
    await access.projects.update(project.id, { origins: ["https://shop.example"] });
    const other = await post("/c", {}, { origin: "https://other.example" });
    expect(other.status).toBe(403);
    expect(await other.json()).toEqual({
      error_code: "NotPermitted",
      message: "Pages of https://other.example may not record in this project: its settings name the origins that may.",
    });
    expect(refused).toEqual([{ project: project.id, reason: "NotPermitted", events: 1, at: NOON }]);
    expect((await post("/c", {}, { origin: "https://shop.example" })).status).toBe(201);
    expect((await post("/c", {})).status).toBe(201);
    expect(queue.messages).toHaveLength(2);
  });

  test("an event says by itself who did it or what it was imported from, not both", async () => {
    const { post, keys } = await ingestUnderTest();
    const both = { $visitor: { user: "u" }, $context: { url: "https://shop.example/" } };
    const answer = await post("/c", both, { authorization: keys.master });
    expect(await answer.json()).toEqual({
      error_code: "InvalidPropertyNameError",
      message: "An event has $visitor or $context, not both.",
    });
  });

  test("a gzip bomb is refused at the limit; other encodings and broken gzip are refused by name", async () => {
    const { post } = await ingestUnderTest();
    const bomb = gzipSync(Buffer.alloc(LIMITS.bodyBytes + 1, 0x20));
    const gzip = { "content-encoding": "gzip" };
    expect(await outcome(await post("/c", bomb, gzip))).toEqual([413, "RequestEntityTooLarge"]);
    expect(await outcome(await post("/c", "{}", gzip))).toEqual([400, "InvalidJSONError"]);
    expect(await outcome(await post("/c", "{}", { "content-encoding": "br" }))).toEqual([400, "InvalidParameterError"]);
  });

  test("an event over 900,000 bytes is refused: 413 alone, its own error in a batch", async () => {
    const { post, events } = await ingestUnderTest();
    const large = Object.fromEntries(Array.from({ length: 91 }, (_, i) => [`n${i}`, "x".repeat(9_990)]));
    expect(await (await post("/c", large)).json()).toEqual({
      error_code: "RequestEntityTooLarge",
      message: "The event is larger than 900000 bytes.",
    });
    const response = await post("", { c: [{ good: 1 }, large] });
    expect(await response.json()).toMatchObject({
      c: [{ success: true }, { success: false, error: { name: "InvalidPropertyValueError" } }],
    });
    expect(events()).toHaveLength(1);
  });

  test("an event just under the limit fits a message even if it does not pack", async () => {
    const { post, queue } = await ingestUnderTest();
    const noise = () =>
      String.fromCharCode(...crypto.getRandomValues(new Uint8Array(9_900)).map((n) => 0x23 + (n % 57)));
    const large = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`n${i}`, noise()]));
    expect((await post("/c", large)).status).toBe(201);
    expect(queue.messages).toHaveLength(1);
  });

  test("another method: 405; an error repeats neither key nor content", async () => {
    const { app, path, post } = await ingestUnderTest();
    expect(await outcome(await app.request(path("/c"), { method: "PUT" }))).toEqual([405, "MethodNotAllowed"]);
    const text = await (await post("/c", { a: { "secret.name": "SECRET VALUE" } })).text();
    expect(text).not.toContain("SECRET VALUE");
  });

  test("registry down: 503, and recording goes on with keys known before", async () => {
    const { post, clock, registryState, keys } = await ingestUnderTest();
    await post("/c", {});
    registryState.down = true;
    clock.advance(120_000);
    expect((await post("/c", {})).status).toBe(201);
    expect(await outcome(await post("/c", {}, { authorization: keys.master }))).toEqual([503, "ServiceUnavailable"]);
  });
});

test("two names that differ in a lone surrogate only are refused: one would silently win over the other", async () => {
  const { post, events } = await ingestUnderTest();
  expect(await outcome(await post("/c", '{"a\\ud800":1,"a\\udc00":2}'))).toEqual([400, "InvalidPropertyNameError"]);
  expect(await outcome(await post("/c", '{"a\\ufffd":1,"a\\ud800":2}'))).toEqual([400, "InvalidPropertyNameError"]);
  expect((await post("/c", '{"b\\ud800":1}')).status).toBe(201);
  expect(events().map(({ properties }) => properties)).toEqual([{ "b\uFFFD": 1 }]);
});
