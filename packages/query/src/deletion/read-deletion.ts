import { scopeOf, type Grant } from "@millrace/access";
import {
  MillraceError,
  planMetric,
  resolveTimeframe,
  scopeQuery,
  TOMBSTONE_IDS,
  type CatalogueView,
  type DeleteWhere,
  type JsonObject,
  type MetricPlan,
  type MetricQuery,
  type PlanContext,
} from "@millrace/core";
import { findCollection } from "../answer/schema.ts";
import { notesOnIncomplete } from "../answer/notes.ts";
import { refuseUnknown } from "../parse/known.ts";
import { parseQuery } from "../parse/parse-query.ts";
import type { Engine } from "../share/engine.ts";

/** Most events of one deletion with filters: Keen's limit. */
const MOST_EVENTS = 50_000;

export interface AskedDeletion {
  readonly collection: string;
  readonly raw: JsonObject;
  readonly grant: Grant;
  readonly engine: Engine;
  readonly view: CatalogueView;
  /** Milliseconds UTC: what is received from then on stays. */
  readonly now: number;
}

/**
 * What `DELETE …/events/{collection}` takes: the whole collection, or what `timeframe` and `filters` say of it. Filters mean what they
 * mean in a question: the events are looked for by one, and deleted by their ids. So a deletion with filters takes what is stored,
 * where one without them also takes what is still on its way.
 * @throws MillraceError naming what is wrong; `ResourceNotFoundError` for an unknown collection, `TooManyResultsError` beyond
 * {@link MOST_EVENTS}
 */
export async function readDeletion(asked: AskedDeletion): Promise<Omit<DeleteWhere, "project">[]> {
  const { collection, raw, grant, engine, view, now } = asked;
  refuseUnknown(raw, { known: ["filters", "timeframe", "timezone"], passed: ["api_key", "jsonp"], of: "a deletion" });
  const { filters, ...time } = raw;
  const wants = filters !== undefined && !(Array.isArray(filters) && filters.length === 0);
  const question = { event_collection: collection, ...time, ...(wants && { filters }) };
  const read = (asks: JsonObject): MetricQuery => parseQuery("count", { ...question, ...asks }) as MetricQuery;
  const query = read({});
  findCollection(view, collection);
  const range = query.timeframe && resolveTimeframe(query.timeframe, now, query.zone);
  const where = { collection, receivedBefore: now, ...(range && { from: range.start, to: range.end }) };
  if (!wants) return [where];

  const context: PlanContext = { now, properties: view };
  const plan = (asks: JsonObject): MetricPlan => planMetric(scopeQuery(read(asks), scopeOf(grant)), context);
  const counting = plan({});
  if (counting.incomplete.length > 0) {
    throw new MillraceError("UnsupportedQueryError", `filters: ${notesOnIncomplete(counting, now).join(" ")}`);
  }
  const count = Number((await engine.metric(counting)).value.rows[0]?.values[0] ?? 0);
  if (count > MOST_EVENTS) {
    throw new MillraceError(
      "TooManyResultsError",
      `${count} events match; a deletion with filters takes at most ${MOST_EVENTS}. Use shorter timeframes.`,
    );
  }
  const { rows } = (await engine.metric(plan({ group_by: "keen.id" }))).value;
  const ids = rows.flatMap(({ group: [id] }) => (typeof id === "string" ? [id] : []));
  return chunks(ids, TOMBSTONE_IDS).map((some) => ({ ...where, ids: some }));
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
