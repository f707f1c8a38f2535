import { expect, test } from "vitest";
import { all, EVERYTHING, leavesOf, type Filter } from "./filter.ts";

const leaf = (field: string): Filter<string> => ({ kind: "exists", field });
const [a, b, c] = [leaf("a"), leaf("b"), leaf("c")];

test("filters that must all hold are one list, without lists within it; one alone is itself, and none is everything", () => {
  expect(all(a)).toBe(a);
  expect(all()).toEqual(EVERYTHING);
  expect(all(EVERYTHING, a, EVERYTHING)).toBe(a);
  expect(all(a, all(b, c))).toEqual({ kind: "all", of: [a, b, c] });
  const either: Filter<string> = { kind: "any", of: [b, c] };
  expect(all(a, either)).toEqual({ kind: "all", of: [a, either] });
});

test("the leaves of a filter are what combines nothing, however deep, and a deed is one", () => {
  const did: Filter<string> = { kind: "did", actor: "who", deed: { collections: ["x"], filter: c } };
  const filter: Filter<string> = {
    kind: "all",
    of: [a, { kind: "any", of: [{ kind: "not", of: all(b, did) }, a] }, EVERYTHING],
  };
  expect(leavesOf(filter)).toEqual([a, b, did, a]);
  expect(leavesOf(EVERYTHING)).toEqual([]);
});
