import { MillraceError } from "@millrace/core";
import { expect, test } from "vitest";
import { appOf, keyOf, type Route } from "./routes.ts";

const reported: string[] = [];
const route = (
  method: Route["method"],
  path: string,
  routeClass: Route["class"],
  handler: Route["handler"],
): Route => ({
  method,
  path,
  class: routeClass,
  summary: "test",
  handler,
});
const app = appOf(
  [
    route("POST", "/c/:name", "collect", (c) => c.json({ name: c.req.param("name"), key: keyOf(c) ?? null })),
    route("DELETE", "/c/:other", "query", (c) => c.json({ other: c.req.param("other") })),
    route("GET", "/q", "query", () => Promise.reject(new MillraceError("ServiceUnavailable", "Down."))),
    route("GET", "/console", "console", (c) => c.json({})),
    route("GET", "/bug", "query", () => Promise.reject(new Error("secret detail"))),
  ],
  (error) => reported.push(error.code),
);
const from = (origin: string) => ({ headers: { origin } });

test("collect routes let any origin in, with credentials, by name; query routes by *", async () => {
  const collect = await app.request("/c/x", { method: "POST", ...from("https://site.example") });
  expect(collect.headers.get("access-control-allow-origin")).toBe("https://site.example");
  expect(collect.headers.get("access-control-allow-credentials")).toBe("true");
  expect(collect.headers.get("vary")).toBe("Origin");
  const query = await app.request("/q", from("https://site.example"));
  expect(query.headers.get("access-control-allow-origin")).toBe("*");
  expect(query.headers.get("access-control-allow-credentials")).toBeNull();
});

test("console routes answer no other origin, and no preflight", async () => {
  const answer = await app.request("/console", from("https://evil.example"));
  expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  const preflight = await app.request("/console", { method: "OPTIONS", ...from("https://evil.example") });
  expect(preflight.status).toBe(403);
});

test("a preflight is answered for every path without a key, allowing what was asked", async () => {
  for (const path of ["/c/x", "/q", "/unknown"]) {
    const answer = await app.request(path, {
      method: "OPTIONS",
      headers: { origin: "https://site.example", "access-control-request-headers": "authorization, keen-sdk, x-own" },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get("access-control-allow-headers")).toBe("authorization, keen-sdk, x-own");
    expect(answer.headers.get("access-control-allow-methods")).toContain("DELETE");
  }
});

test("two routes on one path keep their own class and their own parameter names", async () => {
  const preflight = await app.request("/c/x", {
    method: "OPTIONS",
    headers: { origin: "https://site.example", "access-control-request-method": "DELETE" },
  });
  expect(preflight.headers.get("access-control-allow-credentials")).toBeNull();
  expect(await (await app.request("/c/x%2Fy", { method: "DELETE" })).json()).toEqual({ other: "x/y" });
  expect(await (await app.request("/c/a+b%20c%25", { method: "POST" })).json()).toMatchObject({ name: "a+b c%" });
});

test("errors have Keen's shape, CORS headers and, when a retry may help, Retry-After; ours are reported, without details", async () => {
  reported.length = 0;
  const down = await app.request("/q", from("https://site.example"));
  expect([down.status, down.headers.get("retry-after")]).toEqual([503, "1"]);
  expect(await down.json()).toEqual({ message: "Down.", error_code: "ServiceUnavailable" });
  const bug = await app.request("/bug");
  expect(bug.status).toBe(500);
  expect(await bug.text()).not.toContain("secret");
  const missing = await app.request("/nothing?api_key=SECRET", from("https://site.example"));
  expect([missing.status, missing.headers.get("access-control-allow-origin")]).toEqual([404, "*"]);
  expect(await missing.text()).not.toContain("SECRET");
  const wrong = await app.request("/q", { method: "PUT" });
  expect([wrong.status, await wrong.json()]).toMatchObject([405, { error_code: "MethodNotAllowed" }]);
  expect(reported).toEqual(["ServiceUnavailable", "InternalServerError"]);
});

test("the key in the header wins over the one in the address", async () => {
  const answer = await app.request("/c/x?api_key=a", { method: "POST", headers: { authorization: "b" } });
  expect(await answer.json()).toMatchObject({ key: "b" });
});

test.each([
  [new MillraceError("RateLimitExceeded", "Too much."), 429, "60"],
  [new MillraceError("RateLimitExceeded", "Too much.", { retryAfterSeconds: 7 }), 429, "7"],
  [new MillraceError("ServiceUnavailable", "Down."), 503, "1"],
  [new MillraceError("InvalidApiKeyError", "No."), 401, null],
])("%s says when to come again: %i, %s", async (error, status, after) => {
  const refusing = appOf([route("GET", "/r", "query", () => Promise.reject(error))], () => {});
  const response = await refusing.request("/r");
  expect([response.status, response.headers.get("retry-after")]).toEqual([status, after]);
});
