import {
  gridOf,
  groupName,
  isObject,
  MillraceError,
  overlapOf,
  rangeLabel,
  type Bins,
  type GroupKey,
  type Json,
  type JsonObject,
  type NumberRange,
} from "@millrace/core";
import { check, quotable } from "./check.ts";
import { refuseUnknown } from "./known.ts";
import { bucketsEntry, rangeEntry, rangesEntry, WIRE } from "./wire.ts";

/**
 * The keys to group by: names of properties, and numbers put into `buckets` or `ranges`. A name given twice counts once, for a row
 * can have it only once.
 * @param taken names the values of a row have: grouping by one of them would overwrite it
 * @throws MillraceError `InvalidParameterError` naming the key
 */
export function parseGroupBy(raw: Json | undefined, taken: readonly string[]): GroupKey<string>[] {
  if (raw === undefined) return [];
  check(WIRE.group_by, raw, "group_by");
  const list = Array.isArray(raw);
  const keys = [raw].flat().map((entry, i) => {
    return isObject(entry) ? parseBins(entry, list ? `group_by[${i}]` : "group_by") : (entry as string);
  });
  const distinct = keys.filter((key, i) => typeof key !== "string" || keys.indexOf(key) === i);
  const names = distinct.map(groupName);
  const clash = names.find((name) => taken.includes(name));
  if (clash !== undefined) {
    throw new MillraceError(
      "InvalidParameterError",
      `group_by "${quotable(clash)}" has the name of a value in the answer's rows. Use multi_analysis with another label.`,
    );
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return distinct;
  throw new MillraceError(
    "InvalidParameterError",
    `group_by has two keys called "${quotable(twice)}", and a row can have only one. Give one of them an alias.`,
  );
}

function parseBins(raw: JsonObject, path: string): Bins<string> {
  refuseUnknown(raw, { known: ["property_name", "buckets", "ranges", "alias"], of: path });
  const field = check(WIRE.target_property, raw["property_name"], `${path}.property_name`);
  const name = raw["alias"] === undefined ? field : check(WIRE.target_property, raw["alias"], `${path}.alias`);
  const { buckets, ranges } = raw;
  if ((buckets === undefined) === (ranges === undefined)) {
    throw new MillraceError(
      "InvalidParameterError",
      `${path} must have either buckets or ranges. For neither, use the name alone.`,
    );
  }
  if (buckets === undefined)
    return { kind: "ranges", field, name, ranges: parseRanges(ranges as Json, `${path}.ranges`) };
  refuseUnknown(buckets, { known: Object.keys(bucketsEntry.shape), of: `${path}.buckets` });
  const { size, offset = 0 } = check(bucketsEntry, buckets, `${path}.buckets`);
  const grid = gridOf(size, offset);
  if (grid) return { kind: "buckets", field, name, grid };
  throw new MillraceError(
    "InvalidParameterError",
    `${path}.buckets cannot be counted exactly: size and offset must have at most nine decimal places, and 15 digits in all.`,
  );
}

function parseRanges(raw: Json, path: string): NumberRange[] {
  check(rangesEntry, raw, path);
  const ranges = [raw].flat().map((entry, i) => {
    refuseUnknown(entry, { known: Object.keys(rangeEntry.shape), of: `${path}[${i}]` });
    const { from, to, alias } = check(rangeEntry, entry, `${path}[${i}]`);
    if (from !== undefined && to !== undefined && to <= from) {
      throw new MillraceError("InvalidParameterError", `${path}[${i}].to (${to}) must be greater than from (${from}).`);
    }
    return {
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(alias !== undefined && { alias }),
    };
  });
  const overlap = overlapOf(ranges);
  if (overlap) {
    const [one, other] = overlap.map((range) => quotable(rangeLabel(range)));
    throw new MillraceError(
      "InvalidParameterError",
      `${path}: ${one} and ${other} have numbers in common; each number belongs to one range.`,
    );
  }
  const labels = ranges.map(rangeLabel);
  const twice = labels.find((label, i) => labels.indexOf(label) !== i);
  if (twice !== undefined)
    throw new MillraceError("InvalidParameterError", `${path}: two ranges are called "${quotable(twice)}".`);
  return ranges;
}
