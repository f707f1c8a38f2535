import { storedEvent } from "@millrace/core/contract";
import { expect, test } from "vitest";
import { piecesOf } from "./pieces.ts";

const event = (text = "") => storedEvent({ project: "p", properties: { text } });

test("the events of an append are taken apart in order, each piece within the weight, and none is missing", () => {
  const events = Array.from({ length: 10 }, () => event());
  const pieces = piecesOf(events, 4);
  expect(pieces.map(({ weight }) => weight)).toEqual([4, 4, 2]);
  expect(pieces.flatMap((piece) => piece.events)).toEqual(events);
});

test("an event weighs by its values: few that are long are as much as many that are short", () => {
  const events = [event("x".repeat(3_500)), event(), event("x".repeat(900)), event("x".repeat(50_000)), event()];
  expect(piecesOf(events, 5).map((piece) => piece.events.length)).toEqual([2, 1, 1, 1]);
});

test("a small append is one piece, nothing is none", () => {
  const events = [event(), event()];
  expect(piecesOf(events, 500)).toEqual([{ events, weight: 2 }]);
  expect(piecesOf([], 500)).toEqual([]);
});

test("an event that is too much for a piece has one of its own, also as the first", () => {
  const events = [event("x".repeat(9_000)), event(), event()];
  expect(piecesOf(events, 5).map((piece) => piece.events.length)).toEqual([1, 2]);
});
