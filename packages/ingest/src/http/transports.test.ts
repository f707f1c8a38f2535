import { serve, type ServerType } from "@hono/node-server";
import type { AddressInfo } from "node:net";
import { createRequire } from "node:module";
import { afterEach, describe, expect, test } from "vitest";
import { ingestUnderTest, outcome } from "./testing.ts";

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64");

describe("image tags", () => {
  test("get a real GIF once the event is queued, asked for by c=clv1 or by Accept", async () => {
    const { app, path, keys, events } = await ingestUnderTest();
    const data = encodeURIComponent(base64({ text: "ü?>" }));
    const url = path(`/opens?api_key=${keys.write}&data=${data}&modified=123`);
    for (const response of [
      await app.request(`${url}&c=clv1`),
      await app.request(url, { headers: { accept: "image/avif,image/webp,*/*;q=0.8" } }),
    ]) {
      expect([response.status, response.headers.get("content-type")]).toEqual([200, "image/gif"]);
      expect(response.headers.get("cache-control")).toBe("no-store");
      const image = Buffer.from(await response.arrayBuffer());
      expect(image.toString("latin1", 0, 6)).toBe("GIF89a");
      expect([image.readUInt16LE(6), image.readUInt16LE(8)]).toEqual([1, 1]);
    }
    expect(events().map((event) => event.properties)).toEqual([{ text: "ü?>" }, { text: "ü?>" }]);
  });

  test.each([undefined, "*/*", "application/json", "text/html,image/webp"])(
    "anybody else gets JSON, such as who accepts %s",
    async (accept) => {
      const { app, path, keys } = await ingestUnderTest();
      const url = path(`/c?api_key=${keys.write}&data=${encodeURIComponent(base64({}))}`);
      const response = await app.request(url, { headers: accept === undefined ? {} : { accept } });
      expect([response.status, await response.json()]).toEqual([201, { created: true }]);
    },
  );

  test.each([
    ["standard, padded", (text: string) => encodeURIComponent(text)],
    ["standard, + not escaped", (text: string) => text.replaceAll("=", "%3D")],
    ["URL-safe", (text: string) => text.replaceAll("+", "-").replaceAll("/", "_")],
    ["without padding", (text: string) => encodeURIComponent(text.replaceAll("=", ""))],
  ])("base64 is read: %s", async (_form, write) => {
    const { app, path, keys, events } = await ingestUnderTest();
    const event = { text: "~~~>>>???ÿÿÿ" };
    expect(base64(event)).toMatch(/[+/]/);
    await app.request(path(`/c?api_key=${keys.write}&data=${write(base64(event))}`));
    expect(events()[0]?.properties).toEqual(event);
  });

  test("base64 of keen-js is read, which writes what is beyond U+FFFF as two surrogates", async () => {
    const { app, path, keys, events } = await ingestUnderTest();
    const cesu8 = Buffer.from("7b2274223a22c3a420e282ac20eda0bdedb88020efbfbd227d", "hex").toString("base64url");
    expect((await app.request(path(`/c?api_key=${keys.write}&data=${cesu8}`))).status).toBe(201);
    expect(events()[0]?.properties).toEqual({ t: "ä € 😀 \uFFFD" });
    // Half of a pair is nothing that was meant.
    const half = Buffer.from("7b2274223a22eda0bd227d", "hex").toString("base64url");
    expect(await outcome(await app.request(path(`/c?api_key=${keys.write}&data=${half}`)))).toEqual([
      400,
      "InvalidJSONError",
    ]);
  });

  test.each([["%21%21"], ["e30%3D%3D%3D"], [Buffer.from([0xff, 0xfe]).toString("base64url")], [""]])(
    "data=%s is refused, not guessed at",
    async (data) => {
      const { app, path, keys, queue } = await ingestUnderTest();
      const response = await app.request(path(`/c?api_key=${keys.write}&data=${data}&c=clv1`));
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        error_code: "InvalidJSONError",
        message: expect.stringMatching(/^(data is not base64|The body is not valid (UTF-8|JSON))\.$/) as string,
      });
      expect(queue.messages).toEqual([]);
    },
  );

  test("a queue that refuses is an error, never an image", async () => {
    const { app, path, keys, queue } = await ingestUnderTest();
    queue.state.refuses = true;
    const response = await app.request(path(`/c?api_key=${keys.write}&data=e30&c=clv1`));
    expect(await outcome(response)).toEqual([503, "ServiceUnavailable"]);
  });

  test("without data the address reads a schema: the query API's handler, or a clear error without one", async () => {
    const { app, path, keys } = await ingestUnderTest({
      schemaRead: (c) => c.json({ schema: c.req.param("collection") }),
    });
    const response = await app.request(path(`/a%20b?api_key=${keys.read}`));
    expect(await response.json()).toEqual({ schema: "a b" });
    const alone = await ingestUnderTest();
    expect(await outcome(await alone.app.request(alone.path("/c")))).toEqual([400, "MissingParameterError"]);
  });
});

