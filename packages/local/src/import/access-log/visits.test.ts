import { VISIT_TIMEOUT_MS } from "@millrace/core";
import { expect, test } from "vitest";
import { VisitIndex } from "./visits.ts";

const MINUTE = 60_000;
const ENTRY = { url: "/", referrer: undefined };

/** Page views as [visitor, minute], one line each, lines from 1. */
function index(views: readonly (readonly [visitor: number, minute: number])[]) {
  const visits = new VisitIndex();
  views.forEach(([visitor, minute], i) =>
    visits.add(i + 1, minute * MINUTE, visitor, 1000 + i, { url: `/${i}`, referrer: undefined }),
  );
  visits.finish();
  return views.map((_, i) => visits.of(i + 1));
}

test("page views of one visitor within 30 minutes of the one before are one visit, numbered", () => {
  const [a, b, c] = index([
    [7, 0],
    [7, 30],
    [7, 45],
  ]);
  expect([a?.page, b?.page, c?.page]).toEqual([1, 2, 3]);
  expect(new Set([a?.visit, b?.visit, c?.visit]).size).toBe(1);
  expect([a?.engagedMs, b?.engagedMs, c?.engagedMs]).toEqual([0, VISIT_TIMEOUT_MS, 15 * MINUTE]);
});

test("more than 30 minutes of silence begin a new visit", () => {
  const [a, b] = index([
    [7, 0],
    [7, 30.001],
  ]);
  expect(b).toMatchObject({ page: 1, engagedMs: 0 });
  expect(b?.visit).not.toBe(a?.visit);
});

test("visitors do not share visits, and lines in no order are put in order of time", () => {
  const [late, early, other] = index([
    [7, 10],
    [7, 5],
    [8, 6],
  ]);
  expect([late?.page, early?.page, other?.page]).toEqual([2, 1, 1]);
  expect(late?.visit).toBe(early?.visit);
  expect([late?.entry.url, early?.entry.url, other?.entry.url]).toEqual(["/1", "/1", "/2"]);
  expect(other?.visit).not.toBe(late?.visit);
});

test("the same log gives the same visits, another log with the same times does not", () => {
  const times: [number, number][] = [
    [1, 0],
    [2, 0],
  ];
  expect(index(times)).toEqual(index(times));
  const other = new VisitIndex();
  other.add(1, 0, 1, 5, ENTRY);
  other.finish();
  expect(other.of(1)?.visit).not.toBe(index(times)[0]?.visit);
});

test("a line that is no page view has no visit", () => {
  const visits = new VisitIndex();
  visits.add(5, 0, 1, 1, ENTRY);
  visits.finish();
  expect(visits.of(4)).toBeUndefined();
});
