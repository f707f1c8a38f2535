import { asMillraceError, MillraceError } from "@millrace/core";
import { createExecutions, type ExecutionRecord } from "@millrace/monitor";
import { Hono } from "hono";
import { expect, test } from "vitest";
import { executionMiddleware } from "./middleware.ts";

function app() {
  const records: ExecutionRecord[] = [];
  const executions = createExecutions({
    function: "ingest",
    clock: { now: () => 0 },
    newId: () => "minted",
    sink: (record) => void records.push(record),
  });
  const app = new Hono();
  app.use(
    executionMiddleware(executions, { invocation: (c) => ({ requestId: c.req.header("x-request") ?? "minted" }) }),
  );
  app.get("/sites/:name", (c) => c.text("ok"));
  app.get("/broken", () => {
    throw new Error("broken");
  });
  app.get("/refused", () => {
    throw new MillraceError("InvalidApiKeyError", "No.");
  });
  app.onError((thrown, c) => {
    const error = asMillraceError(thrown);
    return c.json(error.toBody(), error.status as 400);
  });
  return { app, records };
}

test("a request is recorded by its route's pattern; path values, query and key stay out", async () => {
  const { app: hono, records } = app();
  const response = await hono.request("/sites/ada?api_key=SECRET", { headers: { "x-request": "r-1" } });
  expect(response.status).toBe(200);
  expect(records[0]).toMatchObject({
    id: "r-1",
    source: { kind: "http", method: "GET", route: "/sites/:name", bytes: null },
    labels: { "http.response.status_code": 200 },
    error: null,
  });
  expect(JSON.stringify(records)).not.toMatch(/ada|SECRET/);
});

test("a request that fails is answered by the app and recorded with its error", async () => {
  const { app: hono, records } = app();
  const response = await hono.request("/broken");
  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({ error_code: "InternalServerError" });
  expect(records[0]?.error).toMatchObject({ name: "Error", message: "broken" });
});

test("a refused request is no error of the function", async () => {
  const { app: hono, records } = app();
  expect((await hono.request("/refused")).status).toBe(401);
  expect(records[0]?.error).toBeNull();
  expect(records[0]?.labels).toEqual({ "http.response.status_code": 401 });
});

test("an unknown path is recorded without its text", async () => {
  const { app: hono, records } = app();
  expect((await hono.request("/secret-path")).status).toBe(404);
  expect(JSON.stringify(records)).not.toContain("secret-path");
});
