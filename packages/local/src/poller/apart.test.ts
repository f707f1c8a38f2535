import type { ReceivedMessage } from "@millrace/core";
import { expect, test } from "vitest";
import { apart } from "./apart.ts";

/** A message that says what it unpacks to. */
function message(group: string, bytes: number): ReceivedMessage {
  return { id: `${group}-${bytes}`, receipt: "", body: `gz:${bytes}:`, group, receiveCount: 1, sentAt: 0 };
}
const weights = (messages: readonly ReceivedMessage[]) => messages.map(({ id }) => id);

test("projects that sent little are one batch; a project that sent much is one of its own, in pieces", () => {
  const much = Array.from({ length: 5 }, () => message("much", 1_500_000));
  const { light, heavy } = apart([message("a", 10), ...much, message("b", 100_000), message("a", 20)]);
  expect(weights(light)).toEqual(["a-10", "a-20", "b-100000"]);
  expect(heavy.map(({ length }) => length)).toEqual([2, 2, 1]);
  expect(heavy.flat()).toEqual(much);
});

test("many small messages of one project are as heavy as a large one; one above all measure is a piece by itself", () => {
  const { light, heavy } = apart([
    ...Array.from({ length: 6 }, () => message("many", 20_000)),
    message("large", 9_000_000),
    message("large", 1),
  ]);
  expect(light).toEqual([]);
  expect(heavy.map(weights)).toEqual([Array.from({ length: 6 }, () => "many-20000"), ["large-9000000"], ["large-1"]]);
});

test("nothing is nothing", () => {
  expect(apart([])).toEqual({ light: [], heavy: [] });
});
