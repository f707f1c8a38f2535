import { t } from "../language/words.ts";
import type { Breakdown, BreakdownRow } from "../questions/breakdown.ts";
import { encodeFilter, isFilter, toggleFilter, type PageFilter } from "../state/filters.ts";
import { dimensionOf, type Dimension } from "../state/dimensions.ts";

/**
 * How a dimension is counted. Where visits came from and where they began is counted in visits, each of which has one such value:
 * the rows add up to the card. The rest is counted in visitors.
 */
export function breakdownBy({ short, field, collections, only, of, kind, panel }: Dimension): Breakdown {
  const what = { id: short, field, ...(of !== undefined && { of }), ...(kind && { kind }) };
  if (collections) return { ...what, measure: t("Events"), counts: "events", collections, ...(only && { only }) };
  if (field === "$collection") return { ...what, measure: t("Events"), counts: "events" };
  const ofVisits = field.startsWith("$visit.") || panel === "sources";
  return ofVisits
    ? { ...what, measure: t("Visits"), counts: "visits" }
    : { ...what, measure: t("Visitors"), counts: "visitors" };
}

/** True where a row's conversion can be told: its rows are the values of one property. */
export function canConvert({ kind, of }: Breakdown): boolean {
  return kind === undefined && of === undefined;
}

/** What a click on a row filters by; nothing where no filter says it. */
export function filtersOf({ field }: Breakdown, { value, filters }: BreakdownRow): readonly PageFilter[] {
  return filters ?? [isFilter(field, value)];
}

/** Adds all of them, or takes them away where all are there. */
export function toggleAll(filters: readonly PageFilter[], given: readonly PageFilter[]): readonly PageFilter[] {
  const missing = given.filter((filter) => !hasFilter(filters, filter));
  return (missing.length > 0 ? missing : given).reduce<readonly PageFilter[]>(toggleFilter, filters);
}

export function hasFilter(filters: readonly PageFilter[], filter: PageFilter): boolean {
  const text = encodeFilter(filter);
  return filters.some((each) => encodeFilter(each) === text);
}

/** @throws when there is no such dimension: a mistake of ours */
export function breakdownNamed(short: string): Breakdown {
  const dimension = dimensionOf(short);
  if (!dimension) throw new Error(`There is no dimension "${short}".`);
  return breakdownBy(dimension);
}

/** One event by one of its own properties. */
export function byProperty(collection: string, property: string): Breakdown {
  return { id: "property", field: property, measure: t("Events"), counts: "events", collections: [collection] };
}
