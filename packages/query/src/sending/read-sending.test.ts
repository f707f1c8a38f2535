import type { JsonObject } from "@millrace/core";
import { keyOfTarget, type Target } from "@millrace/ops";
import { describe, expect, test } from "vitest";
import { readReport, readWatch, type Reading } from "./read-sending.ts";

const HOOK = "https://hooks.example/1";
const ADA: Target = { kind: "mail", address: "ada@example.com" };
const reading: Reading = { mail: true, allowPrivate: false, known: [ADA] };
const to = [{ webhook: HOOK }];

describe("a report", () => {
  const read = (raw: JsonObject, more: Partial<Reading> = {}) => readReport(raw, "weekly", { ...reading, ...more });
  const least = { every: "daily", to };

  test("is sent at eight, on Mondays where it is weekly, unless it says otherwise", () => {
    const sent = { name: "weekly", hour: 8, weekday: 1, to: [{ kind: "json", webhook: HOOK }] };
    expect(read(least)).toStrictEqual({ ...sent, every: "daily" });
    expect(read({ ...least, filters: [], paused: false })).toStrictEqual({ ...sent, every: "daily" });
    const filters = [{ property_name: "a", operator: "eq", property_value: 1 }];
    const all = { every: "weekly", hour: 0, weekday: "saturday", timezone: "Asia/Tokyo", to, filters, paused: true };
    expect(read(all)).toStrictEqual({ ...sent, ...all, weekday: 6, to: sent.to });
  });

  test("goes to each in its form; one that it went to before is named by its id alone", () => {
    const targets = [{ slack: HOOK }, { webhook: HOOK }, { mail: " Bob@Example.COM " }, { id: keyOfTarget(ADA) }];
    expect(read({ ...least, to: targets }).to).toStrictEqual([
      { kind: "slack", webhook: HOOK },
      { kind: "json", webhook: HOOK },
      { kind: "mail", address: "bob@example.com" },
      ADA,
    ]);
    const insecure = [{ webhook: "http://10.0.0.1/" }];
    expect(read({ ...least, to: insecure }, { allowPrivate: true }).to).toEqual([
      { kind: "json", webhook: "http://10.0.0.1/" },
    ]);
  });

  test.each<[message: string | RegExp, raw: JsonObject, more?: Partial<Reading>]>([
    ['"hours" is not a parameter of a report. Did you mean "hour"?', { ...least, hours: 5 }],
    [/^report\.every: /, { to }],
    [/^report\.hour: /, { ...least, hour: 24 }],
    [/^report\.hour: /, { ...least, hour: 1.5 }],
    [/^report\.weekday: /, { ...least, weekday: "someday" }],
    [/^report\.to: /, { ...least, to: [] }],
    [/^report\.to: /, { ...least, to: Array(11).fill(to[0]) }],
    [/^report\.to\[0\]: /, { ...least, to: [{ webhook: HOOK, slack: HOOK }] }],
    ["report.to[0].webhook: Invalid URL.", { ...least, to: [{ webhook: "ftp://x.example/" }] }],
    [/^report\.filters: /, { ...least, filters: Array(51).fill({}) }],
    ["filters[0] must be an object.", { ...least, filters: [5] }],
    [/timezone "Mars\/Here"/, { ...least, timezone: "Mars/Here" }],
    ["to[1].id: it is sent to nobody with this id.", { ...least, to: [...to, { id: "nobody" }] }],
    ["to[0]: this installation sends no mail.", { ...least, to: [{ mail: "ada@example.com" }] }, { mail: false }],
    [/^to\[0\]\.mail must be one mail address/, { ...least, to: [{ mail: "a@b@c" }] }],
    ["to[1] must be an address that begins with https://.", { ...least, to: [...to, { slack: "http://x.example/" }] }],
  ])("%s", (message, raw, more) => {
    expect(() => read(raw, more)).toThrow(message);
  });
});

describe("a watch", () => {
  const read = (raw: JsonObject) => readWatch(raw, "orders", reading);
  const query = { analysis_type: "count", event_collection: "orders" };
  const least = { query, alert: { below: 5 }, to };

  test("looks each hour, warns, and asks its own question or a saved one", () => {
    const watch = {
      name: "orders",
      question: { kind: "own", analysis: "count", parameters: { event_collection: "orders" } },
      unit: "hour",
      alert: { kind: "value", side: "below", than: 5 },
      severity: "warn",
      to: [{ kind: "json", webhook: HOOK }],
    };
    expect(read(least)).toStrictEqual(watch);
    const { query: _, ...saved } = {
      ...least,
      saved_query_name: "s",
      every: "daily",
      severity: "critical",
      timezone: "UTC",
      paused: true,
    };
    expect(read(saved)).toStrictEqual({
      ...watch,
      question: { kind: "saved", name: "s" },
      unit: "day",
      severity: "critical",
      timezone: "UTC",
      paused: true,
    });
  });

  test.each([
    [{ above: -1 }, { kind: "value", side: "above", than: -1 }],
    [
      { below_percent: 0, of: "previous_week" },
      { kind: "change", side: "below", percent: 0, of: "previous_week" },
    ],
    [
      { above_percent: 150, of: "previous_day" },
      { kind: "change", side: "above", percent: 150, of: "previous_day" },
    ],
  ])("alerts by %j", (alert, expected) => {
    expect(read({ ...least, alert }).alert).toStrictEqual(expected);
  });

  const one =
    "A watch needs a question with one number for an answer: count, count_unique, sum, average, minimum, maximum, median, percentile, without ";
  test.each<[message: string | RegExp, raw: JsonObject]>([
    ['"pause" is not a parameter of a watch. Did you mean "paused"?', { ...least, pause: true }],
    ["A watch has either a query or a saved_query_name.", { ...least, saved_query_name: "s" }],
    ["A watch has either a query or a saved_query_name.", { alert: least.alert, to }],
    ["query.analysis_type is required.", { ...least, query: { event_collection: "orders" } }],
    [
      "query.timeframe: a watch asks of each hour or day that is over.",
      { ...least, query: { ...query, timeframe: "today" } },
    ],
    [`${one}group_by.`, { ...least, query: { ...query, group_by: "a" } }],
    [`${one}interval.`, { ...least, query: { ...query, interval: "daily" } }],
    [`${one}compare_to.`, { ...least, query: { ...query, compare_to: "previous_period" } }],
    [`${one}groups or intervals.`, { ...least, query: { ...query, analysis_type: "extraction" } }],
    ["target_property is required.", { ...least, query: { ...query, analysis_type: "sum" } }],
    [/^watch\.alert: /, { ...least, alert: { below: 1, above: 2 } }],
    [/^watch\.alert\.below_percent: /, { ...least, alert: { below_percent: -1, of: "previous_day" } }],
    [/^watch\.severity: /, { ...least, severity: "ok" }],
    [/^watch\.every: /, { ...least, every: "weekly" }],
  ])("%s", (message, raw) => {
    expect(() => read(raw)).toThrow(message);
  });
});
