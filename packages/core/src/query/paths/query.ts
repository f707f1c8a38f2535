import type { EventSet } from "../event-set.ts";

/**
 * What comes after (or before) what, within sessions. The events of a session are in the order of time, those of one millisecond in
 * the order of their values; an event without the step's property is no step.
 */
export interface PathsQuery extends EventSet {
  readonly kind: "paths";
  /** The property that says which events belong together. */
  readonly session: string;
  /** The property that says what a step is. */
  readonly step: string;
  readonly direction: "next" | "previous";
  /** Paths begin where a session first has this value. Absent: at its first step, or at its last for `previous`. */
  readonly anchor?: string | number | boolean;
  /** Steps behind the first. */
  readonly depth: number;
  /** Of each step the values named: those of most sessions. */
  readonly top: number;
  /** True: the same value several times in a row is one step. */
  readonly collapse: boolean;
}
