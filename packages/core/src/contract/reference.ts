import type { StoredEvent } from "../event/event.ts";
import { flatten } from "../event/flatten.ts";
import type { Exception } from "../ledger/exception.ts";
import { hourOf } from "../ledger/ledger.ts";
import { rawWithout, takeProperty } from "../ports/deleted-properties.ts";
import { deletableOf, deletionReason, isDeleted, type DeleteWhere } from "../ports/tombstones.ts";
import type { ExtractionPlan, MetricPlan } from "../query/plan.ts";
import type { ExtractedEvent, MetricResult, MetricRow } from "../query/result.ts";
import type { AppendOutcome, ArrivalsRow, EventStore, OutcomesQuery, OutcomesRow } from "../store/port.ts";
import { compareStrings } from "../values/json.ts";
import { valueKey, type Value } from "../values/value.ts";
import { evaluateFunnel } from "./actors/reference-funnel.ts";
import { evaluateOrderedFunnel } from "./actors/reference-ordered.ts";
import { evaluatePaths } from "./actors/reference-paths.ts";
import { evaluateRetention } from "./actors/reference-retention.ts";
import { measureOver, noteOver } from "./reference-measure.ts";
import { passes, selected, timeOf } from "./reference-filter.ts";
import { comparePlaces, groupRejected, rejectedIn } from "./reference-rejected.ts";
import { groupValue } from "./reference-value.ts";

/**
 * The meaning of a store, written to be read and not to be fast: an array of events, and each rule as a plain loop over it. The
 * stores are compared with it, so it shares nothing with them: it reads the properties as sent, not their flat form.
 */
export function createReferenceStore(): EventStore {
  const events: StoredEvent[] = [];
  const exceptions = new Map<string, Exception>();

  const appendOne = (event: StoredEvent): AppendOutcome => {
    const holder = events.find((other) => other.project === event.project && other.id === event.id);
    if (!holder) {
      events.push(event);
      return { kind: "stored" };
    }
    const same = holder.batch === event.batch && holder.ordinal === event.ordinal;
    return { kind: same ? "own-retry" : "duplicate" };
  };

  const eventsOf = (where: DeleteWhere): StoredEvent[] =>
    events.filter((event) => isDeleted({ ...event, visitor: event.context.visitor }, [where]));
  const rejectedOf = (where: DeleteWhere): Exception[] =>
    [...exceptions.values()].filter(
      ({ outcome, raw, project, receivedAt }) =>
        outcome === "rejected" &&
        raw !== null &&
        isDeleted(deletableOf(JSON.parse(raw), { project, receivedAt }), [where]),
    );

  return {
    prepare: async () => {},
    close: async () => {},
    append: async (batch) => batch.map(appendOne),
    recordExceptions: async (batch) => {
      for (const exception of batch) exceptions.set(`${exception.ordinal} ${exception.batch}`, exception);
    },
    withdrawExceptions: async (stored) => {
      for (const { batch, ordinal } of stored) {
        const key = `${ordinal} ${batch}`;
        if (["rejected", "duplicate"].includes(exceptions.get(key)?.outcome ?? "")) exceptions.delete(key);
      }
    },
    forgetRaw: async (before) => {
      const old = [...exceptions].filter(
        ([, { outcome, raw, receivedAt }]) => outcome === "rejected" && raw !== null && receivedAt < before,
      );
      for (const [key, exception] of old) exceptions.set(key, { ...exception, raw: null });
      return old.length;
    },
    countWhere: async (where) => eventsOf(where).length,
    deleteWhere: async (where) => {
      const [gone, rejected] = [eventsOf(where), rejectedOf(where)];
      for (const event of gone) events.splice(events.indexOf(event), 1);
      for (const { project, collection, receivedAt, batch, ordinal } of [...gone, ...rejected]) {
        const reason = deletionReason(where);
        const end = { outcome: "deleted", reason, detail: "", raw: null } as const;
        exceptions.set(`${ordinal} ${batch}`, { project, collection, receivedAt, batch, ordinal, ...end });
      }
      return { events: gone.length, rejected: rejected.length, complete: true };
    },
    deleteProperty: async (where) => {
      const changed = events.flatMap((event, at) => {
        const { project, collection, receivedAt, properties } = event;
        const isOfIt = project === where.project && collection === where.collection;
        const parted = takeProperty(properties, where.property);
        if (!isOfIt || receivedAt >= where.receivedBefore || !parted) return [];
        return [{ at, event: { ...event, properties: parted.left, flat: flatten(parted.left) } }];
      });
      for (const { at, event } of changed) events[at] = event;
      const rejected = [...exceptions].flatMap(([key, exception]) => {
        const raw = exception.outcome === "rejected" ? rawWithout(exception.raw, exception, where) : undefined;
        return raw === undefined ? [] : [[key, { ...exception, raw }] as const];
      });
      for (const [key, exception] of rejected) exceptions.set(key, exception);
      return { events: changed.length, rejected: rejected.length, complete: true };
    },
    metric: async (plan) => evaluateMetric(plan, events),
    extract: async (plan) => ({ events: evaluateExtraction(plan, events) }),
    funnel: async (plan) => evaluateFunnel(plan, events),
    orderedFunnel: async (plan) => evaluateOrderedFunnel(plan, events),
    retention: async (plan) => evaluateRetention(plan, events),
    paths: async (plan) => evaluatePaths(plan, events),
    outcomes: async (query) => countOutcomes(query, events, [...exceptions.values()]),
    arrivals: async (query) => newestTotals(query, events),
    rejectedGroups: async (query) => groupRejected(rejectedIn([...exceptions.values()], query)),
    rejectedEvents: async (query, { limit, after }) => {
      const all = rejectedIn([...exceptions.values()], query).toSorted((a, b) => comparePlaces(b, a));
      return all.filter((each) => !after || comparePlaces(each, after) < 0).slice(0, limit);
    },
  };
}

