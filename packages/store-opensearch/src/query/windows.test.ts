import { expect, test } from "vitest";
import { nextWindow, type Marks } from "./windows.ts";

const marks: Marks = {
  values: "abcdefghij".split("").map((value) => ({ value, events: value === "e" ? 5_000 : 100 })),
};

test("a window ends before it would have more events than three quarters of a page", () => {
  expect(nextWindow(marks, "", 400)).toEqual({ to: "c", events: 300 });
  expect(nextWindow(marks, "c", 400)).toEqual({ to: "d", events: 100 });
  expect(nextWindow(marks, "bb", 270)).toEqual({ to: "d", events: 200 });
});

test("what no page can hold is a window by itself, and the last one has no end", () => {
  expect(nextWindow(marks, "d", 400)).toEqual({ to: "e", events: 5_000 });
  expect(nextWindow(marks, "g", 400)).toEqual({ to: undefined, events: 300 });
  expect(nextWindow(marks, "j", 400)).toEqual({ to: undefined, events: 0 });
  expect(nextWindow({ values: [] }, "x", 400)).toEqual({ to: undefined, events: 0 });
});

test("values are in the engine's order, that of code points", () => {
  const values = ["\u{e000}", "😀"].map((value) => ({ value, events: 100 }));
  expect(nextWindow({ values }, "\u{e000}", 400)).toEqual({ to: undefined, events: 100 });
  expect(nextWindow({ values }, "😀", 400)).toEqual({ to: undefined, events: 0 });
});
