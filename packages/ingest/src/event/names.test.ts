import { LIMITS } from "@millrace/core";
import { expect, test } from "vitest";
import { checkCollectionName } from "./names.ts";

const LONG = "x".repeat(LIMITS.collectionNameChars + 1);

test.each([
  [" ", "is blank"],
  ["", "is blank"],
  [LONG, "is longer than 256 characters"],
  ["$money", "may hold printable ASCII characters without $ only"],
  ["mon$y", "may hold printable ASCII characters without $ only"],
  ["été", "may hold printable ASCII characters without $ only"],
  ["sales\n", "may hold printable ASCII characters without $ only"],
  ["_hidden", "starts with _"],
  [".sales", "starts or ends with a dot"],
  ["sales.", "starts or ends with a dot"],
])("the collection %j %s, and the error says so", (name, problem) => {
  expect(() => checkCollectionName(name)).toThrow(
    expect.objectContaining({
      code: "InvalidCollectionNameError",
      message: `The collection name ${problem}.`,
      context: { name: name.slice(0, LIMITS.collectionNameChars) },
    }),
  );
});

test.each(["a", "sales.eu/2026 (new)", "a_", "#~", LONG.slice(1)])("the collection %s is possible", (name) => {
  expect(checkCollectionName(name)).toBe(name);
});
