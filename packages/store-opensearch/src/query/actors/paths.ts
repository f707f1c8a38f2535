import {
  compareValues,
  valueKey,
  type PathLink,
  type PathsPlan,
  type PathsResult,
  type PathPlace,
  type Value,
} from "@millrace/core";
import type { Searcher } from "../../client/search.ts";
import { valueSources } from "../compile.ts";
import type { KeyKind } from "../compile-key.ts";
import type { Row } from "../composite.ts";
import { valuedBeside } from "../kinds.ts";
import { actorKinds } from "./actor-key.ts";
import { momentOf, momentSources } from "./moments.ts";
import { openStream, walk, type Allowance } from "./stream.ts";

/** Session by session; what is kept of them is how many went the same way. */
export async function runPaths(searcher: Searcher, plan: PathsPlan, allowance: Allowance): Promise<PathsResult> {
  const kinds = actorKinds(plan.step);
  const stream = openStream(
    searcher,
    {
      events: plan,
      actor: plan.session,
      sources: [...momentSources, ...valueSources("v", kinds)],
      filters: valuedBeside(kinds),
    },
    { allowance, beside: 1 },
  );
  const values = createValues();
  const stepOf = stepReader(kinds, values);
  const ways = new Map<string, { readonly way: readonly number[]; sessions: number }>();
  const anchor = plan.anchor === undefined ? undefined : values.of(plan.anchor);
  await walk([stream], ([rows = []]) => {
    const way = wayOf(stepsOf(rows, plan, stepOf, values), plan, anchor);
    if (way.length === 0) return;
    const key = way.join(" ");
    const known = ways.get(key);
    if (known) known.sessions += 1;
    else ways.set(key, { way, sessions: 1 });
  });
  return { links: linksOf([...ways.values()], plan, values) };
}

/** Values by number, so that ways are short to compare and to keep. */
interface Values {
  of(value: Value): number;
  value(number: number): Value;
}

function createValues(): Values {
  const numbers = new Map<string, number>();
  const values: Value[] = [];
  return {
    of: (value) => {
      const key = valueKey(value);
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, values.length);
      return values.push(value) - 1;
    },
    value: (number) => values[number] ?? null,
  };
}

/** Reads the step of a row as its number. The engine's form of a value is looked up first: of a million rows few have a new one. */
function stepReader(kinds: readonly KeyKind[], values: Values): (row: Row) => number {
  const known = kinds.map(({ decode }, i) => ({ name: `v_${i}`, decode, numbers: new Map<unknown, number>() }));
  return ({ key }) => {
    for (const { name, decode, numbers } of known) {
      const found = key[name];
      if (found === null || found === undefined) continue;
      const number = numbers.get(found) ?? values.of(decode(found));
      numbers.set(found, number);
      return number;
    }
    throw new RangeError("A row of a composite aggregation has no step.");
  };
}

/** The steps of a session, in order: rows come by time, and only those of one moment are still to be put in the order of values. */
function stepsOf(
  rows: readonly Row[],
  { collapse, depth }: PathsPlan,
  stepOf: (row: Row) => number,
  values: Values,
): number[] {
  const steps: number[] = [];
  const add = (step: number, times: number): void => {
    if (collapse && steps.at(-1) === step) return;
    // More of one step in a row than a path is long change nothing.
    const most = collapse ? 1 : depth + 1;
    for (let i = 0; i < Math.min(times, most); i++) steps.push(step);
  };
  let together: { readonly step: number; readonly times: number }[] = [];
  const addTogether = (): void => {
    if (together.length > 1) together.sort((a, b) => compareValues(values.value(a.step), values.value(b.step)));
    for (const { step, times } of together) add(step, times);
    together = [];
  };
  let moment = Number.NaN;
  for (const row of rows) {
    const now = momentOf(row);
    if (now !== moment) addTogether();
    moment = now;
    together.push({ step: stepOf(row), times: row.doc_count });
  }
  addTogether();
  return steps;
}

/** The part of a session that is asked for, the place where paths begin first; empty where they do not begin. */
function wayOf(steps: readonly number[], { direction, depth }: PathsPlan, anchor: number | undefined): number[] {
  const start = anchor === undefined ? (direction === "next" ? 0 : steps.length - 1) : steps.indexOf(anchor);
  if (start < 0) return [];
  if (direction === "next") return steps.slice(start, start + depth + 1);
  return steps.slice(Math.max(0, start - depth), start + 1).reverse();
}

interface Way {
  readonly way: readonly number[];
  readonly sessions: number;
}

function linksOf(ways: readonly Way[], { depth, top }: PathsPlan, values: Values): PathLink[] {
  const named = Array.from({ length: depth + 1 }, (_, level) => mostFrequent(ways, level, top, values));
  const placeAt = (way: readonly number[], level: number): PathPlace => {
    const step = way[level];
    if (step === undefined) return "ended";
    return named[level]?.has(step) ? { value: values.value(step) } : "other";
  };
  const links = new Map<string, { -readonly [K in keyof PathLink]: PathLink[K] }>();
  for (const { way, sessions } of ways) {
    for (let step = 1; step <= Math.min(depth, way.length); step++) {
      const [from, to] = [placeAt(way, step - 1), placeAt(way, step)];
      const key = JSON.stringify([step, from, to]);
      const link = links.get(key) ?? { step, from, to, sessions: 0 };
      link.sessions += sessions;
      links.set(key, link);
    }
  }
  return [...links.values()];
}

function mostFrequent(ways: readonly Way[], level: number, top: number, values: Values): ReadonlySet<number> {
  const counts = new Map<number, number>();
  for (const { way, sessions } of ways) {
    const step = way[level];
    if (step !== undefined) counts.set(step, (counts.get(step) ?? 0) + sessions);
  }
  const sorted = [...counts].sort(([a, n], [b, m]) => m - n || compareValues(values.value(a), values.value(b)));
  return new Set(sorted.slice(0, top).map(([step]) => step));
}
