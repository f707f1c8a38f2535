import { describe, expect, test } from "vitest";
import { PayloadTooLarge } from "../../../lambda/lambda.ts";
import type { CorsConfiguration } from "../deployed/deployment.ts";
import type { GatewayRequest } from "./event.ts";
import { createHttpApi } from "./http-api.ts";
import { findRoute } from "./route.ts";

interface Event {
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly pathParameters?: Record<string, string>;
  readonly cookies?: string[];
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

const ANSWER = {
  statusCode: 201,
  headers: { "Access-Control-Allow-Origin": "*", "content-type": "application/json" },
  body: "{}",
};

/** An API whose function keeps what it is given. */
function open(cors: CorsConfiguration | null = null, answer: unknown = ANSWER) {
  const events: Event[] = [];
  const routes = ["POST /v1/e", "GET /events/{name}", "$default"].map((key) => ({ key, integration: key }));
  const called: string[] = [];
  const api = createHttpApi({
    api: { id: "abc", endpoint: "https://abc.test", cors, routes },
    invoke: async (functionArn, end, event) => {
      called.push(`${functionArn} ${end}`);
      events.push(event as Event);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  const send = (method: string, target: string, more: Partial<GatewayRequest> = {}) =>
    api({ method, target, headers: {}, body: Buffer.alloc(0), sourceIp: "192.0.2.1", ...more });
  return { send, events, called };
}

describe("routes", () => {
  const routes = ["GET /a/{x}", "GET /a/b", "ANY /a/b", "ANY /a/{x+}", "POST /a/{x}/c", "$default"].map((key) => ({
    key,
    integration: "",
  }));
  test.each([
    ["GET", "/a/b", "GET /a/b"],
    ["PUT", "/a/b", "ANY /a/b"],
    ["GET", "/a/c", "GET /a/{x}"],
    ["GET", "/a/c/d", "ANY /a/{x+}"],
    ["POST", "/a/b/c", "POST /a/{x}/c"],
    ["GET", "/a/", "$default"],
    ["GET", "/b", "$default"],
  ])("%s %s goes to %s", (method, path, key) => {
    expect(findRoute(routes, method, path)?.route.key).toBe(key);
  });
  test("without a default nothing takes it", () => {
    expect(findRoute(routes.slice(0, 1), "GET", "/b")).toBeUndefined();
  });
});

describe("the path", () => {
  test.each([
    ["/events/page%20views", "/events/page views", "GET /events/{name}"],
    ["/events/%C3%A4", "/events/ä", "GET /events/{name}"],
    // An encoded slash separates, an encoded question mark ends the path.
    ["/events/a%2Fb", "/events/a/b", "$default"],
    ["/events/q%3Fx?y=1", "/events/q", "GET /events/{name}"],
    ["/events/h%23y", "/events/h#y", "GET /events/{name}"],
    ["/events/50%25%20off", "/events/50% off", "GET /events/{name}"],
  ])("%s reaches the function as %j", async (target, rawPath, route) => {
    const { send, events, called } = open();
    await send("GET", target);
    expect(events[0]?.rawPath).toBe(rawPath);
    expect(called[0]).toContain(route);
  });

  test("that cannot be decoded is refused by the gateway", async () => {
    expect((await open().send("GET", "/events/%E0%A4%A")).status).toBe(400);
  });

  test("the query stays as it was sent", async () => {
    const { send, events } = open();
    await send("GET", "/events/x?a=%20b&a=c");
    expect(events[0]).toMatchObject({ rawQueryString: "a=%20b&a=c", queryStringParameters: { a: " b,c" } });
  });
});

describe("the body", () => {
  test.each([
    ["application/json", undefined, false],
    ["text/plain;charset=UTF-8", undefined, false],
    ["application/json", "gzip", true],
    ["application/x-www-form-urlencoded", undefined, true],
    ["", undefined, true],
  ])("of type %j, packed %j, is base64: %j", async (type, encoding, base64) => {
    const { send, events } = open();
    const headers = { "content-type": type, ...(encoding !== undefined && { "content-encoding": encoding }) };
    await send("POST", "/v1/e", { headers, body: Buffer.from("ä") });
    expect(events[0]?.isBase64Encoded).toBe(base64);
    expect(Buffer.from(events[0]?.body ?? "", base64 ? "base64" : "utf8").toString()).toBe("ä");
  });

  test("above the gateway's limit, or the function's, is refused before the function sees it", async () => {
    const body = Buffer.alloc(10 * 1024 * 1024 + 1);
    expect((await open().send("POST", "/v1/e", { body })).status).toBe(413);
    expect((await open(null, new PayloadTooLarge("event", 7e6)).send("POST", "/v1/e")).status).toBe(413);
  });

  test("an answer that is too long, or a function that fails, is the gateway's own error", async () => {
    for (const error of [new PayloadTooLarge("answer", 7e6), new Error("broken")]) {
      const { status, body } = await open(null, error).send("POST", "/v1/e");
      expect([status, body.toString()]).toEqual([500, '{"message":"Internal Server Error"}']);
    }
  });

  test("cookies are a list of their own", async () => {
    const { send, events } = open();
    await send("POST", "/v1/e", { headers: { cookie: "a=1; b=2" } });
    expect(events[0]?.cookies).toEqual(["a=1", "b=2"]);
    expect(events[0]?.headers).not.toHaveProperty("cookie");
  });
});

describe("CORS", () => {
  const headers = { origin: "https://shop.example" };
  const asks = { ...headers, "access-control-request-method": "POST" };

  test("without a configuration preflights reach the function, and its headers reach the browser", async () => {
    const { send, events } = open(null);
    expect((await send("OPTIONS", "/v1/e", { headers: asks })).status).toBe(201);
    expect(events).toHaveLength(1);
    expect((await send("POST", "/v1/e", { headers })).headers["access-control-allow-origin"]).toBe("*");
  });

  test("an empty configuration answers preflights itself, and takes the function's headers away", async () => {
    const { send, events } = open({});
    expect(await send("OPTIONS", "/v1/e", { headers: asks })).toMatchObject({ status: 204, headers: {} });
    expect(events).toEqual([]);
    expect((await send("POST", "/v1/e", { headers })).headers).toEqual({ "content-type": "application/json" });
  });

  test("a configuration allows what it names", async () => {
    const { send } = open({ AllowOrigins: ["https://shop.example"], AllowMethods: ["POST"], MaxAge: 60 });
    expect((await send("OPTIONS", "/v1/e", { headers: asks })).headers).toEqual({
      "access-control-allow-origin": "https://shop.example",
      "access-control-allow-methods": "POST",
      "access-control-max-age": "60",
    });
    const other = { headers: { origin: "https://other.example" } };
    expect((await send("POST", "/v1/e", other)).headers).not.toHaveProperty("access-control-allow-origin");
  });
});

test("what has no status is the body", async () => {
  expect((await open(null, { a: 1 }).send("GET", "/")).body.toString()).toBe('{"a":1}');
  expect(await open(null, "plain").send("GET", "/")).toMatchObject({ status: 200, body: Buffer.from("plain") });
});
