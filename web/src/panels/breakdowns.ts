import type { Breakdown } from "../questions/breakdown.ts";
import { dimensionOf, type Dimension } from "../state/dimensions.ts";

/**
 * How a dimension is counted. Where visits came from and where they began is counted in visits, each of which has one such value:
 * the rows add up to the card. The rest is counted in visitors.
 */
export function breakdownBy({ short, field, collection, panel }: Dimension): Breakdown {
  if (collection !== undefined) return { id: short, field, measure: "Events", counts: "events", collection };
  if (field === "$collection") return { id: short, field, measure: "Events", counts: "events" };
  const ofVisits = field.startsWith("$visit.") || panel === "sources";
  return ofVisits
    ? { id: short, field, measure: "Visits", counts: "visits" }
    : { id: short, field, measure: "Visitors", counts: "visitors" };
}

/** @throws when there is no such dimension: a mistake of ours */
export function breakdownNamed(short: string): Breakdown {
  const dimension = dimensionOf(short);
  if (!dimension) throw new Error(`There is no dimension "${short}".`);
  return breakdownBy(dimension);
}

/** One event by one of its own properties. */
export function byProperty(collection: string, property: string): Breakdown {
  return { id: "property", field: property, measure: "Events", counts: "events", collection };
}
