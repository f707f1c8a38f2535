/** How bad something is. */
type OpsSeverity = "ok" | "warn" | "critical" | "unknown";

/** One thing that is watched: what was measured, since when, why it matters and what to do. */
export interface OpsCheck {
  readonly name: string;
  readonly title: string;
  readonly status: OpsSeverity;
  readonly value: number | null;
  readonly detail: string | null;
  readonly since: string;
  readonly measures: string;
  readonly why: string;
  readonly todo: string;
  /** What to type first. */
  readonly command: string;
  /** The command of `/ops/commands` that mends it, where one does. */
  readonly mend: string | null;
}

/** `GET /ops/health` */
export interface OpsHealth {
  readonly status: OpsSeverity;
  readonly checks: readonly OpsCheck[];
}

/** A run of a function. */
export interface OpsExecution {
  readonly id: string;
  readonly function: string;
  readonly started_at: string;
  readonly duration_ms: number;
  readonly status: string;
  readonly cold: boolean;
  readonly trigger: string;
  /** Bytes. */
  readonly memory: number | null;
  readonly fingerprint: string | null;
  readonly error: string | null;
  readonly labels: readonly string[];
  /** How many runs like it were not kept for it. */
  readonly stands_for: number;
}

/** `GET /ops/executions` */
export interface OpsExecutions {
  readonly executions: readonly OpsExecution[];
}

/** `GET /ops/executions/{id}` */
export interface OpsExecutionDetail {
  readonly execution: OpsExecution;
  /** As it was logged. */
  readonly record: { readonly [name: string]: unknown };
}

export interface OpsCounted {
  readonly count: number;
  readonly failed: number;
  /** Milliseconds. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** Failures of one kind. */
export interface OpsProblem {
  readonly fingerprint: string;
  readonly count: number;
  readonly last_at: string;
  readonly error: string;
  readonly function: string | null;
  /** The id of one of them. */
  readonly example: string | null;
}

/** `GET /ops/executions/summary` */
export interface OpsSummary {
  readonly total: OpsCounted;
  readonly spans: readonly (OpsCounted & { readonly from: string; readonly to: string })[];
  readonly functions: readonly { readonly function: string; readonly count: number; readonly failed: number }[];
  readonly failures: readonly OpsProblem[];
}

interface OpsSums {
  /** US dollars: until now, and by the month's end if it goes on like that. */
  readonly so_far: number;
  readonly month: number;
}

export interface OpsCostPart extends OpsSums {
  readonly what: string;
}

export interface OpsCostProject extends OpsSums {
  readonly id: string;
  readonly name: string;
  readonly events: number;
}

export interface OpsLever {
  readonly what: string;
  /** US dollars a month; below 0 it saves. */
  readonly change: number;
}

/** `GET /ops/cost` */
export interface OpsCost extends OpsSums {
  readonly from: string;
  readonly to: string;
  /** The month whose list prices these are. */
  readonly prices_as_of: string;
  readonly measured: { readonly requests: number; readonly queries: number };
  /** What a month may cost, US dollars; null: nobody said. */
  readonly plan: number | null;
  /** Of the whole month, and what Keen asked for so many. */
  readonly events: number;
  readonly keen: number;
  readonly parts: readonly OpsCostPart[];
  readonly projects: readonly OpsCostProject[];
  readonly levers: readonly OpsLever[];
}

/** Something that is sent on a schedule. */
export interface OpsScheduled {
  readonly project: string;
  readonly project_name: string;
  readonly kind: string;
  readonly name: string;
  readonly in_trouble: boolean;
  /** Null: paused. */
  readonly next_at: string | null;
  readonly last_run: { readonly at: string; readonly ok: boolean; readonly message: string } | null;
  readonly waiting_for: readonly string[];
  readonly state: string | null;
}

/** `GET /ops/reports` */
export interface OpsReports {
  readonly reports: readonly OpsScheduled[];
}

/** `GET /ops/queue` */
export interface OpsQueue {
  readonly visible: number;
  readonly in_flight: number;
  readonly dead: number;
  readonly oldest_age_ms: number | null;
  readonly pause: { readonly at: string; readonly by: string } | null;
}

export interface OpsArgument {
  readonly name: string;
  readonly label: string;
  /** `hour`: such as `2026-11-23T21`; `time`: ISO 8601. */
  readonly kind: "project" | "text" | "time" | "hour";
  /** How it is typed. */
  readonly as: "word" | "option";
  readonly required: boolean;
}

/** A command that puts something right. */
export interface OpsCommand {
  readonly name: string;
  readonly title: string;
  /** How it is typed after `npm run ops --`. */
  readonly typed: string;
  readonly does: string;
  readonly takes: readonly OpsArgument[];
  /** There is no way back. */
  readonly for_good: boolean;
  /** It changes nothing, and is asked until nothing is left to wait for. */
  readonly waits: boolean;
  /** False: this installation has no function with its rights; it is typed with one's own. */
  readonly runs: boolean;
}

/** `GET /ops/commands` */
export interface OpsCommands {
  /** The stage on AWS; null: one machine. */
  readonly stage: string | null;
  readonly commands: readonly OpsCommand[];
}

/** `POST /ops/commands/{name}` */
export interface OpsOutcome {
  /** False: it was only looked what it would do. */
  readonly done: boolean;
  readonly said: string;
  /** Of a command that goes on the numbers of its requests add up. */
  readonly numbers: readonly { readonly label: string; readonly value: number }[];
  /** For the next request; null: it is at its end. */
  readonly after: string | null;
}

/** A command as it is typed. Without `--yes`: it says what it would do. */
export function commandLine(
  { typed, takes }: Pick<OpsCommand, "typed" | "takes">,
  values: Readonly<Record<string, string | undefined>>,
  stage: string | null,
): string {
  const words = takes.flatMap(({ name, as, required }) => {
    const value = values[name] || (required ? name.toUpperCase() : "");
    if (value === "") return [];
    const quoted = /^[\w.:@+/-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
    return [as === "word" ? quoted : `--${name} ${quoted}`];
  });
  return ["npm run ops --", typed, ...words, ...(stage === null ? [] : [`--stage ${stage}`])].join(" ");
}
