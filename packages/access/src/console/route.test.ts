import { expect, test } from "vitest";
import * as z from "zod";
import { appOf } from "../http/routes.ts";
import { consoleRoute, param, readBody } from "./route.ts";

const BODY = z.strictObject({
  name: z.string().optional(),
  of: z.object({ role: z.enum(["owner", "viewer"]) }).optional(),
});
const route = consoleRoute("POST", "/things/:id", "test", async (c) =>
  c.json({ id: param(c, "id"), none: param(c, "none"), body: await readBody(c, BODY) }),
);
const app = appOf([route], () => {});
const send = async (body: string, headers: Record<string, string> = {}) => {
  const response = await app.request("/console/things/a%20b", { method: "POST", body, headers });
  return { response, answer: (await response.json()) as Record<string, unknown> };
};

test("an answer is kept by no cache, is never another kind of file, and stands in no frame", async () => {
  const { response, answer } = await send('{"name":"x"}');
  expect(answer).toEqual({ id: "a b", none: "", body: { name: "x" } });
  expect(route).toMatchObject({ class: "console", path: "/console/things/:id", summary: "test", method: "POST" });
  const { headers } = response;
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("content-security-policy")).toBe("default-src 'none'; frame-ancestors 'none'");
});

test.each([
  ["", 200, undefined],
  ["{", 400, "The body is no JSON."],
  ["5", 400, "Invalid input: expected object, received number"],
  ['{"name":5}', 400, "name: Invalid input: expected string, received number"],
  ['{"of":{"role":"king"}}', 400, 'of.role: Invalid option: expected one of "owner"|"viewer"'],
  ['{"colour":1}', 400, 'Unrecognized key: "colour"'],
])("a body of %j is answered with %i %s", async (body, status, message) => {
  const { response, answer } = await send(body);
  expect([response.status, answer["message"]]).toEqual([status, message]);
});

test("a body that is too large is refused by what it says of itself, before it is read", async () => {
  const { response, answer } = await send("{}", { "Content-Length": "100001" });
  expect([response.status, answer["message"]]).toEqual([413, "The body has at most 100000 bytes."]);
  expect((await send("{}", { "Content-Length": "100000" })).response.status).toBe(200);
});
