import { MillraceError, standardField, type CatalogueView, type PropertyDeletion } from "@millrace/core";
import { findCollection, propertyNotFound } from "../answer/schema.ts";

/**
 * What `DELETE …/events/{collection}/properties/{property}` takes: the property and what lies below it, of all events received until
 * now. One that only ever came beyond the quota of names is in no schema, so where some did any name is taken.
 * @param now milliseconds UTC
 * @throws MillraceError `InvalidParameterError` for a standard field, `ResourceNotFoundError` for a collection or property that never was
 */
export function readPropertyDeletion(
  view: CatalogueView,
  { collection, property }: Pick<PropertyDeletion, "collection" | "property">,
  now: number,
): Omit<PropertyDeletion, "project"> {
  if (property.startsWith("$") || property === "keen" || standardField(property)) {
    throw new MillraceError(
      "InvalidParameterError",
      `"${property.slice(0, 80)}" is a standard field: every event has it, and it cannot be deleted.`,
    );
  }
  const { properties } = findCollection(view, collection);
  const isListed = Object.keys(properties).some((path) => path === property || path.startsWith(`${property}.`));
  if (!isListed && view.quota.refusedIn.length === 0) throw propertyNotFound();
  return { collection, property, receivedBefore: now };
}
