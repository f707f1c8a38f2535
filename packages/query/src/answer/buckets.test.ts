import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestApp, type TestApp } from "../../test/setup.ts";

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
  await t.record({ at: "2015-01-04T00:00:00Z" }, { at: "2015-10-20T04:59:59.999Z" }, { at: "2015-10-20T05:00:00Z" });
});
afterAll(() => t.close());

/** Start and end of each bucket, to the minute, and its count. */
async function buckets(parameters: object): Promise<string[]> {
  const { status, body } = await t.query("count", parameters);
  if (status !== 200) throw new Error(JSON.stringify(body));
  const result = body.result as { value: number; timeframe: { start: string; end: string } }[];
  return result.map(({ value, timeframe }) => `${timeframe.start.slice(5, 16)} ${timeframe.end.slice(5, 16)} ${value}`);
}

test("weeks start on Sunday; the first and last are clipped", async () => {
  const timeframe = { start: "2015-01-01", end: "2015-01-25" };
  expect(await buckets({ timeframe, interval: "weekly" })).toEqual([
    "01-01T00:00 01-04T00:00 0",
    "01-04T00:00 01-11T00:00 1",
    "01-11T00:00 01-18T00:00 0",
    "01-18T00:00 01-25T00:00 0",
  ]);
});

describe("whose days", () => {
  test("without an offset in the text: those of timezone", async () => {
    const timeframe = { start: "2015-10-19", end: "2015-10-21" };
    expect(await buckets({ timeframe, timezone: -18000, interval: "daily" })).toEqual([
      "10-19T05:00 10-20T05:00 1",
      "10-20T05:00 10-21T05:00 1",
    ]);
  });

  test("with Z in the text: UTC days, whatever timezone says; first and last are short", async () => {
    const timeframe = { start: "2015-10-19T05:00:00.000Z", end: "2015-10-21T05:00:00.000Z" };
    expect(await buckets({ timeframe, timezone: "US/Eastern", interval: "daily" })).toEqual([
      "10-19T05:00 10-20T00:00 0",
      "10-20T00:00 10-21T00:00 2",
      "10-21T00:00 10-21T05:00 0",
    ]);
  });

  test("a named zone follows its clock changes; an offset in the text does not", async () => {
    const named = { timeframe: { start: "2015-10-31", end: "2015-11-03" }, timezone: "America/New_York" };
    expect(await buckets({ ...named, interval: "daily" })).toEqual([
      "10-31T04:00 11-01T04:00 0",
      "11-01T04:00 11-02T05:00 0",
      "11-02T05:00 11-03T05:00 0",
    ]);
    const fixed = { timeframe: { start: "2015-10-31T00:00-04:00", end: "2015-11-02T00:00-05:00" } };
    expect(await buckets({ ...fixed, timezone: "America/New_York", interval: "daily" })).toEqual([
      "10-31T04:00 11-01T04:00 0",
      "11-01T04:00 11-02T04:00 0",
      "11-02T04:00 11-02T05:00 0",
    ]);
  });
});

test("every_N counts from the start of the timeframe; the last is clipped", async () => {
  const timeframe = { start: "2015-10-19T01:00Z", end: "2015-10-22T00:00Z" };
  expect(await buckets({ timeframe, interval: "every_30_hours" })).toEqual([
    "10-19T01:00 10-20T07:00 2",
    "10-20T07:00 10-21T13:00 0",
    "10-21T13:00 10-22T00:00 0",
  ]);
});

test("more buckets than an answer may have are refused, with the way out", async () => {
  const { status, body } = await t.query("count", { timeframe: "this_year", interval: "minutely" });
  expect([status, body]).toEqual([
    400,
    { error_code: "InvalidIntervalError", message: expect.stringContaining("Use a longer interval") },
  ]);
});

test("the longest timeframes and intervals stay within what a date can be", async () => {
  expect(await t.query("count", { timeframe: "previous_1000_years" })).toMatchObject({ body: { result: 3 } });
  const all = { start: "0000-01-01", end: "9999-12-31T23:59:59.999Z" };
  expect(await t.query("count", { timeframe: all, interval: "every_1000_years" })).toMatchObject({ status: 200 });
  const tokyo = { timeframe: "previous_1000_years", timezone: "Asia/Tokyo", interval: "yearly" };
  expect(await t.query("count", tokyo)).toMatchObject({ status: 200 });
});
