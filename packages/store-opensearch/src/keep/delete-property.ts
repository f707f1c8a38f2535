import {
  flatten,
  isObject,
  MillraceError,
  moveToOverflow,
  rawWithout,
  takeProperty,
  type DeleteOptions,
  type Deletion,
  type FlatProperties,
  type PropertyDeletion,
} from "@millrace/core";
import { createSearcher } from "../client/search.ts";
import { leafName } from "../leaf.ts";
import type { Dsl } from "../query/compile-filter.ts";
import { KIND_OBJECT } from "../schema.ts";
import { equalityTerm, HASHED } from "../term.ts";
import { bulkBytesOf, inBulks, sendBulk, type BulkItem } from "../write/bulk.ts";
import { rewriteRejected } from "./delete.ts";
import type { Maintenance } from "./maintenance.ts";

/** Events read together: each may be 900 KB. */
const PAGE = 200;
/** Looks of which each found events that somebody else was writing at the same time. */
const MOST_LOOKS = 5;
const WRITE_MS = 60_000;

/**
 * Takes a property out of events for good, in all partitions; see `EventEraser` in core. Each event is read, and written again as it
 * would have been stored without the property, if nobody has changed it meanwhile. That costs more than a script in the cluster would, and
 * is the same code that writes events: what a long value or a refused name became is known only there.
 */
export async function deleteProperty(
  parts: Maintenance,
  where: PropertyDeletion,
  { deadline = Number.POSITIVE_INFINITY }: DeleteOptions = {},
): Promise<Deletion> {
  const traces = tracesOf(where.property, await fieldsUnder(parts, where.property));
  let events = 0;
  for (let look = 0; look < MOST_LOOKS; look++) {
    let missed = 0;
    for (const some of chunks(traces, MOST_TRACES)) {
      const found = await changeAll(parts, where, some, deadline);
      events += found.changed;
      missed += found.missed;
      if (!found.complete) return { events, rejected: 0, complete: false };
    }
    if (missed > 0) continue;
    const done = await rewriteRejected(parts, where, deadline, (exception) => {
      const raw = rawWithout(exception.raw, exception, where);
      return raw === undefined ? undefined : { ...exception, raw };
    });
    return { events, ...done };
  }
  throw notEverything({ looks: MOST_LOOKS });
}

interface Found {
  readonly changed: number;
  /** Events that were written or deleted by somebody else between being read and written. */
  readonly missed: number;
  readonly complete: boolean;
}

async function changeAll(
  parts: Maintenance,
  where: PropertyDeletion,
  traces: readonly Dsl[],
  deadline: number,
): Promise<Found> {
  const { driver, names, clock } = parts;
  await driver.ask({ method: "POST", path: `/${names.events}/_refresh` });
  const searcher = createSearcher(driver, { aliases: names.events });
  let [changed, missed] = [0, 0];
  try {
    for (let after: readonly unknown[] | undefined; ;) {
      if (clock.now() >= deadline) return { changed, missed, complete: false };
      const body = { size: PAGE, sort: ORDER, track_total_hits: false, seq_no_primary_term: true };
      const page = { ...body, query: queryOf(where, traces), ...(after && { search_after: after }) };
      // Of a snapshot: what this loop writes must not move the pages.
      const hits = (await searcher.search(page, true)).hits.hits as readonly unknown[] as readonly Hit[];
      const items = hits.flatMap((hit) => itemOf(parts, hit, where.property) ?? []);
      for (const bulk of inBulks(items, bulkBytesOf, { count: PAGE, bytes: parts.bulkBytes })) {
        for (const result of await sendBulk(parts, bulk, clock.now() + WRITE_MS)) {
          if (result.kind === "written") changed++;
          else if (result.kind === "conflict") missed++;
          else throw notEverything({ kind: result.kind, detail: "detail" in result ? result.detail : "" });
        }
      }
      if (hits.length < PAGE) return { changed, missed, complete: true };
      after = hits.at(-1)?.sort;
    }
  } finally {
    await searcher.release();
  }
}

const ORDER = ["timestamp", "id"] as const;

interface Hit {
  readonly _index: string;
  readonly _id: string;
  readonly _seq_no: number;
  readonly _primary_term: number;
  readonly _source: unknown;
  readonly sort?: readonly unknown[];
}

/** A query takes 1,024 alternatives, and one may be several in the engine. */
const MOST_TRACES = 500;

