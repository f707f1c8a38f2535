import { MillraceError } from "../error.ts";
import { standardField, type FieldColumn } from "../event/fields.ts";
import type { TimeRange } from "../time/timeframe.ts";
import type { Field, Incomplete, PropertyView } from "./field.ts";

/** Turns the names of one query into fields, and keeps account of what the answer will lack. */
export interface Resolver {
  /** @throws MillraceError `InvalidParameterError` for a name with $ that is no standard field */
  resolve(name: string): Field;
  /**
   * A field for a use that only typed values can answer. Where some of the property's values may not be typed, the answer will
   * be incomplete, and is noted as such.
   * @throws MillraceError `UnsupportedQueryError` for a property that never was typed
   */
  typed(field: Field, use: string): Field;
  /** What was noted so far. */
  incomplete(): Incomplete[];
}

/** @param range the timeframe of the query; absent: all time */
export function createResolver(properties: PropertyView, range: TimeRange | undefined): Resolver {
  const noted = new Map<string, Incomplete>();
  const untyped = (path: string): TimeRange[] =>
    properties.untyped(path).filter(({ start, end }) => !range || (start < range.end && end > range.start));

  return {
    // Standard names win because no property can have one; any other path is a property, known or not.
    resolve: (name) => {
      const standard = standardField(name);
      if (standard) return { kind: "standard", name, column: standard.column as FieldColumn, type: standard.kind };
      if (name.startsWith("$")) {
        throw new MillraceError("InvalidParameterError", `"${name.slice(0, 80)}" is not a standard field.`);
      }
      return { kind: "property", path: name, storage: untyped(name).length > 0 ? "split" : "typed" };
    },
    typed: (field, use) => {
      if (field.kind === "standard" || field.storage === "typed") return field;
      const { path } = field;
      if (!properties.admits(path)) {
        throw new MillraceError(
          "UnsupportedQueryError",
          `"${path}" is beyond the quota of indexed properties in this timeframe: it can be extracted and filtered with eq or in, not used in ${use}.`,
        );
      }
      noted.set(path, { path, ranges: untyped(path) });
      return field;
    },
    incomplete: () => [...noted.values()],
  };
}

/** What the parts of one question noted, each property once. */
export function mergeIncomplete(notes: readonly Incomplete[]): Incomplete[] {
  const merged = new Map<string, TimeRange[]>();
  for (const { path, ranges } of notes) {
    const known = merged.get(path) ?? [];
    const added = ranges.filter((range) => !known.some(({ start, end }) => start === range.start && end === range.end));
    merged.set(
      path,
      [...known, ...added].toSorted((a, b) => a.start - b.start),
    );
  }
  return [...merged].map(([path, ranges]) => ({ path, ranges }));
}
