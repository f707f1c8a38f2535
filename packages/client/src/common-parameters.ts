import type { BotsMode, FieldName, Json } from "@millrace/core";

/** A property by dotted path, or a standard field; the standard ones are offered by the editor. */
export type Property = FieldName | (string & Record<never, never>);

/** One comparison, or a node over others. */
export type Filter = Comparison | { readonly operator: "or" | "and" | "not"; readonly operands: readonly Filter[] };

/** A property, an operator, and a value that the operator takes. */
export type Comparison = {
  [O in Operator]: { readonly property_name: Property; readonly operator: O; readonly property_value: OperandOf[O] };
}[Operator];

interface OperandOf {
  eq: Json;
  ne: Json;
  lt: string | number;
  lte: string | number;
  gt: string | number;
  gte: string | number;
  exists: boolean;
  in: readonly Json[];
  contains: string | number | boolean;
  not_contains: string | number | boolean;
  regex: string;
  within: GeoOperand;
  did: DeedOperand;
  did_not: DeedOperand;
}

export type Operator = keyof OperandOf;

/** A place, and how far from it. */
export interface GeoOperand {
  /** Longitude, latitude, in degrees. */
  readonly coordinates: readonly [longitude: number, latitude: number];
  readonly max_distance_miles: number;
}

/** The events in which the value of `property_name`, such as a visit or a user, is looked for, in the timeframe of the question. */
export interface DeedOperand {
  readonly event_collection: string | readonly string[];
  /** No `did` among them. */
  readonly filters?: readonly Filter[];
}

/** `this_7_days`, `yesterday`, …, or start (inclusive) and end (exclusive) in ISO 8601. */
export type TimeframeParameter = string | { readonly start: string; readonly end: string };

/** What every analysis takes. */
export interface CommonParameters {
  readonly event_collection: string | readonly string[];
  /** Default: all time. */
  readonly timeframe?: TimeframeParameter;
  /** A zone name, or seconds east of UTC. Default UTC. */
  readonly timezone?: string | number;
  readonly filters?: readonly Filter[];
  /** Default include. */
  readonly bots?: BotsMode;
  readonly include_metadata?: boolean;
}
