import { expect, test } from "vitest";
import { annotationsOf, within } from "./annotations.ts";

const answer = (name: string, at: unknown) => ({
  name,
  title: name,
  content: { at: at as string },
  version: 1,
  created_date: "",
  last_modified_date: "",
});

test("notes are by time, and one without a time is none", () => {
  const notes = annotationsOf([
    answer("b", "2026-05-18T14:00"),
    answer("a", "2026-05-17"),
    answer("x", "soon"),
    answer("y", 5),
  ]);
  expect(notes.map(({ name }) => name)).toEqual(["a", "b"]);
});

test("a note belongs to the bucket that its time falls into, one on a day to that day's first hour", () => {
  const notes = annotationsOf([answer("day", "2026-05-18"), answer("hour", "2026-05-18T14:30")]);
  const of = (start: string, end: string) => within(notes, start, end).map(({ name }) => name);
  expect(of("2026-05-18", "2026-05-19")).toEqual(["day", "hour"]);
  expect(of("2026-05-17", "2026-05-18")).toEqual([]);
  expect(of("2026-05-18T00:00", "2026-05-18T01:00")).toEqual(["day"]);
  expect(of("2026-05-18T14:00", "2026-05-18T15:00")).toEqual(["hour"]);
});
