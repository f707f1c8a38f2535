import { isObject, MillraceError, type ErrorCode, type Json } from "@millrace/core";
import { quotable } from "./check.ts";
import type { Analysis } from "./analyses.ts";
import type { Parameter } from "./wire.ts";

const TIME: readonly Parameter[] = ["event_collection", "timeframe", "timezone", "filters", "bots", "include_metadata"];
const GROUPED: readonly Parameter[] = [
  "interval",
  "group_by",
  "order_by",
  "limit",
  "other",
  "zero_fill",
  "compare_to",
  "max_age",
  "time_property",
  ...TIME,
];

/** The parameters each analysis takes: what the OpenAPI document lists, and all that a request may hold. */
export const PARAMETERS: Record<Analysis, readonly Parameter[]> = {
  count: GROUPED,
  count_unique: ["target_property", ...GROUPED],
  sum: ["target_property", ...GROUPED],
  average: ["target_property", ...GROUPED],
  minimum: ["target_property", ...GROUPED],
  maximum: ["target_property", ...GROUPED],
  median: ["target_property", ...GROUPED],
  percentile: ["target_property", "percentile", ...GROUPED],
  percentiles: ["target_property", "percentiles", ...GROUPED],
  standard_deviation: ["target_property", ...GROUPED],
  select_unique: ["target_property", ...GROUPED],
  multi_analysis: ["analyses", ...GROUPED],
  extraction: ["latest", "property_names", "standard_fields", "content_type", ...TIME],
  funnel: ["steps", "ordered", "window", "breakdown", "timeframe", "timezone", "bots", "include_metadata", "max_age"],
  retention: [
    "actor_property",
    "first",
    "returning",
    "interval",
    "unbounded",
    "timeframe",
    "timezone",
    "bots",
    "include_metadata",
    "max_age",
  ],
  paths: [
    "step_property",
    "session_property",
    "direction",
    "anchor",
    "depth",
    "values",
    "collapse_repeats",
    "max_age",
    "time_property",
    ...TIME,
  ],
};

/**
 * What Keen's released clients send beside a question, and what it does not change: the key and the callback of a GET, the
 * analysis once more (keen-analysis), `force` of its caching, and what a query builder leaves behind when another analysis is
 * chosen. Closed: any other name is a mistake, and an answer that ignores a mistake is the answer to another question.
 */
const BESIDE = ["api_key", "jsonp", "analysis_type", "force", "target_property", "percentile"] as const;

/** Refused by name where an extraction is read, each with its own reason. */
const OF_EXTRACTIONS = ["email", "email_address", "content_encoding", "interval", "group_by", "order_by"];

/** @throws MillraceError `InvalidParameterError` for a name that this analysis does not take */
export function refuseUnknownParameters(analysis: Analysis, raw: Readonly<Record<string, Json>>): void {
  const own = PARAMETERS[analysis];
  const passed = analysis === "extraction" ? [...BESIDE, ...OF_EXTRACTIONS, "limit"] : BESIDE;
  refuseUnknown(raw, { known: own, passed, of: analysis });
}

export interface Names {
  /** The names there are, offered in the error. */
  readonly known: readonly string[];
  /** Names that are let through, and not offered. */
  readonly passed?: readonly string[];
  /** What they belong to, such as `count` or `filters[2]`. */
  readonly of: string;
  readonly code?: ErrorCode;
}

/**
 * Refuses the first member of an object that nobody knows, with the nearest name that is known.
 * @throws MillraceError `code`, default `InvalidParameterError`
 */
export function refuseUnknown(raw: Json, { known, passed = [], of, code = "InvalidParameterError" }: Names): void {
  if (!isObject(raw)) return;
  const stranger = Object.keys(raw).find((name) => !known.includes(name) && !passed.includes(name));
  if (stranger === undefined) return;
  const near = nearest(stranger, known);
  const others = known.length === 0 ? "It takes none." : `Known are ${known.join(", ")}.`;
  const advice = near === undefined ? others : `Did you mean "${near}"?`;
  throw new MillraceError(code, `"${quotable(stranger)}" is not a parameter of ${of}. ${advice}`);
}

/** A name is meant when no more than a third of it, at least one letter, is another. Case and underscores do not count. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const typed = bare(name);
  if (typed.length > 60) return undefined;
  const ranked = known.map((candidate) => ({ candidate, steps: distance(typed, bare(candidate)) }));
  const best = ranked.toSorted((a, b) => a.steps - b.steps)[0];
  return best && best.steps <= Math.max(1, Math.floor(typed.length / 3)) ? best.candidate : undefined;
}

function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, "");
}

/** Levenshtein's: insertions, deletions and replacements from one text to the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
