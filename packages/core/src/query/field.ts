import type { FieldColumn, FieldKind } from "../event/fields.ts";
import type { TimeRange } from "../time/timeframe.ts";

/** A property resolved: a standard field, or a custom property of the five kinds. */
export type Field =
  | { readonly kind: "standard"; readonly name: string; readonly column: FieldColumn; readonly type: FieldKind }
  | {
      readonly kind: "property";
      readonly path: string;
      /** `split`: some values came beyond the catalogue's quota and are kept as equality tokens only; equality looks at both. */
      readonly storage: "typed" | "split";
    };

/** A property whose values of certain times may not be typed, used in a way that only typed values answer. */
export interface Incomplete {
  readonly path: string;
  /** Within or overlapping the timeframe of the query. */
  readonly ranges: readonly TimeRange[];
}

/** What planning needs to know about a project's properties. */
export interface PropertyView {
  /** True when the path is, or at some time was, typed in the store. */
  admits(path: string): boolean;
  /**
   * The times from which events may hold a value of the path that is not typed, because no further name fitted then. It is kept
   * as an equality token. Empty for a path of which no value was ever turned down.
   */
  untyped(path: string): readonly TimeRange[];
}
