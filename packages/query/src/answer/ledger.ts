import type { Grant } from "@millrace/access";
import {
  HOUR_MS,
  isoUtc,
  MillraceError,
  resolveTimeframe,
  type JsonObject,
  type LedgerHour,
  type TimeRange,
} from "@millrace/core";
import type { QueryDeps } from "../deps.ts";
import { refuseUnknown } from "../parse/known.ts";
import type { Engine } from "../share/engine.ts";
import { parseTime } from "../parse/parse-timeframe.ts";

const DAY_MS = 24 * HOUR_MS;
/** Most hours of one answer: a year and a day. */
const MOST_HOURS = 366 * 24;
/** What was stored this long ago is visible in every store. */
const SETTLE_MS = 60_000;

type LedgerParts = Pick<QueryDeps, "ledger" | "queue">;

export interface LedgerRequest {
  readonly raw: JsonObject;
  readonly grant: Grant;
  /** Milliseconds UTC. */
  readonly now: number;
  readonly engine: Engine;
}

/**
 * `GET …/ledger`: what became of the accepted events, by hour of receipt, newest first; hours without any are left out.
 * `balanced` is true when every hour older than the oldest message still queued accounts for all of its events. `turned_away` are
 * requests, of the whole stage, that never came as far as a project.
 * @throws MillraceError `InvalidApiKeyError` for a key with forced filters: the ledger counts what such a key must not see
 */
export async function readLedger(deps: LedgerParts, { raw, grant, now, engine }: LedgerRequest): Promise<JsonObject> {
  refuseUnknown(raw, { known: ["timeframe", "timezone"], passed: ["api_key", "jsonp"], of: "ledger" });
  if (grant.queryFilter) throw new MillraceError("InvalidApiKeyError", "A key with filters cannot read the ledger.");
  const { start, end } = rangeOf(raw, now);
  const [hours, turnedAway] = await Promise.all([
    engine.use((options) => deps.ledger.hours(grant.project.id, start, end, options)),
    deps.ledger.turnedAway(start, end),
  ]);
  const settled = Math.min(now - SETTLE_MS, await oldestQueuedAt(deps, now));
  return {
    result: hours.map(answerHour),
    balanced: hours.every((hour) => isBalanced(hour, settled)),
    turned_away: turnedAway.map(({ hour, counts }) => ({ hour: isoUtc(hour), ...counts })),
  };
}

/** One hour on the wire: snake case, as everywhere in this API. */
function answerHour({ hour, inFlight, refused, withoutVisitor, ...counts }: LedgerHour): JsonObject {
  return {
    hour: isoUtc(hour),
    ...counts,
    in_flight: inFlight,
    refused: { ...refused },
    without_visitor: withoutVisitor,
  };
}

/** Younger hours may have events on their way; what is still queued or just stored is no difference. */
function isBalanced(hour: LedgerHour, settledUntil: number): boolean {
  return hour.inFlight === 0 || hour.hour + HOUR_MS > settledUntil;
}

async function oldestQueuedAt(deps: LedgerParts, now: number): Promise<number> {
  const age = (await deps.queue?.stats())?.oldestAgeMs ?? null;
  return age === null ? now : now - age;
}

function rangeOf(raw: JsonObject, now: number): TimeRange {
  const { timeframe, zone } = parseTime(raw);
  if (!timeframe) return { start: now - DAY_MS, end: now + 1 };
  const range = resolveTimeframe(timeframe, now, zone);
  if (range.end - range.start > MOST_HOURS * HOUR_MS) {
    throw new MillraceError(
      "InvalidTimeframeError",
      `timeframe: the ledger shows at most ${MOST_HOURS} hours at a time.`,
    );
  }
  return range;
}
