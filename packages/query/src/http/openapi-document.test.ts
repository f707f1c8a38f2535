import { createSqliteRegistry } from "@millrace/access";
import { isObject, type Json, type JsonObject } from "@millrace/core";
import { createReferenceStore } from "@millrace/core/contract";
import { expect, test } from "vitest";
import { createTestApp } from "../../test/setup.ts";

test("the document is the one that was reviewed: what it tells others changes on purpose only", async () => {
  // Without a database: every change of every route is tried against this test (scripts/mutate), and no event is asked for.
  const { app, close } = await createTestApp(undefined, undefined, async (clock) => ({
    store: createReferenceStore(),
    registry: createSqliteRegistry({ path: ":memory:", clock }),
  }));
  const document = (await (await app.request("/openapi.json")).json()) as Json;
  await close();
  await expect(`${JSON.stringify(once(document), null, 1)}\n`).toMatchFileSnapshot("openapi-document.snap");
});

/** A part that stands in many places, as most parameters do, is shown at the first; the others name that. */
function once(value: Json, place = "#", shown = new Map<string, string>(), textOf = createTextOf()): Json {
  if (typeof value !== "object" || value === null) return value;
  const text = textOf(value);
  const first = shown.get(text);
  if (first !== undefined) return `as ${first}`;
  if (text.length > 60) shown.set(text, place);
  if (!isObject(value)) return value.map((each, i) => once(each, `${place}/${i}`, shown, textOf));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, once(each, `${place}/${name}`, shown, textOf)]),
  );
}

/** JSON of a part, made of its parts' own: each is written once, and not again within every part that holds it. */
function createTextOf(): (value: Json) => string {
  const texts = new Map<Json, string>();
  const textOf = (value: Json): string => {
    if (typeof value !== "object" || value === null) return JSON.stringify(value);
    const text = texts.get(value) ?? (isObject(value) ? membersOf(value) : `[${value.map(textOf).join()}]`);
    texts.set(value, text);
    return text;
  };
  const membersOf = (value: JsonObject) =>
    `{${Object.entries(value)
      .map(([name, each]) => `"${name}":${textOf(each)}`)
      .join()}}`;
  return textOf;
}
