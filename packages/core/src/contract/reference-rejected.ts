import type { Exception } from "../ledger/exception.ts";
import type { RejectedEvent, RejectedGroup, RejectedPlace, RejectedQuery } from "../ledger/rejection.ts";
import { compareStrings } from "../values/json.ts";

/** The rejected events of a query, in no order. */
export function rejectedIn(exceptions: readonly Exception[], query: RejectedQuery): RejectedEvent[] {
  const { project, from, to, reason, collection } = query;
  return exceptions
    .filter((each) => each.outcome === "rejected" && each.project === project)
    .filter((each) => each.receivedAt >= from && each.receivedAt < to)
    .filter((each) => reason === undefined || each.reason === reason)
    .filter((each) => collection === undefined || each.collection === collection)
    .map(({ batch, ordinal, receivedAt, collection: its, reason: why, detail, raw }) => ({
      batch,
      ordinal,
      receivedAt,
      collection: its,
      reason: why,
      detail,
      raw,
    }));
}

export function groupRejected(rejected: readonly RejectedEvent[]): RejectedGroup[] {
  const groups = Map.groupBy(rejected, ({ reason, collection }) => JSON.stringify([reason, collection]));
  return [...groups.values()]
    .map((its) => {
      const times = its.map(({ receivedAt }) => receivedAt);
      const { reason, collection } = its[0] as RejectedEvent;
      return { reason, collection, count: its.length, firstAt: Math.min(...times), lastAt: Math.max(...times) };
    })
    .sort((a, b) => b.count - a.count);
}

export function comparePlaces(a: RejectedPlace, b: RejectedPlace): number {
  return a.receivedAt - b.receivedAt || compareStrings(a.batch, b.batch) || a.ordinal - b.ordinal;
}