describe("script tags (JSONP)", () => {
  const call = (text: string) => text.replace(/^\/\*\*\/cb\.x\((.*)\);$/s, "$1");

  test("get a call of their function; an error keeps its status, since a script with status 200 is a success to keen-js", async () => {
    const { app, path, keys, refused } = await ingestUnderTest();
    const request = (query: string) => app.request(path(`/c?jsonp=cb.x&${query}`));
    const good = await request(`api_key=${keys.write}&data=e30`);
    expect([good.status, good.headers.get("content-type")]).toEqual([200, "application/javascript; charset=utf-8"]);
    expect(JSON.parse(call(await good.text()))).toEqual({ created: true });
    const bad = await request("api_key=bad&data=e30");
    expect([bad.status, bad.headers.get("content-type")]).toEqual([401, "application/javascript; charset=utf-8"]);
    expect(JSON.parse(call(await bad.text()))).toMatchObject({ error_code: "InvalidApiKeyError" });
    expect(refused.map((refusal) => refusal.reason)).toEqual(["InvalidApiKeyError"]);
  });

  test("an outage is no success, not even for a script: 503, so that whoever watches sees it", async () => {
    const { app, path, keys, queue, refused } = await ingestUnderTest();
    queue.state.refuses = true;
    const url = path(`/c?jsonp=cb.x&api_key=${keys.write}&data=e30`);
    expect(await outcome(await app.request(url))).toEqual([503, "ServiceUnavailable"]);
    expect(refused.map((refusal) => refusal.reason)).toEqual(["ServiceUnavailable"]);
  });

  test("a name that could be a script is refused", async () => {
    const { app, path, keys } = await ingestUnderTest();
    for (const name of ["alert(1)//", "a;b", "<x>", "x".repeat(129)]) {
      const url = path(`/c?jsonp=${encodeURIComponent(name)}&api_key=${keys.write}&data=e30`);
      expect(await outcome(await app.request(url))).toEqual([400, "InvalidParameterError"]);
    }
  });

  test("a parameter without a name is no script tag's", async () => {
    const { app, path, keys } = await ingestUnderTest();
    const response = await app.request(path(`/c?jsonp=&api_key=${keys.write}&data=e30`));
    expect([response.status, await response.json()]).toEqual([201, { created: true }]);
  });

  test("a key in a header does not count", async () => {
    const { app, path, keys } = await ingestUnderTest();
    const response = await app.request(path("/c?jsonp=cb.x&data=e30"), { headers: { authorization: keys.write } });
    expect(await response.text()).toContain("InvalidApiKeyError");
  });
});

describe("links (redirect=)", () => {
  const link = (key: string, target: string, data = "e30") =>
    `/clicks?api_key=${key}&data=${data}&redirect=${encodeURIComponent(target)}`;

  test("record and send the person on, to a listed host only", async () => {
    const { app, path, keys, events } = await ingestUnderTest();
    const response = await app.request(path(link(keys.write, "https://shop.example/a?b=1#c")));
    expect([response.status, response.headers.get("location")]).toEqual([302, "https://shop.example/a?b=1#c"]);
    expect(events()).toHaveLength(1);
  });

  test("lead to a page without TLS as well", async () => {
    const { app, path, keys } = await ingestUnderTest();
    const response = await app.request(path(link(keys.write, "http://shop.example/a")));
    expect([response.status, response.headers.get("location")]).toEqual([302, "http://shop.example/a"]);
  });

  test("send them on even when the event cannot be recorded, and count the refusal", async () => {
    const { app, path, keys, queue, refused } = await ingestUnderTest();
    queue.state.refuses = true;
    expect((await app.request(path(link(keys.write, "https://shop.example/")))).status).toBe(302);
    expect((await app.request(path(link(keys.write, "https://shop.example/", "bad!")))).status).toBe(302);
    expect(refused.map((refusal) => refusal.reason)).toEqual(["ServiceUnavailable", "InvalidJSONError"]);
  });

  test.each([
    "https://evil.example/",
    "https://shop.example.evil.example/",
    "https://shop.example@evil.example/",
    "//evil.example",
    "javascript:alert(1)",
    "ftp://shop.example/",
    "/relative",
    "",
  ])("refuse to send anybody to %j; the click is recorded, and nothing is counted as refused", async (target) => {
    const { app, path, keys, events, refused } = await ingestUnderTest();
    expect(await outcome(await app.request(path(link(keys.write, target))))).toEqual([400, "InvalidParameterError"]);
    expect([events().length, refused]).toEqual([1, []]);
  });

  test("an event that cannot be recorded is what a link to an unlisted host says first", async () => {
    const { app, path, keys, queue, refused } = await ingestUnderTest();
    const response = await app.request(path(link(keys.write, "https://evil.example/", "bad!")));
    expect(await outcome(response)).toEqual([400, "InvalidJSONError"]);
    expect([queue.messages, refused.length]).toEqual([[], 1]);
  });

  test("send nobody anywhere without a valid key", async () => {
    const { app, path } = await ingestUnderTest();
    expect(await outcome(await app.request(path(link("bad", "https://shop.example/"))))).toEqual([
      401,
      "InvalidApiKeyError",
    ]);
  });
});

