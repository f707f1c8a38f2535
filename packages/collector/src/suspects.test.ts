import { expect, test } from "vitest";
import { rounds } from "./suspects.ts";

/** Messages by how many processes died over them: `a0` of none, `b2` of two. */
function roundsOf(...ids: string[]): string[] {
  const deaths = new Map(ids.map((id) => [id, Number(id.slice(1))] as const).filter(([, count]) => count > 0));
  const messages = ids.map((id) => ({ id, body: "", receiveCount: 9, sentAt: 0 }));
  return rounds(messages, deaths).map((round) => round.map(({ id }) => id).join(" "));
}

test.each<[what: string, ids: string[], rounds: string[]]>([
  ["nothing is no round", [], []],
  ["ordinary ones are together, however often they came", ["a0", "b0"], ["a0 b0"]],
  ["suspects come last, with nobody ordinary", ["a1", "b0", "c2", "d0", "e1"], ["b0 d0", "a1 e1", "c2"]],
  ["of more deaths each is alone, the most suspect last", ["a4", "b2", "c3"], ["b2", "c3", "a4"]],
  [
    "of one death they are in tens",
    Array.from("abcdefghijkl", (letter) => `${letter}1`),
    ["a1 b1 c1 d1 e1 f1 g1 h1 i1 j1", "k1 l1"],
  ],
])("%s", (_what, ids, expected) => {
  expect(roundsOf(...ids)).toEqual(expected);
});
