import type { Json, JsonObject } from "@millrace/core";

/** To whom something is sent: of a webhook no more is shown than its host. */
export interface TargetAnswer {
  readonly kind: "slack" | "webhook" | "mail";
  readonly to: string;
  /** Stands for it in a definition that keeps it. */
  readonly id: string;
}

/** To whom something is to be sent. */
export type TargetDefinition =
  { readonly slack: string } | { readonly webhook: string } | { readonly mail: string } | { readonly id: string };

/** How the last of something went. */
export interface LastRunAnswer {
  readonly at: string;
  readonly ok: boolean;
  readonly message: string;
}

interface Sent {
  readonly name: string;
  readonly to: readonly TargetAnswer[];
  readonly paused: boolean;
  readonly created_at: string;
  readonly modified_at: string;
  readonly next_at: string | null;
  readonly last_run: LastRunAnswer | null;
  /** What is in the way of one that is on its way. */
  readonly waiting_for: readonly string[];
}

/** A summary of a project that is sent each day or week. */
export interface ReportAnswer extends Sent {
  readonly every: "daily" | "weekly";
  /** By the clock of its zone. */
  readonly hour: number;
  readonly weekday?: string;
  /** Null: the project's. */
  readonly timezone: string | null;
  readonly filters: readonly Json[];
}

/** What of a number is worth a message. */
export type AlertDefinition =
  | { readonly below: number }
  | { readonly above: number }
  | { readonly below_percent: number; readonly of: EarlierBucket }
  | { readonly above_percent: number; readonly of: EarlierBucket };

type EarlierBucket = "previous_hour" | "previous_day" | "previous_week";

/** A number that is looked at each hour or day. */
export interface WatchAnswer extends Sent {
  readonly query?: JsonObject;
  readonly saved_query_name?: string;
  readonly every: "hourly" | "daily";
  readonly alert: AlertDefinition;
  readonly severity: "warn" | "critical";
  readonly timezone: string | null;
  readonly state: {
    readonly severity: "ok" | "warn" | "critical";
    readonly since: string | null;
    readonly value: number | null;
    readonly looked_at: string;
  } | null;
}

/** What a report is made of, for `PUT …/reports/{name}`. */
export interface ReportDefinition extends Partial<Pick<ReportAnswer, "hour" | "weekday" | "filters" | "paused">> {
  readonly every: ReportAnswer["every"];
  readonly timezone?: string;
  readonly to: readonly TargetDefinition[];
}

/** What a watch is made of, for `PUT …/watches/{name}`. */
export interface WatchDefinition extends Partial<Pick<WatchAnswer, "every" | "severity" | "paused">> {
  readonly query?: JsonObject;
  readonly saved_query_name?: string;
  readonly alert: AlertDefinition;
  readonly timezone?: string;
  readonly to: readonly TargetDefinition[];
}
