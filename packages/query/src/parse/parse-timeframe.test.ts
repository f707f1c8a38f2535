import { isoUtc, resolveTimeframe, zoneId, type Json } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { parseTime } from "./parse-timeframe.ts";

/** Wednesday. */
const NOW = Date.UTC(2021, 2, 10, 12, 34, 56);

function rangeOf(timeframe: Json, timezone?: Json): [start: string, end: string, zone: string] {
  const parsed = parseTime({ timeframe, ...(timezone !== undefined && { timezone }) });
  if (!parsed.timeframe) throw new Error("no timeframe");
  const { start, end } = resolveTimeframe(parsed.timeframe, NOW, parsed.zone);
  return [isoUtc(start), isoUtc(end), zoneId(parsed.zone)];
}

describe("relative", () => {
  test.each([
    ["today", "2021-03-10", "2021-03-11"],
    ["this_day", "2021-03-10", "2021-03-11"],
    ["this_1_days", "2021-03-10", "2021-03-11"],
    ["this_2_day", "2021-03-09", "2021-03-11"],
    ["yesterday", "2021-03-09", "2021-03-10"],
    ["previous_day", "2021-03-09", "2021-03-10"],
    ["previous_2_days", "2021-03-08", "2021-03-10"],
    ["last_7_days", "2021-03-03", "2021-03-10"],
    ["last_week", "2021-02-28", "2021-03-07"],
    ["this_week", "2021-03-07", "2021-03-14"],
    ["previous_month", "2021-02-01", "2021-03-01"],
    ["this_2_years", "2020-01-01", "2022-01-01"],
  ])("%s is %s to %s", (text, start, end) => {
    expect(rangeOf(text)).toEqual([`${start}T00:00:00.000Z`, `${end}T00:00:00.000Z`, "UTC"]);
  });

  test("hours and minutes", () => {
    expect(rangeOf("this_hour")).toEqual(["2021-03-10T12:00:00.000Z", "2021-03-10T13:00:00.000Z", "UTC"]);
    expect(rangeOf("previous_90_minutes")).toEqual(["2021-03-10T11:04:00.000Z", "2021-03-10T12:34:00.000Z", "UTC"]);
  });

  test("days are those of the zone, by name or in seconds, as number or text", () => {
    expect(rangeOf("today", "America/New_York").slice(0, 2)).toEqual([
      "2021-03-10T05:00:00.000Z",
      "2021-03-11T05:00:00.000Z",
    ]);
    expect(rangeOf("today", -18000)).toEqual(["2021-03-10T05:00:00.000Z", "2021-03-11T05:00:00.000Z", "-05:00"]);
    expect(rangeOf("today", "-18000")).toEqual(rangeOf("today", -18000));
  });

  test.each([
    "this_0_days",
    "this_days",
    "this_7_dayss",
    "this_-1_days",
    "this_1.5_days",
    "next_week",
    "THIS_DAY",
    " today",
    "this_999999999999_years",
    "this_1001_years",
    "previous_7_seconds",
    "this_7",
    "constructor",
  ])("%j is refused, saying what is allowed", (text) => {
    expect(() => rangeOf(text)).toThrow(expect.objectContaining({ code: "InvalidTimeframeError" }));
    expect(() => rangeOf(text)).toThrow(/previous_7_days/);
  });
});

describe("absolute", () => {
  test("without an offset: read in the zone, whose days are the buckets", () => {
    expect(rangeOf({ start: "2015-10-19", end: "2015-10-26" }, -18000)).toEqual([
      "2015-10-19T05:00:00.000Z",
      "2015-10-26T05:00:00.000Z",
      "-05:00",
    ]);
    expect(rangeOf({ start: "2015-10-19T10:00", end: "2015-10-19 11:00" })).toEqual([
      "2015-10-19T10:00:00.000Z",
      "2015-10-19T11:00:00.000Z",
      "UTC",
    ]);
  });

  test("an explicit offset wins and timezone is ignored", () => {
    const asked = { start: "2015-10-19T05:00:00.000Z", end: "2015-10-26T05:00:00.000Z" };
    expect(rangeOf(asked, "US/Eastern")).toEqual([asked.start, asked.end, "UTC"]);
    expect(rangeOf({ start: "2015-10-19T00:00-05:00", end: "2015-10-26T00:00-05:00" }, 7200)).toEqual([
      asked.start,
      asked.end,
      "-05:00",
    ]);
  });

  test("the start's offset holds for an end without one", () => {
    expect(rangeOf({ start: "2015-10-19T00:00:00-05:00", end: "2015-10-20" }, "Asia/Tokyo")[1]).toBe(
      "2015-10-20T05:00:00.000Z",
    );
  });

  test.each<[Json, RegExp]>([
    [{ start: "2021-03-02", end: "2021-03-01" }, /timeframe\.end .* must be after timeframe\.start/],
    [{ start: "2021-03-01", end: "2021-03-01" }, /must be after/],
    [{ start: "2021-02-30", end: "2021-03-01" }, /timeframe\.start "2021-02-30" is not an ISO 8601 time/],
    [{ start: "2021-02-01", end: "soon" }, /timeframe\.end "soon"/],
    [{ start: "2021-02-01" }, /^timeframe/],
    [{ start: 1, end: 2 }, /^timeframe/],
    [[], /^timeframe/],
    [7, /^timeframe/],
    [true, /^timeframe/],
  ])("%j is refused", (timeframe, message) => {
    expect(() => rangeOf(timeframe)).toThrow(expect.objectContaining({ code: "InvalidTimeframeError" }));
    expect(() => rangeOf(timeframe)).toThrow(message);
  });
});

test.each(["Mars/Olympus", "+05:00", "__proto__", 30, 99 * 3600, true, [], {}])(
  "timezone %j is refused",
  (timezone) => {
    expect(() => parseTime({ timezone })).toThrow(expect.objectContaining({ code: "InvalidParameterError" }));
  },
);

test("no timeframe is all time; Etc/Utc in any case is a zone", () => {
  expect(parseTime({ timezone: "Etc/Utc" })).toEqual({ zone: expect.objectContaining({ kind: "named" }) });
});
