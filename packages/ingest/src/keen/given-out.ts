import { isStandardRoot, type JsonObject } from "@millrace/core";

/**
 * Takes out of an event what we ourselves wrote into the rows of an extraction, as `keen.id` and `keen.created_at` are: Keen's users
 * copy, repair and move events by recording again what they extracted, and these are told anew of the new event. Any other name
 * with `$` in front is still an error.
 */
export function dropGivenOut(properties: JsonObject): void {
  for (const name of Object.keys(properties)) if (isStandardRoot(name)) delete properties[name];
}
