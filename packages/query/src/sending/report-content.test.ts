import type { JsonObject } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { reportContent } from "./report-content.ts";

const period = { start: Date.UTC(2026, 2, 2), end: Date.UTC(2026, 2, 9) };
const words = { heading: "Shop", title: "Your week", locale: "en-GB", timezone: "UTC", link: "https://x.example" };
const web = { isWeb: true, queries: {} };
const answers = (more: JsonObject = {}): JsonObject => ({
  now: { result: { visitors: 3, views: 5, events: 8 } },
  before: { result: { visitors: 2, views: 4 } },
  visits: { result: 6 },
  visitsBefore: { result: 1 },
  ...more,
});
const said = { heading: "Shop", title: "Your week", locale: "en-GB", link: "https://x.example" };
const week = expect.stringMatching(/^Mon,? 2.*Sun,? 8 March 2026$/) as string;

test("figures are those of the days and of the days before, and lists what there is of them", () => {
  const lists = {
    pages: {
      result: [
        { "$page.path": "/a", result: 4 },
        { "$page.path": "/", result: 0 },
      ],
    },
    sources: {
      result: [
        { "$visit.source": null, result: 2 },
        { "$visit.source": "", result: 1 },
      ],
    },
    countries: {
      result: [
        { "$geo.country": "DE", result: 2 },
        { "$geo.country": "never", result: 1 },
      ],
    },
    events: { result: [{ $collection: "orders", result: 9 }] },
  };
  expect(reportContent(web, answers(lists), period, words)).toStrictEqual({
    ...said,
    period: week,
    figures: [
      { label: "Visitors", value: 3, before: 2 },
      { label: "Visits", value: 6, before: 1 },
      { label: "Page views", value: 5, before: 4 },
      { label: "Events", value: 8, before: 0 },
    ],
    lists: [
      { title: "Top pages", measure: "Visitors", rows: [{ name: "/a", value: 4 }] },
      {
        title: "Sources",
        measure: "Visits",
        rows: [
          { name: "(not known)", value: 2 },
          { name: "(not known)", value: 1 },
        ],
      },
      {
        title: "Countries",
        measure: "Visitors",
        rows: [
          { name: "Germany", value: 2 },
          { name: "never", value: 1 },
        ],
      },
      { title: "Events", measure: "Count", rows: [{ name: "orders", value: 9 }] },
    ],
    notes: [],
  });
});

test("a name is in the reader's language where it is a country, else as it is: short, and JSON where it is no text", () => {
  const rows = [{ "$geo.country": "DE", result: 1 }];
  const german = { ...words, locale: "de" };
  expect(reportContent(web, answers({ countries: { result: rows } }), period, german)).toMatchObject({
    period: expect.stringContaining("März 2026"),
    lists: [{ rows: [{ name: "Deutschland" }] }],
  });
  const pages = [
    { "$page.path": "p".repeat(300), result: 1 },
    { "$page.path": ["a", 1], result: 1 },
  ];
  expect(reportContent(web, answers({ pages: { result: pages } }), period, words).lists).toMatchObject([
    { rows: [{ name: "p".repeat(200) }, { name: '["a",1]' }] },
  ]);
});

test("figures alone are something, and no list is made of what is none", () => {
  const odd = { pages: { result: ["/a", null, 5] }, sources: { result: 7 }, events: {} };
  expect(reportContent(web, answers(odd), period, words)).toMatchObject({ lists: [], notes: [] });
  const onlyBefore = { now: { result: { visitors: 0 } }, before: { result: { visitors: 5 } } };
  expect(reportContent(web, onlyBefore, period, words).notes).toEqual(["Nothing was recorded in this time."]);
});

test("what is no web site has one figure", () => {
  const { figures } = reportContent({ isWeb: false, queries: {} }, answers(), period, words);
  expect(figures).toEqual([{ label: "Events", value: 8, before: 0 }]);
});

test("a part of the page without figures has none, and lists alone are something", () => {
  const lists = { events: { result: [{ $collection: "orders", result: 9 }] } };
  expect(reportContent(web, lists, period, words)).toMatchObject({
    figures: [],
    lists: [{ title: "Events" }],
    notes: [],
  });
});

describe("nothing is said", () => {
  test("where nothing was ever recorded", () => {
    expect(reportContent(undefined, {}, period, words)).toStrictEqual({
      ...said,
      period: week,
      figures: [],
      lists: [],
      notes: ["Nothing was recorded yet."],
    });
  });

  test("where nothing was recorded in the time", () => {
    const zero = { visitors: 0, views: 0, events: 0 };
    const empty = { now: { result: zero }, before: { result: zero }, visits: { result: 0 }, pages: { result: [] } };
    expect(reportContent(web, empty, period, words)).toMatchObject({
      lists: [],
      notes: ["Nothing was recorded in this time."],
    });
  });
});

test.each([
  [400, "group_by is wrong.", "InvalidParameterError", "group_by is wrong."],
  [429, "Too much.", "ServiceUnavailable", "Too much."],
  [499, undefined, "InvalidParameterError", "A question of the report could not be answered."],
  [500, "Gone.", "ServiceUnavailable", "Gone."],
  [503, undefined, "ServiceUnavailable", "A question of the report could not be answered."],
])("a question that was answered with %i %s ends the report: %s", (status, message, code, said_) => {
  const failed = answers({ pages: { status, ...(message !== undefined && { message }) } });
  expect(() => reportContent(web, failed, period, words)).toThrow(expect.objectContaining({ code, message: said_ }));
});
