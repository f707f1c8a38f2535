import { isObject, type Json } from "@millrace/core";
import { expect, test } from "vitest";
import { createTestApp } from "../../test/setup.ts";

test("the document is the one that was reviewed: what it tells others changes on purpose only", async () => {
  const { app, close } = await createTestApp();
  const document = (await (await app.request("/openapi.json")).json()) as Json;
  await close();
  await expect(`${JSON.stringify(once(document), null, 1)}\n`).toMatchFileSnapshot("openapi-document.snap");
});

/** A part that stands in many places, as most parameters do, is shown at the first; the others name that. */
function once(value: Json, place = "#", shown = new Map<string, string>()): Json {
  if (typeof value !== "object" || value === null) return value;
  const text = JSON.stringify(value);
  const first = shown.get(text);
  if (first !== undefined) return `as ${first}`;
  if (text.length > 60) shown.set(text, place);
  if (!isObject(value)) return value.map((each, i) => once(each, `${place}/${i}`, shown));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, once(each, `${place}/${name}`, shown)]));
}
