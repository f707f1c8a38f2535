import { expect, test } from "vitest";
import { COUNT, EXPLORE, type Measure } from "../spec.ts";
import { readWords } from "./read-words.ts";
import { vocabularyOf } from "./vocabulary.ts";

const NOW = "2026-05-20T14:30";
const vocabulary = vocabularyOf({
  events: ["pageviews", "orders", "sign_ups", "videoPlayed"],
  properties: [
    { name: "amount", isNumber: true },
    { name: "plan", isNumber: false },
    { name: "load_ms", isNumber: true },
  ],
  offers: (field) => field !== "$geo.city",
  locale: "de",
});
const world = { vocabulary, now: NOW };

const VISITORS: Measure = { ...COUNT, analysis: "count_unique", property: "$visitor" };
const VISITS: Measure = { ...COUNT, analysis: "count_unique", property: "$visit.id" };
const of = (analysis: Measure["analysis"], property: string): Measure => ({ ...COUNT, analysis, property });
const by = (...fields: string[]) => fields.map((property) => ({ property, size: 0, limits: [] }));
const is = (field: string, ...values: (string | number)[]) => ({ field, op: "is", values });

/** What is asked, apart from what is at its default. */
const SPECS: readonly (readonly [string, object])[] = [
  ["page views", { events: ["pageviews"] }],
  ["How many page views?", { events: ["pageviews"], interval: "none" }],
  ["number of orders per day", { events: ["orders"], interval: "day" }],
  ["how many visitors per week", { events: ["pageviews"], measures: [VISITORS], interval: "week" }],
  ["visits by channel", { events: ["pageviews"], measures: [VISITS], groups: by("$visit.channel"), interval: "none" }],
  [
    "page views and visitors by country and browser",
    {
      events: ["pageviews"],
      measures: [COUNT, VISITORS],
      groups: by("$geo.country", "$browser.name"),
      interval: "none",
    },
  ],
  [
    "top 5 pages by visitors",
    { events: ["pageviews"], measures: [VISITORS], groups: by("$page.path"), interval: "none", limit: 5 },
  ],
  ["most visited pages", { groups: by("$page.path"), interval: "none" }],
  [
    "Which country has the most visitors?",
    { events: ["pageviews"], measures: [VISITORS], groups: by("$geo.country"), interval: "none" },
  ],
  [
    "sum of amount of orders by plan",
    { events: ["orders"], measures: [of("sum", "amount")], groups: by("plan"), interval: "none" },
  ],
  ["total orders", { events: ["orders"] }],
  ["average amount per order by month", { events: ["orders"], measures: [of("average", "amount")], interval: "month" }],
  ["95th percentile of load ms", { measures: [{ ...of("percentiles", "load_ms"), percentiles: [95] }] }],
  ["p50 load_ms", { measures: [{ ...of("percentiles", "load_ms"), percentiles: [50] }] }],
  ["how many different plans", { measures: [of("count_unique", "plan")], interval: "none" }],
  ["sign-ups over time by plan", { events: ["sign_ups"], groups: by("plan"), interval: "auto" }],
  ["signups, video played", { events: ["sign_ups", "videoPlayed"] }],
  ["Seitenaufrufe nach Land", { events: ["pageviews"], groups: by("$geo.country"), interval: "none" }],
  ["Wie viele Besucher pro Tag?", { events: ["pageviews"], measures: [VISITORS], interval: "day" }],
  ["Summe von amount pro order", { events: ["orders"], measures: [of("sum", "amount")] }],
];

test.each(SPECS)("%s", (text, spec) => {
  const read = readWords(text, world);
  expect(read).toEqual({ spec: { ...EXPLORE.defaults, ...spec }, around: { filters: [] }, left: [] });
});

const custom = (from: string, to: string) => ({ range: "custom", from, to });
const named = (range: string) => ({ range, from: undefined, to: undefined });

