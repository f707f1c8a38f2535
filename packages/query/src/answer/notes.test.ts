import { parseZone, UTC, type Field, type MetricPlan } from "@millrace/core";
import { expect, test } from "vitest";
import { notesOn, notesOnActors, notesOnIncomplete, notesOnUnknown, VISITOR_DAYS_NOTE } from "./notes.ts";

const HOUR = 3_600_000;
const BERLIN = parseZone("Europe/Berlin");
const VISITOR = { kind: "standard", column: "visitor" } as Field;
const PAGE = { kind: "standard", column: "page_path" } as Field;
const CUSTOM = { kind: "custom", path: "visitor", column: "visitor" } as unknown as Field;
const at = (text: string) => Date.parse(text);
const day = { start: at("2026-03-02T00:00:00Z"), end: at("2026-03-03T00:00:00Z") };

type Parts = { kind?: string; field?: Field; range?: { start: number; end: number }; edges?: number[] };
const planOf = ({ kind = "count_unique", field = VISITOR, ...when }: Parts) =>
  ({ measures: [{ measure: { kind: "count" } }, { measure: { kind, field } }], ...when }) as unknown as MetricPlan;

test.each<[what: string, parts: Parts, isSaid: boolean]>([
  ["one day", { range: day }, false],
  ["a part of a day", { range: { start: day.start + HOUR, end: day.start + 2 * HOUR } }, false],
  ["an hour on each side of midnight", { range: { start: day.start - 1, end: day.start + 1 } }, true],
  ["a day and a millisecond", { range: { start: day.start, end: day.end + 1 } }, true],
  ["all time", {}, true],
  ["several days, each by itself", { edges: [day.start, day.end, day.end + 24 * HOUR] }, false],
  ["several days, of which two are together", { edges: [day.start, day.end, day.end + 48 * HOUR] }, true],
  ["visitors by name over two days", { kind: "select_unique", range: { start: day.start, end: day.end + HOUR } }, true],
  ["another number of visitors", { kind: "median", range: { start: day.start, end: day.end + HOUR } }, false],
  ["pages over two days", { field: PAGE, range: { start: day.start, end: day.end + HOUR } }, false],
  ["a property of one's own over two days", { field: CUSTOM, range: { start: day.start, end: day.end + HOUR } }, false],
])("visitors of %s: said that one is several, or not", (_, parts, isSaid) => {
  expect(notesOn(planOf(parts), UTC)).toEqual(isSaid ? [VISITOR_DAYS_NOTE] : []);
});

test("days are those of the project, and the one on which clocks go back has 25 hours", () => {
  const long = { start: at("2026-10-24T22:00:00Z"), end: at("2026-10-25T23:00:00Z") };
  expect(notesOn(planOf({ range: long }), BERLIN)).toEqual([]);
  expect(notesOn(planOf({ range: long }), UTC)).toEqual([VISITOR_DAYS_NOTE]);
});

test("visitors that are looked for at several times are several, whatever stands beside them", () => {
  const long = { start: day.start, end: day.end + HOUR };
  expect(notesOnActors([{ actor: VISITOR, range: day }], UTC)).toEqual([]);
  expect(notesOnActors([{ actor: PAGE, range: long }], UTC)).toEqual([]);
  expect(
    notesOnActors(
      [
        { actor: VISITOR, range: day },
        { actor: VISITOR, range: long },
      ],
      UTC,
    ),
  ).toEqual([VISITOR_DAYS_NOTE]);
  expect(notesOnActors([{ actor: VISITOR }], UTC)).toEqual([VISITOR_DAYS_NOTE]);
});

test("a collection that nobody knows is named", () => {
  expect(notesOnUnknown(["orders", "refunds"])).toEqual([
    'There is no collection "orders" yet.',
    'There is no collection "refunds" yet.',
  ]);
});

test.each([
  [[day], day.end, " from 2026-03-02 until 2026-03-03", " Since 2026-03-03 they are complete."],
  [[day], day.end - 1, " from 2026-03-02 until 2026-03-03", ""],
  [[{ start: -Infinity, end: day.end }], day.end, " until 2026-03-03", " Since 2026-03-03 they are complete."],
  [[{ start: day.start, end: Infinity }], day.end, " from 2026-03-02", ""],
  [[{ start: -Infinity, end: Infinity }], day.end, " of any time", ""],
  [
    [day, { start: day.end + 24 * HOUR, end: day.end + 48 * HOUR }],
    day.end + 72 * HOUR,
    " from 2026-03-02 until 2026-03-03 and from 2026-03-04 until 2026-03-05",
    " Since 2026-03-05 they are complete.",
  ],
])("values that may be missing are told with the time of which they are: %j", (ranges, now, when, since) => {
  expect(notesOnIncomplete({ incomplete: [{ path: "plan", ranges }] } as never, now)).toEqual([
    `Values of "plan"${when} may be missing: they came beyond the quota of indexed properties, where only eq and in find them.${since}`,
  ]);
});
