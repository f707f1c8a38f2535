import { expect, test } from "vitest";
import { eachStep } from "./each-step.ts";

test("a step that fails keeps none from being done; what failed is told at the end, all of it", async () => {
  const done: string[] = [];
  const fine = (name: string) => async () => void done.push(name);
  const bad = (name: string) => () => Promise.reject(new Error(`${name} is away.`));
  await eachStep([fine("a")]);
  await expect(eachStep([bad("store"), fine("b")])).rejects.toThrow(/^store is away\.$/);
  await expect(eachStep([bad("store"), fine("c"), bad("queue"), fine("d")])).rejects.toThrow(
    "store is away. queue is away.",
  );
  expect(done).toEqual(["a", "b", "c", "d"]);
});
