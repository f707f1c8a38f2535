import { expect, test } from "vitest";
import { funnelPlan } from "../../contract/fixtures.ts";
import type { PropertyView } from "../field.ts";
import { LIMITS_QUERY } from "../limits.ts";
import { checkListed, narrow } from "./result.ts";
import { shapeFunnel } from "./shape.ts";

const step = (inverted = false, optional = false) => ({ inverted, optional });

test("a step keeps who did it, of those whom the steps before it that are not optional have left", () => {
  const kept = (steps: readonly ReturnType<typeof step>[], did: readonly boolean[]) =>
    narrow(steps, (i) => did[i] ?? false);
  const plain = [step(), step(), step()];
  expect(kept(plain, [true, true, true])).toEqual([true, true, true]);
  expect(kept(plain, [true, false, true])).toEqual([true, false, false]);
  expect(kept(plain, [false, true, true])).toEqual([false, false, false]);
  expect(kept([step(), step(false, true), step()], [true, false, true])).toEqual([true, false, true]);
  expect(kept([step(), step(true), step()], [true, false, true])).toEqual([true, true, true]);
  expect(kept([step(), step(true), step()], [true, true, true])).toEqual([true, false, false]);
  // Who was lost before does not come back by not having done it.
  expect(kept([step(), step(true)], [false, false])).toEqual([false, false]);
});

test("as many actors are listed as an answer may have, and no more", () => {
  expect(() => checkListed(LIMITS_QUERY.actors)).not.toThrow();
  expect(() => checkListed(LIMITS_QUERY.actors + 1)).toThrow(
    expect.objectContaining({
      code: "TooManyResultsError",
      message: expect.stringContaining("more than 100000 actors. Use it on a later step") as string,
    }) as Error,
  );
});

test("the answer has the numbers, and actors only where a step asked for them", () => {
  expect(shapeFunnel({ counts: [2, 1], actors: [null, null] })).toEqual({ result: [2, 1] });
  const actors = [null, ["b", "a"], [2, 10, 1]];
  expect(shapeFunnel({ counts: [5, 2, 3], actors })).toEqual({
    result: [5, 2, 3],
    actors: [null, ["a", "b"], [1, 2, 10]],
  });
});

test("a plan has each step's own events and actor, and what any of them may lack", () => {
  const ranges = [{ start: 0, end: Number.POSITIVE_INFINITY }];
  const properties: PropertyView = {
    admits: () => true,
    untyped: (path) => (path === "late" || path === "later" ? ranges : []),
  };
  const plan = funnelPlan(
    "p",
    [
      { collections: ["a"], actor: "late" },
      { collections: ["b"], actor: "$visitor", inverted: true, optional: true, withActors: true },
      { filter: { kind: "exists", field: "later" }, actor: "late" },
    ],
    { properties },
  );
  expect(plan).toMatchObject({ kind: "funnel", project: "p" });
  expect(plan.steps).toMatchObject([
    { collections: ["a"], actor: { path: "late" }, inverted: false, optional: false, withActors: false },
    { collections: ["b"], actor: { name: "$visitor" }, inverted: true, optional: true, withActors: true },
    { collections: ["visits"], filter: { kind: "exists", field: { path: "later" } } },
  ]);
  expect(plan.incomplete).toEqual([
    { path: "late", ranges },
    { path: "later", ranges },
  ]);
});

test("an actor is compared by equality alone: a time or a list names nobody", () => {
  const refused = (message: string) => expect.objectContaining({ code: "InvalidParameterError", message }) as Error;
  expect(() => funnelPlan("p", [{ actor: "keen.timestamp" }])).toThrow(
    refused("actor_property needs a text, a number or a boolean; keen.timestamp is a time."),
  );
  expect(() => funnelPlan("p", [{ actor: "$lacking" }])).toThrow('"$lacking" is not a standard field');
});

test("each step's filter is looked at for what it asks of a store", () => {
  const filter = { kind: "contains", field: "x", value: "a".repeat(600) } as const;
  expect(() => funnelPlan("p", [{}, { filter }])).toThrow("too complex");
});
