import { expect, test } from "vitest";
import { EVERYTHING } from "./filter.ts";
import type { ExtractionQuery } from "./query.ts";
import type { ExtractedEvent } from "./result.ts";
import { shapeExtraction } from "./shape-extraction.ts";
import { UTC } from "../time/zone.ts";

const query = (propertyNames?: string[], standardFields = false): ExtractionQuery => ({
  kind: "extraction",
  collections: ["purchases"],
  zone: UTC,
  filter: EVERYTHING,
  bots: "include",
  ...(propertyNames && { propertyNames }),
  standardFields,
});

const event: ExtractedEvent = {
  id: "0178deadbeef12345678",
  collection: "purchases",
  timestamp: Date.UTC(2021, 2, 1, 10, 0, 0, 5),
  receivedAt: Date.UTC(2021, 2, 1, 10, 0, 1),
  context: {
    page_host: "a.example",
    page_path: "/x",
    visitor: "v1",
    visit_page: 1,
    visit_start: Date.UTC(2021, 2, 1, 9),
    bot_is: false,
    geo_city: null,
  },
  properties: { price: 5, customer: { name: "Ann", tags: ["a", null] }, nothing: null, empty: {} },
};
const keen = {
  id: "0178deadbeef12345678",
  timestamp: "2021-03-01T10:00:00.005Z",
  created_at: "2021-03-01T10:00:01.000Z",
};

test("an event as it was sent, with keen: nothing that could not be recorded again", () => {
  expect(shapeExtraction(query(), [event])).toEqual([{ ...event.properties, keen }]);
});

test("a whole event: properties as sent, keen, and the standard fields that are known, nested", () => {
  expect(shapeExtraction(query(undefined, true), [event])).toEqual([
    {
      price: 5,
      customer: { name: "Ann", tags: ["a", null] },
      nothing: null,
      empty: {},
      keen,
      $collection: "purchases",
      $page: { host: "a.example", path: "/x" },
      $visitor: "v1",
      $visit: { start: "2021-03-01T09:00:00.000Z", page: 1 },
      $bot: { is: false },
    },
  ]);
});

test("a location the customer sent stays in keen; nothing sent replaces the server's own values", () => {
  const sent = { ...event, properties: { keen: { id: "mine", location: { coordinates: [1, 2] } } } };
  expect(shapeExtraction(query(["keen"]), [sent])).toEqual([{ keen: { ...keen, location: { coordinates: [1, 2] } } }]);
});

test("property_names: only these, nested, no keen unless listed, missing ones left out", () => {
  expect(shapeExtraction(query(["customer.name", "nothing", "missing", "price.value"]), [event])).toEqual([
    { customer: { name: "Ann" }, nothing: null },
  ]);
  expect(shapeExtraction(query(["keen.timestamp", "$page.path"]), [event])).toEqual([
    { keen: { timestamp: keen.timestamp }, $page: { path: "/x" } },
  ]);
});

test("an object and a path inside it: the object, once", () => {
  expect(shapeExtraction(query(["customer.name", "customer"]), [event])).toEqual([
    { customer: event.properties["customer"] },
  ]);
});

test("nothing is written to the event itself, which may be read again", () => {
  const frozen = deepFrozen(structuredClone(event));
  shapeExtraction(query(["customer", "customer.name", "keen.id"]), [frozen]);
  shapeExtraction(query(), [frozen]);
  expect(frozen).toEqual(event);
});

function deepFrozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) for (const member of Object.values(value)) deepFrozen(member);
  return Object.freeze(value);
}

test("an answer is the caller's: its members can be changed and taken out", () => {
  const [shaped = {}] = shapeExtraction(query(["customer.name", "price"]), [event]);
  expect(Object.keys(shaped)).toEqual(["customer", "price"]);
  shaped["price"] = 6;
  delete shaped["customer"];
  expect(shaped).toEqual({ price: 6 });
});

test("inherited names find nothing and nothing reaches a prototype", () => {
  expect(shapeExtraction(query(["constructor.name", "__proto__.polluted", "toString"]), [event])).toEqual([{}]);
  const hostile = { ...event, properties: JSON.parse('{"__proto__":{"polluted":true}}') };
  const [shaped] = shapeExtraction(query(["__proto__.polluted"]), [hostile]);
  expect(JSON.stringify(shaped)).toBe('{"__proto__":{"polluted":true}}');
  expect("polluted" in {}).toBe(false);
});
