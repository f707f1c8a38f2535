import { expect, test } from "vitest";
import { withinMemory } from "./weigh.ts";

const message = (id: string, weight: number) => ({ id, body: `gz:${weight}:x`, receiveCount: 1, sentAt: 0 });
const ids = (rounds: { id: string }[][]) => rounds.map((round) => round.map(({ id }) => id).join(""));

test("messages of a few bytes that unpack to megabytes are not held in memory together", () => {
  const round = [message("a", 6), message("b", 4), message("c", 1), message("d", 9), message("e", 30), message("f", 1)];
  const scaled = round.map(({ id, body }) => message(id, Number(body.split(":")[1]) * 1_000_000));
  expect(ids(withinMemory(scaled, 10_000_000))).toEqual(["ab", "cd", "e", "f"]);
  expect(withinMemory([], 10)).toEqual([]);
});
