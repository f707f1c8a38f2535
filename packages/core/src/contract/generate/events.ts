import fc from "fast-check";
import type { Context } from "../../event/fields.ts";
import type { Json, JsonObject } from "../../values/json.ts";
import { array, COLLECTIONS, place, record, scalar, timestamp } from "./vocabulary.ts";

/** A random event, before it has a project and an identity. */
export interface EventSeed {
  readonly collection: string;
  readonly timestamp: number;
  readonly context: Context;
  readonly properties: JsonObject;
}

const leaf: fc.Arbitrary<Json> = fc.oneof({ weight: 6, arbitrary: scalar }, { weight: 2, arbitrary: array }, place);

const properties: fc.Arbitrary<JsonObject> = fc
  .tuple(
    record(leaf),
    fc.option(record(fc.oneof(leaf, record(leaf))), { freq: 2 }),
    fc.option(record(leaf), { freq: 4 }),
  )
  .map(([flat, deep, deeper]) => ({
    ...flat,
    ...(deep && { deep: deeper ? { ...deep, deep: deeper } : deep }),
  }));

const context: fc.Arbitrary<Context> = fc.record(
  {
    page_path: fc.constantFrom("/", "/a", "/b"),
    geo_country: fc.constantFrom("DE", "PL", null),
    engaged_ms: fc.constantFrom(0, 10, 2500),
    visit_page: fc.constantFrom(1, 2),
    bot_is: fc.boolean(),
    bot_reasons: fc.constantFrom<string[]>([], ["a"], ["a", "b"]),
    visit_start: timestamp,
  },
  { requiredKeys: [] },
);

export const eventSeed: fc.Arbitrary<EventSeed> = fc.record({
  collection: fc.constantFrom(...COLLECTIONS),
  timestamp,
  context,
  properties,
});
