import { expect, test } from "vitest";
import { matching, type Command } from "./command.ts";

const command = (label: string, group = "Page"): Command => ({ id: label, label, group, run: () => {} });
const found = (commands: readonly Command[], text: string) => matching(commands, text).map(({ label }) => label);

test("what begins with the text comes before what has it somewhere, and accents and case do not matter", () => {
  const all = ["Last month", "Month to date", "Überblick", "Umonth"].map((label) => command(label));
  expect(found(all, "MONTH")).toEqual(["Month to date", "Last month", "Umonth"]);
  expect(found(all, "uber")).toEqual(["Überblick"]);
  expect(found(all, " ")).toEqual(["Last month", "Month to date", "Überblick", "Umonth"]);
});

test("words may stand in any order, and one of them may be the kind of thing", () => {
  const all = [command("Sales, Europe", "Board"), command("Sales", "Goal"), command("Filter by country", "Filter")];
  expect(found(all, "europe sales")).toEqual(["Sales, Europe"]);
  expect(found(all, "goal sal")).toEqual(["Sales"]);
  expect(found(all, "nothing")).toEqual([]);
});
