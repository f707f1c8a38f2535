import type { Context } from "../event/fields.ts";
import type { JsonObject } from "../values/json.ts";
import type { Value } from "../values/value.ts";

/**
 * The value of one measure in one cell: a number, null (nothing to compute it from), or a list: that of select_unique, or the
 * values of percentiles.
 */
export type MeasureValue = number | null | Value[];

/** One cell of a metric answer. Cells without events are left out; `shape` fills them. */
export interface MetricRow {
  /** Index of the bucket in the plan's edges; 0 when there are none. */
  readonly bucket: number;
  /** One value per group_by property; null also for missing. */
  readonly group: readonly Value[];
  /** One per measure, in the plan's order. */
  readonly values: readonly MeasureValue[];
}

export interface MetricResult {
  /** In any order. Without group_by and edges: exactly one row, even for no events. */
  readonly rows: readonly MetricRow[];
  /** False when a measure was approximated; then `notes` says which and how well. */
  readonly exact: boolean;
  readonly notes: readonly string[];
}

/** One event as given back. */
export interface ExtractedEvent {
  readonly id: string;
  readonly collection: string;
  readonly timestamp: number;
  readonly receivedAt: number;
  readonly context: Context;
  readonly properties: JsonObject;
}

export interface ExtractionResult {
  readonly events: readonly ExtractedEvent[];
}
