import { compareStrings } from "@millrace/core";
import type { Term } from "./leaves.ts";

/** An object of a request. What is in it depends on its one name. */
export type Node = Readonly<Record<string, never>>;

/** The one thing that an object of the API's names, and what is done for it. */
export function only<Run>(node: Node, known: Record<string, Run>) {
  const [[name, body] = ["nothing", {} as never], ...others] = Object.entries(node).filter(([key]) => key !== "aggs");
  const run = Object.hasOwn(known, name) ? known[name] : undefined;
  if (!run || others.length > 0) throw new RangeError(`The engine of the tests knows no ${JSON.stringify(node)}.`);
  return <Result>(use: (body: never, run: Run) => Result): Result => use(body, run);
}

/** Text by code points, everything else as numbers. */
export function compareTerms(a: Term, b: Term): number {
  return typeof a === "string" && typeof b === "string" ? compareStrings(a, b) : Number(a) - Number(b);
}
