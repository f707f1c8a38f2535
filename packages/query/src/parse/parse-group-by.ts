import { isObject, MillraceError, type Json } from "@millrace/core";
import { check } from "./check.ts";
import { WIRE } from "./wire.ts";

/**
 * The properties to group by; a name given twice counts once, for a row can have it only once.
 * @param taken names the values of a row have: grouping by one of them would overwrite it
 * @throws MillraceError `InvalidParameterError`; `UnsupportedQueryError` for buckets and ranges
 */
export function parseGroupBy(raw: Json | undefined, taken: readonly string[]): string[] {
  if (raw === undefined) return [];
  if ([raw].flat().some(isObject)) {
    throw new MillraceError(
      "UnsupportedQueryError",
      "group_by with buckets or ranges is not available yet. Use names.",
    );
  }
  const names = [...new Set([check(WIRE.group_by, raw, "group_by")].flat())];
  const clash = names.find((name) => taken.includes(name));
  if (clash !== undefined) {
    throw new MillraceError(
      "InvalidParameterError",
      `group_by "${clash}" has the name of a value in the answer's rows. Use multi_analysis with another label.`,
    );
  }
  return names;
}
