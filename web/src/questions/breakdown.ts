import type { Filter } from "@millrace/client";
import { askerOf } from "../api/client.ts";
import { inAnyCase } from "../state/in-any-case.ts";
import type { DimensionKind } from "../state/dimensions.ts";
import { isFilter, type PageFilter } from "../state/filters.ts";
import { ENGAGEMENT, VIEWS, base, eventCollections, type Ask } from "./ask.ts";
import { onViews, visitsOf } from "./visits.ts";

/** One way to break the period down: which events, by what, counting what. */
export interface Breakdown {
  readonly id: string;
  /** Field that is grouped by. */
  readonly field: string;
  /** Word for the number: "Visitors", "Visits", "Events". */
  readonly measure: string;
  /** `visitors`: unique visitors of page views; `visits`: visits that began in the period, which add up; `events`: every event. */
  readonly counts: "visitors" | "visits" | "events";
  /** Events of these collections only; absent: page views, or all collections for `events`. */
  readonly collections?: readonly string[];
  /** And of them only these. */
  readonly only?: Filter;
  /** A property that the field means something only together with: rows are pairs, the value of this one first. */
  readonly of?: string;
  /** How the rows are found where they are not the values of a field. */
  readonly kind?: DimensionKind;
}

export type Value = string | number | boolean | null;

export interface BreakdownRow {
  readonly value: Value;
  readonly count: number;
  /** The count is an estimate: there were too many visitors or visits to count each of them. */
  readonly isEstimate?: boolean;
  /** Page views, or events again. */
  readonly views: number;
  /** What a click on it filters by. Absent: its value. */
  readonly filters?: readonly PageFilter[];
  /** With `details`: sums over its views of the time on the page, ms, and of how far down it was seen, percent. */
  readonly engagedMs?: number;
  readonly scroll?: number;
}

/** The breakdown as it can be answered: where the page is about events, it counts events instead of visitors of pages. */
export function suited(breakdown: Breakdown, ask: Ask): Breakdown {
  return ask.about === "events" && !breakdown.collections
    ? { ...breakdown, counts: "events", measure: "Events" }
    : breakdown;
}

/** Which rows of a breakdown. */
export interface RowsWanted {
  readonly limit?: number;
  readonly search?: string;
  readonly details?: boolean;
  /** Those with these values. */
  readonly values?: readonly Value[];
}

/** What is asked for the rows of a breakdown by the values of its field. Undefined: of nothing that the project has. */
export function rowsQuestion(ask: Ask, breakdown: Breakdown, rows: RowsWanted) {
  const wanted = breakdown.collections ?? (breakdown.counts === "events" ? eventCollections(ask) : [VIEWS]);
  const collections = wanted.filter((name) => ask.collections.includes(name));
  if (collections.length === 0) return undefined;
  const shared = base(ask);
  const { field, of, only } = breakdown;
  const extra: Filter[] = only ? [only] : [];
  if (rows.search) extra.push(holds(of === undefined ? [field] : [of, field], rows.search));
  // Of pairs there are few: those that are wanted are found among all.
  if (rows.values && of === undefined)
    extra.push({ property_name: field, operator: "in", property_value: [...rows.values] });
  return {
    ...shared,
    ...(breakdown.counts === "visits" && ({ time_property: "$visit.start" } as const)),
    analysis_type: "multi_analysis",
    filters: [...shared.filters, ...extra],
    // Time and depth are told by events of their own.
    event_collection: rows.details ? [...new Set([...collections, ...engagementOf(ask)])] : collections,
    group_by: of === undefined ? [field] : [of, field],
    analyses: {
      n: { ...MEASURES[breakdown.counts](ask), ...(rows.details && { filters: [onViews] }) },
      views: { ...COUNT, ...(rows.details && { filters: [onViews] }) },
      ...(rows.details && ON_THE_PAGE),
    },
    order_by: [{ property_name: "n", direction: "DESC" }],
    ...(rows.limit === undefined ? {} : { limit: rows.limit }),
  } as const;
}

/** The rows of a breakdown by the values of its field. */
export async function valuesOf(
  ask: Ask,
  breakdown: Breakdown,
  rows: RowsWanted,
  signal: AbortSignal,
): Promise<BreakdownRow[]> {
  const question = rowsQuestion(ask, breakdown, rows);
  if (!question) return [];
  const { field, of } = breakdown;
  const { result, meta } = await askerOf(ask.access).ask(question, signal);
  return result
    .map((row) => ({
      ...(of === undefined ? { value: scalar(row[field]) } : pairOf(breakdown, scalar(row[of]), scalar(row[field]))),
      count: Number(row.n),
      ...(meta?.exact === false && breakdown.counts !== "events" && { isEstimate: true }),
      views: Number(row.views),
      ...(rows.details && { engagedMs: Number(row["engagedMs"]), scroll: Number(row["scroll"]) }),
    }))
    .filter((row) => row.count > 0 && (of === undefined || !rows.values || rows.values.includes(row.value)));
}

/** Texts that hold this one, in whatever case. */
function holds(fields: readonly string[], text: string): Filter {
  const pattern = inAnyCase(text);
  const operands = fields.map((name): Filter => ({ property_name: name, operator: "regex", property_value: pattern }));
  return { operator: "or", operands };
}

/** A row of a pair: "Chrome 126", and both as filters. */
function pairOf(
  { field, of = field }: Breakdown,
  first: Value,
  second: Value,
): Pick<BreakdownRow, "value" | "filters"> {
  const value = first === null ? null : [first, second].filter((part) => part !== null).join(" ");
  return { value, filters: [isFilter(of, first), isFilter(field, second)] };
}

/** Increments that add up, whatever event brought them. */
const ON_THE_PAGE = {
  engagedMs: { analysis_type: "sum", target_property: "$engaged_ms" },
  scroll: { analysis_type: "sum", target_property: "$scroll" },
} as const;

function engagementOf({ collections }: Ask): string[] {
  return collections.filter((name) => name === ENGAGEMENT);
}

const COUNT = { analysis_type: "count" } as const;

const MEASURES = {
  visitors: () => ({ analysis_type: "count_unique", target_property: "$visitor" }) as const,
  visits: visitsOf,
  events: () => COUNT,
};

/** A group by a list property comes as the list; it is shown and filtered as text. */
function scalar(value: unknown): Value {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return value === null || value === undefined ? null : JSON.stringify(value);
}
