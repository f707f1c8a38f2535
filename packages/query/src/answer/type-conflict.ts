import { scopeOf, type Grant } from "@millrace/access";
import {
  all,
  EVERYTHING,
  planMetric,
  scopeQuery,
  UTC,
  type CatalogueView,
  type CollectionView,
  type Filter,
  type JsonObject,
  type MetricQuery,
  type PropertyKind,
} from "@millrace/core";
import type { QueryDeps } from "../deps.ts";
import type { Engine } from "../share/engine.ts";
import { notesOnIncomplete } from "./notes.ts";

/** What a person calls a kind, and the filter that is true exactly for its values. */
const KINDS: Record<PropertyKind, { name: string; is: (path: string) => Filter<string> }> = {
  number: { name: "number", is: (field) => any(compare(field, "lt", 0), compare(field, "gte", 0)) },
  string: { name: "text", is: (field) => compare(field, "gte", "") },
  // `in` also looks into arrays; `contains` with a boolean looks only there.
  boolean: {
    name: "true/false",
    is: (field) => all({ kind: "in", field, values: [true, false] }, not(holds(field, true)), not(holds(field, false))),
  },
  json: {
    name: "list",
    is: (field) =>
      all(
        not({ kind: "same", field, values: [null] }),
        ...(["number", "string", "boolean"] as const).map((kind) => not(KINDS[kind].is(field))),
      ),
  },
  null: { name: "null", is: (field) => all({ kind: "exists", field }, { kind: "same", field, values: [null] }) },
};

/**
 * How often a property that came with several types has had each: `{ types: { number: 14200, text: 12 }, note }`. Undefined for a
 * property of one type. Counted in the store when asked, so it is as true as a query; numbers are what sums leave the rest out of.
 */
export async function typeConflict(
  deps: Pick<QueryDeps, "clock">,
  engine: Engine,
  { grant, view, collection, path }: { grant: Grant; view: CatalogueView; collection: CollectionView; path: string },
): Promise<JsonObject | undefined> {
  const kinds = Object.hasOwn(collection.properties, path) ? (collection.properties[path] ?? []) : [];
  if (kinds.length < 2) return undefined;
  const query: MetricQuery = {
    kind: "metric",
    collections: [collection.name],
    zone: UTC,
    filter: EVERYTHING,
    bots: "include",
    measures: kinds.map((kind) => ({ label: kind, measure: { kind: "count" }, filter: KINDS[kind].is(path) })),
    single: false,
    groupBy: [],
    orderBy: [],
    zeroFill: true,
  };
  const plan = planMetric(scopeQuery(query, scopeOf(grant)), { now: deps.clock.now(), properties: view });
  const [row] = (await engine.metric(plan)).value.rows;
  const counts = kinds.map((kind, i) => [KINDS[kind].name, Number(row?.values[i] ?? 0)] as const);
  const parts = counts.map(([name, count]) => `${name} on ${count.toLocaleString("en")}`);
  const note = `${path}: ${parts.join(", ")} events`;
  return {
    types: Object.fromEntries(counts),
    note: [note, ...notesOnIncomplete(plan, deps.clock.now())].join(". "),
  };
}

function compare(field: string, op: "lt" | "gte", value: string | number): Filter<string> {
  return { kind: "compare", field, op, value };
}

function holds(field: string, value: boolean): Filter<string> {
  return { kind: "contains", field, value };
}

function any(...of: Filter<string>[]): Filter<string> {
  return { kind: "any", of };
}

function not(of: Filter<string>): Filter<string> {
  return { kind: "not", of };
}