const TIMES: readonly (readonly [string, object])[] = [
  ["today", named("today")],
  ["gestern", named("yesterday")],
  ["in the last 7 days", named("7d")],
  ["last 14 days", custom("2026-05-07", "2026-05-20")],
  ["in den letzten 2 Wochen", custom("2026-05-07", "2026-05-20")],
  ["past 3 hours", custom("2026-05-20T12:00", "2026-05-20T15:00")],
  ["last 3 months", custom("2026-03-01", "2026-05-20")],
  ["last year", custom("2025-01-01", "2025-12-31")],
  ["this year", named("year")],
  ["in March", custom("2026-03-01", "2026-03-31")],
  ["in November", custom("2025-11-01", "2025-11-30")],
  ["im Februar 2024", custom("2024-02-01", "2024-02-29")],
  ["in 2024", custom("2024-01-01", "2024-12-31")],
  ["on 3 May", custom("2026-05-03", "2026-05-03")],
  ["on May 3rd, 2025", custom("2025-05-03", "2025-05-03")],
  ["since 1 April", custom("2026-04-01", "2026-05-20")],
  ["between 2026-05-01 and 2026-05-10", custom("2026-05-01", "2026-05-10")],
  ["from January to March", custom("2026-01-01", "2026-03-31")],
];

test.each(TIMES)("page views %s", (text, around) => {
  expect(readWords(`page views ${text}`, world)).toMatchObject({ around, left: [] });
});

const CONDITIONS: readonly (readonly [string, readonly object[]])[] = [
  ["from Germany", [is("$geo.country", "DE")]],
  ["aus Österreich", [is("$geo.country", "AT")]],
  ["in the United States", [is("$geo.country", "US")]],
  ["where country is not France", [{ field: "$geo.country", op: "isnt", values: ["FR"] }]],
  ["on /pricing", [is("$page.path", "/pricing")]],
  ["on /blog/*", [{ field: "$page.path", op: "begins", values: ["/blog/"] }]],
  ["on mobile with chrome", [is("$device", "mobile"), is("$browser.name", "Chrome")]],
  ["from google", [is("$visit.source", "google", "Google")]],
  ['via "Hacker News"', [is("$visit.source", "Hacker News")]],
  ["where amount above 10", [{ field: "amount", op: "above", values: [10] }]],
  ["amount < 2,5", [{ field: "amount", op: "below", values: [2.5] }]],
  ['where plan is "7"', [is("plan", "7")]],
  ["plan contains pro", [{ field: "plan", op: "contains", values: ["pro"] }]],
];

test.each(CONDITIONS)("orders %s", (text, filters) => {
  expect(readWords(`orders ${text}`, world)).toMatchObject({ around: { filters }, left: [] });
});

test("what it is compared with, and who counts", () => {
  const read = (text: string) => readWords(text, world)?.around;
  expect(read("page views last 30 days compared with last year")).toMatchObject({ range: "30d", compare: "year" });
  expect(read("page views yesterday vs the day before")).toMatchObject({ range: "yesterday" });
  expect(read("page views vs the previous period including bots")).toMatchObject({ compare: "previous", bots: "all" });
});

test("what is not understood is told, and changes nothing", () => {
  const read = readWords("page views by flavour of Germany constructor __proto__", world);
  expect(read?.left).toEqual(["flavour", "constructor", "__proto__"]);
  expect(read?.spec.groups).toEqual([]);
});

test("a property that may not be named is none", () => {
  expect(readWords("page views by city", world)?.left).toEqual(["city"]);
});

test.each(["", "   ", "hello there", "yesterday", '"page views"', "?!"])("%j asks for nothing", (text) => {
  expect(readWords(text, world)).toBeUndefined();
});

test("a project's own names mean more than ours", () => {
  const own = vocabularyOf({
    events: ["users"],
    properties: [{ name: "country", isNumber: false }],
    offers: () => true,
    locale: "en",
  });
  expect(readWords("events by country", { vocabulary: own, now: NOW })?.spec.groups).toEqual(
    by("$collection", "country"),
  );
});

test("a text of any length is read in no time that anybody notices", () => {
  expect(readWords("page views by country ".repeat(100_000), world)?.spec.groups).toEqual(by("$geo.country"));
});
