import { STANDARD_FIELDS, type JsonObject } from "@millrace/core";

/** The root names of the standard fields, as extractions give them when asked: `$page`, `$collection`, … */
const GIVEN_OUT = new Set(
  STANDARD_FIELDS.map(({ name }) => name.split(".", 1)[0] ?? name).filter((root) => root !== "keen"),
);

/**
 * Takes out of an event what we ourselves wrote into the rows of an extraction, as `keen.id` and `keen.created_at` are: Keen's users
 * copy, repair and move events by recording again what they extracted, and these are told anew of the new event. Any other name
 * with `$` in front is still an error.
 */
export function dropGivenOut(properties: JsonObject): void {
  for (const name of Object.keys(properties)) if (name.startsWith("$") && GIVEN_OUT.has(name)) delete properties[name];
}
