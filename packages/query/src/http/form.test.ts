import { asMillraceError, type JsonObject } from "@millrace/core";
import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { formOf } from "./form.ts";

const PARQUET = "application/vnd.apache.parquet";

/** What an extraction is sent as, or why it is not. */
async function asked({
  raw = {},
  headers = {},
  analysis = "extraction",
  query = "",
  method = "GET",
}: Asking): Promise<string> {
  const app = new Hono();
  app.all("/", (c) => {
    try {
      return c.text(formOf(c, analysis, raw) ?? "JSON");
    } catch (thrown) {
      const { code, message } = asMillraceError(thrown);
      return c.text(`${code}: ${message}`);
    }
  });
  return (await app.request(`/${query}`, { method, headers })).text();
}

interface Asking {
  readonly raw?: JsonObject;
  readonly headers?: Record<string, string>;
  readonly analysis?: string;
  readonly query?: string;
  readonly method?: string;
}

describe("the header's preference", () => {
  test.each([
    ["", "JSON"],
    ["text/csv", "text/csv"],
    [PARQUET, PARQUET],
    ["TEXT/CSV", "text/csv"],
    ["application/json, text/csv", "JSON"],
    ["application/json;q=0.5, text/csv", "text/csv"],
    ["application/json;q=0.5, text/csv;q=0.4", "JSON"],
    ["text/csv, */*;q=0.1", "text/csv"],
    ["text/csv;q=0.5, */*;q=0.8", "JSON"],
    ["text/csv;q=0.5, application/*;q=0.8", "JSON"],
    [`text/csv;q=0.5, ${PARQUET};q=0.9`, PARQUET],
    [`text/csv ; charset=utf-8 ; q=0.9 , ${PARQUET};q=0.5`, "text/csv"],
    ["text/csv;q=2", "JSON"],
    ["text/csv;q=1", "text/csv"],
    ["text/csv;q=0", "JSON"],
    ["text/csv;q=-1", "JSON"],
    ["text/csv;q=high", "JSON"],
    ["text/html", "JSON"],
  ])("%s: %s", async (accept, form) => {
    expect(await asked({ headers: { accept } })).toBe(form);
  });
});

test.each<[what: string, asking: Asking, form: string]>([
  ["it is named", { raw: { content_type: "text/csv" } }, "text/csv"],
  [
    "JSON is named, whatever the header says",
    { raw: { content_type: "application/json" }, headers: { accept: "text/csv" } },
    "JSON",
  ],
  [
    "another analysis than an extraction has one form",
    { analysis: "count", raw: { content_type: "text/csv" } },
    "JSON",
  ],
  [
    "one of Keen's clients asks",
    { raw: { content_type: "text/csv" }, headers: { "keen-sdk": "javascript-1.0" } },
    "JSON",
  ],
  ["a script asks", { query: "?jsonp=f", headers: { accept: "text/csv" } }, "JSON"],
  ["a POST is no script", { method: "POST", query: "?jsonp=f", raw: { content_type: "text/csv" } }, "text/csv"],
  [
    "a script names a file",
    { query: "?jsonp=f", raw: { content_type: "text/csv" } },
    "InvalidParameterError: content_type text/csv is not possible with jsonp, which is a script.",
  ],
  [
    "it is unknown",
    { raw: { content_type: "text/html" } },
    `InvalidParameterError: content_type "text/html" is not possible. Use application/json, text/csv, ${PARQUET}.`,
  ],
  [
    "it is no text",
    { raw: { content_type: 5 } },
    "InvalidParameterError: content_type: Invalid input: expected string, received number.",
  ],
])("where %s", async (_, asking, form) => {
  expect(await asked(asking)).toBe(form);
});
