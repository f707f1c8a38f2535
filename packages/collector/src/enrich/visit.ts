import {
  identityTime,
  isEventId,
  VISIT_TIMEOUT_MS,
  type Context,
  type ContextColumn,
  type VisitEntry,
} from "@millrace/core";
import { LRUCache } from "lru-cache";
import { channel } from "./channel.ts";
import { fill, type Step } from "./enrichment.ts";
import { referrer, source } from "./referrer.ts";
import { pageUrl } from "./url.ts";

/** What all events of a visit say of where it came from. */
type Arrival = readonly (readonly [
  column: Exclude<Extract<ContextColumn, `visit_${string}`>, "visit_id" | "visit_start" | "visit_page">,
  value: string | null | undefined,
])[];

/** Longer than anybody is awake; a tab that plays music all day is one visit. */
const LONGEST_VISIT_MS = 7 * 86_400_000;

/** A visit's events come together, in one message and in the next ones. */
const KNOWN_VISITS = 2_000;

/**
 * Where the event's visit came from, on every event of it: a purchase is counted by the source of its visit, not of its page. Found
 * from the visit's first page by the very steps that page views go through, so that the two never disagree. An event that belongs to
 * no visit gets none of it: not to know a source is something else than to have come directly. */
export function visit(): Step {
  const known = new LRUCache<string, Arrival>({ max: KNOWN_VISITS });
  return {
    name: "visit",
    apply({ event, raw, context }) {
      if (context.visit_id) fill(context, "visit_start", startOf(context.visit_id, event.timestamp));
      if (!raw.visit) return;
      const { url = "", referrer: before = "" } = raw.visit;
      const key = `${url} ${before}`;
      const arrival = known.get(key) ?? arrivalOf(raw.visit);
      known.set(key, arrival);
      for (const [column, value] of arrival) fill(context, column, value);
    },
  };
}

/** A visit of ours began at the time in its id; an import may bring ids that only look like one. */
function startOf(visit: string, timestamp: number): number {
  const start = isEventId(visit) ? identityTime(visit) : Number.NaN;
  return timestamp >= start - VISIT_TIMEOUT_MS && timestamp <= start + LONGEST_VISIT_MS ? start : timestamp;
}

const STEPS = [pageUrl, referrer, source, channel];

function arrivalOf(raw: VisitEntry): Arrival {
  const context: Context = {};
  const event = { id: "", collection: "", timestamp: 0, properties: {} };
  for (const step of STEPS) step.apply({ event, raw, context, properties: {} });
  return [
    ["visit_source", context.source],
    ["visit_channel", context.channel],
    ["visit_campaign", context.utm_campaign],
    ["visit_utm_source", context.utm_source],
    ["visit_medium", context.utm_medium],
    ["visit_term", context.utm_term],
    ["visit_content", context.utm_content],
    ["visit_entry", context.page_path],
  ];
}