describe("browsers", () => {
  const origin = "https://site.example";

  test("fetch: the preflight is answered without a key, and errors can be read too", async () => {
    const { app, path, post, refused } = await ingestUnderTest();
    const preflight = await app.request(path("/c"), {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,keen-sdk",
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toBe("authorization,content-type,keen-sdk");
    for (const [body, key] of [
      ["{", undefined],
      ["{}", "bad"],
    ] as const) {
      const answer = await post("/c", body, { origin, ...(key && { authorization: key }) });
      expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
      expect(answer.headers.get("access-control-expose-headers")).toContain("Retry-After");
    }
    expect(refused).toHaveLength(2);
  });

  test("beacon: text/plain, the key in the address, answered so that the browser stays quiet; cookies mean nothing", async () => {
    const { app, path, keys, events } = await ingestUnderTest();
    const answer = await app.request(path(`/c?api_key=${keys.write}`), {
      method: "POST",
      headers: { origin, "content-type": "text/plain;charset=UTF-8", cookie: "session=1" },
      body: '{"n":1}',
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
    expect(answer.headers.get("access-control-allow-credentials")).toBe("true");
    expect(answer.headers.get("set-cookie")).toBeNull();
    expect(events()[0]?.properties).toEqual({ n: 1 });
  });
});

describe("Keen's own client", () => {
  /** As far as these tests use it; the package has no types. */
  interface KeenTracking {
    recordEvent(collection: string, event: object): Promise<unknown>;
    recordEvents(batch: object): Promise<unknown>;
  }
  const require = createRequire(import.meta.url);
  const Keen = require("keen-tracking") as new (options: object) => KeenTracking;
  let server: ServerType | undefined;
  afterEach(() => server?.close());

  async function client(writeKey?: string) {
    const ingest = await ingestUnderTest();
    const listening = Promise.withResolvers<AddressInfo>();
    server = serve({ fetch: ingest.app.fetch, port: 0, hostname: "127.0.0.1" }, listening.resolve);
    const { port } = await listening.promise;
    const keen = new Keen({
      projectId: ingest.project.id,
      writeKey: writeKey ?? ingest.keys.write,
      protocol: "http",
      nodeRequestConfig: { host: "127.0.0.1", port },
      retry: { limit: 0 },
    });
    return { ...ingest, keen };
  }

  test("records one event and many after a change of host, collection names escaped as it escapes them", async () => {
    const { keen, events } = await client();
    expect(await keen.recordEvent("User posts.new/e", { n: 1, text: "€😀" })).toEqual({
      created: true,
    });
    expect(await keen.recordEvents({ signups: [{ n: 2 }, { "a.b": 1 }], purchases: [{ n: 3 }] })).toMatchObject({
      signups: [{ success: true }, { success: false, error: { name: "InvalidPropertyNameError" } }],
      purchases: [{ success: true }],
    });
    expect(events().map((event) => [event.collection, event.properties["n"]])).toEqual([
      ["User posts.new/e", 1],
      ["signups", 2],
      ["purchases", 3],
    ]);
  });

  test("understands a refusal", async () => {
    const { keen } = await client("BAD");
    await expect(keen.recordEvent("c", {})).rejects.toMatchObject({ code: "InvalidApiKeyError" });
  });
});