/** The answer to a metric plan over these events (of any project). */
export function evaluateMetric(plan: MetricPlan, events: readonly StoredEvent[]): MetricResult {
  const cells = new Map<string, { bucket: number; group: Value[]; events: StoredEvent[] }>();
  const cellAt = (bucket: number, group: Value[]) => {
    const key = `${bucket} ${valueKey(group as never)}`;
    const cell = cells.get(key) ?? { bucket, group, events: [] };
    cells.set(key, cell);
    return cell;
  };
  if (!plan.edges && plan.groupBy.length === 0) cellAt(0, []);
  for (const event of selected(plan, events)) {
    const group = plan.groupBy.map((key) => groupValue(event, key));
    cellAt(bucketOf(plan.edges, timeOf(plan, event) ?? 0), group).events.push(event);
  }
  const notes = new Set<string>();
  const rows = [...cells.values()].map((cell): MetricRow => ({
    bucket: cell.bucket,
    group: cell.group,
    values: plan.measures.map(({ measure, filter }) => {
      const counted = cell.events.filter((event) => !filter || passes(event, filter, events));
      const note = noteOver(measure, counted);
      if (note !== undefined) notes.add(note);
      return measureOver(measure, counted);
    }),
  }));
  return { rows, exact: notes.size === 0, notes: [...notes] };
}

/** The events of an extraction plan, one more than its limit if there are more. */
export function evaluateExtraction(plan: ExtractionPlan, events: readonly StoredEvent[]): ExtractedEvent[] {
  const sorted = selected(plan, events).sort((a, b) => a.timestamp - b.timestamp || compareStrings(a.id, b.id));
  if (plan.order === "newest") sorted.reverse();
  return sorted.slice(0, plan.limit + 1).map((event) => ({
    id: event.id,
    collection: event.collection,
    timestamp: event.timestamp,
    receivedAt: event.receivedAt,
    context: Object.fromEntries(Object.entries(event.context).filter(([, value]) => value !== null)),
    properties: event.properties,
  }));
}

function bucketOf(edges: readonly number[] | undefined, timestamp: number): number {
  return edges ? edges.findLastIndex((edge) => timestamp >= edge) : 0;
}

function newestTotals({ project, from, to }: OutcomesQuery, events: readonly StoredEvent[]): ArrivalsRow[] {
  const rows = new Map<string, ArrivalsRow>();
  for (const { receivedAt, instance, accepted, ...event } of events) {
    if (event.project !== project || receivedAt < from || receivedAt >= to) continue;
    const hour = hourOf(receivedAt);
    const key = `${hour} ${instance}`;
    rows.set(key, { hour, instance, accepted: Math.max(accepted, rows.get(key)?.accepted ?? 0) });
  }
  return [...rows.values()];
}

function countOutcomes(
  { project, from, to }: OutcomesQuery,
  events: readonly StoredEvent[],
  exceptions: readonly Exception[],
): OutcomesRow[] {
  const ends = [
    ...events.map((event) => ({ ...event, outcome: "stored" as const, reason: null, count: 1 })),
    ...exceptions.map(({ count = 1, ...exception }) => ({ ...exception, count })),
  ].filter((end) => end.project === project && end.receivedAt >= from && end.receivedAt < to);
  const rows = new Map<string, OutcomesRow>();
  for (const { receivedAt, outcome, reason, count } of ends) {
    const hour = hourOf(receivedAt);
    const key = JSON.stringify([hour, outcome, reason]);
    rows.set(key, { hour, outcome, reason, count: (rows.get(key)?.count ?? 0) + count });
  }
  return [...rows.values()];
}