/**
 * What an event that has a value under the path has at least one of. By names and not by a pattern of names: OpenSearch makes an
 * alternative of each that it finds.
 */
function tracesOf(property: string, fields: readonly string[]): Dsl[] {
  const below = `${property}.`;
  return [
    ...fields.map((field) => ({ exists: { field } })),
    { term: { nulls: equalityTerm(property) } },
    { prefix: { nulls: below } },
    // Of what has no field of its own. Where the term is a hash, only the event itself can tell.
    ...[`${property}=`, below, HASHED].map((start) => ({ prefix: { overflow: start } })),
  ];
}

/** The fields of the path and of what lies below it, in all partitions. */
async function fieldsUnder({ driver, names }: Maintenance, property: string): Promise<string[]> {
  const [own, below] = [leafName(property), leafName(`${property}.`)];
  const objects = Object.values(KIND_OBJECT);
  // Patterns are separated by commas, which a name may hold.
  const patterns = objects.flatMap((object) =>
    [own, `${below}*`].map((leaf) => `${object}.${leaf.replaceAll(",", "*")}`),
  );
  const { fields = {} } = await driver.ask<{ fields?: Record<string, unknown> }>({
    method: "POST",
    path: `/${names.events}/_field_caps`,
    query: { fields: patterns.join(","), filter_path: "fields.*.*.type" },
  });
  return Object.keys(fields).filter((field) =>
    objects.some((object) => field === `${object}.${own}` || field.startsWith(`${object}.${below}`)),
  );
}

function queryOf({ project, collection, receivedBefore }: PropertyDeletion, traces: readonly Dsl[]): Dsl {
  const filter = [{ term: { project } }, { term: { collection } }, { range: { received_at: { lt: receivedBefore } } }];
  return { bool: { filter, should: traces, minimum_should_match: 1 } };
}

/** What writes the event again; nothing where it has no such property. */
function itemOf({ names }: Maintenance, hit: Hit, path: string): BulkItem | undefined {
  const { _source: document, _id, _seq_no: if_seq_no, _primary_term: if_primary_term } = hit;
  const properties = isObject(document) ? document["properties"] : undefined;
  const parted = isObject(properties) ? takeProperty(properties, path) : undefined;
  if (!isObject(document) || !parted) return undefined;
  // By the alias that leads to it: an index that was migrated away meanwhile is not made anew.
  const index = { _index: names.aliasOf(hit._index), _id, if_seq_no, if_primary_term };
  const { properties: _, ...rest } = document;
  const left = Object.keys(parted.left).length > 0 ? { properties: parted.left } : {};
  const source = { ...withoutLeaves(rest, flatten(parted.taken)), ...left };
  return { action: JSON.stringify({ index }), source: JSON.stringify(source) };
}

/** A document without what properties are in it, in whichever of the forms that they may have there. */
function withoutLeaves(document: Readonly<Record<string, unknown>>, gone: FlatProperties): Record<string, unknown> {
  const { strings, numbers, booleans, json, elements } = gone;
  const leaves = { string: strings, number: numbers, boolean: booleans, json, elements } as const;
  const left: Record<string, unknown> = { ...document };
  const keep = (name: string, kept: object, size: number): void => {
    if (size > 0) left[name] = kept;
    else delete left[name];
  };
  for (const [kind, paths] of Object.entries(leaves)) {
    const name = KIND_OBJECT[kind as keyof typeof leaves];
    const object = document[name];
    if (!isObject(object)) continue;
    const names = new Set(Object.keys(paths).map(leafName));
    const kept = Object.entries(object).filter(([leaf]) => !names.has(leaf));
    keep(name, Object.fromEntries(kept), kept.length);
  }
  const nulls = Object.keys(json).filter((each) => json[each] === "null");
  const lists = { nulls, overflow: moveToOverflow(structuredClone(gone), () => false).overflow };
  for (const [name, terms] of Object.entries(lists)) {
    const list = document[name];
    if (!Array.isArray(list)) continue;
    const out = new Set(terms.map(equalityTerm));
    const kept = list.filter((term) => !out.has(term));
    keep(name, kept, kept.length);
  }
  return left;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

function notEverything(context: Record<string, unknown>): MillraceError {
  return new MillraceError("ServiceUnavailable", "The property could not be taken out of every event. Try again.", {
    context,
  });
}
