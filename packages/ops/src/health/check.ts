/** Where the metrics are that a stage prints itself, with its own name as their one dimension. */
export const OWN_METRICS = "Millrace";

/** A metric of CloudWatch that says the same. Its dimensions are the stack's. */
export interface CheckMetric {
  readonly namespace: "AWS/SQS" | "AWS/ApiGateway" | "AWS/ES" | "AWS/Lambda" | typeof OWN_METRICS;
  readonly metric: string;
  /** Seconds that one number stands for. Default 60. */
  readonly period?: number;
  /** Further metrics, all of which only ever grow until the service starts anew: what counts is how much they grew together. */
  readonly grownWith?: readonly string[];
  /** Default: Maximum. `p99` and the like are percentiles. */
  readonly statistic?: string;
  /** No data counts as bad. */
  readonly missingIsBad?: true;
}

export interface HealthCheck {
  /** What it is called in a message. */
  readonly title: string;
  /** What is measured, with its unit. */
  readonly measures: string;
  /** From above here on it is a warning; absent: it is critical at once. In the unit of what is measured. */
  readonly warn?: number;
  /** Above (or, of something that runs out, below) here it is critical. A stage's sizes may set another. */
  readonly critical: number;
  /** The smaller the worse. */
  readonly runsOut?: true;
  /** Bad minutes of how many make it an alarm (M of N): one bad minute is rarely worth waking somebody. Default 1 of 1. */
  readonly minutes?: readonly [bad: number, of: number];
  /** It is looked at so rarely, since looking asks for every project. Default: each time. */
  readonly everyMinutes?: number;
  /** Why somebody should care. */
  readonly why: string;
  /** What to do next. */
  readonly todo: string;
  /** The command to begin with. */
  readonly command: string;
  /** What of mend/commands.ts puts it right, where one does. */
  readonly mend?: "redrive" | "replay-rejected" | "drain" | "throttle";
  readonly metric?: CheckMetric;
}
