/**
 * One run of a function as it is kept to be searched: what a search asks for, and the whole line of the log to be shown. Made from lines
 * of the log by `ops`; a line read twice is the same execution.
 */
export interface StoredExecution {
  readonly id: string;
  readonly function: string;
  /** Milliseconds UTC. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly status: ExecutionStatus;
  /** The first run of its process. */
  readonly cold: boolean;
  /** What set it off, in OpenTelemetry's words: `http`, `pubsub`, `timer`, `datasource`, `other`. */
  readonly trigger: string;
  /** Bytes in use at the end; null when the line does not say. */
  readonly memory: number | null;
  /** What failures are grouped by; null when it did not fail. */
  readonly fingerprint: string | null;
  /** `Name: message` of the failure. */
  readonly error: string | null;
  /** Labels as `name=value`, and `project=…` and `batch=…` for each that was in it. */
  readonly labels: readonly string[];
  /** How many runs it stands for: of the ordinary ones of a busy function only a part is kept. */
  readonly weight: number;
  /** Which of two lines about one run holds: never a less certain one. */
  readonly certainty: Certainty;
  /** The line of the log, JSON. */
  readonly line: string;
}

/** An execution as a search finds it: a list of many needs no lines, which are most of the bytes. */
export type FoundExecution = Omit<StoredExecution, "line">;

export const EXECUTION_STATUSES = ["ok", "failed", "timeout", "out-of-memory"] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

/** Who says it: the platform, which saw a process end; the run, before its end; the run, at its end. */
export const CERTAINTY = { platform: 1, early: 2, final: 3 } as const;
export type Certainty = (typeof CERTAINTY)[keyof typeof CERTAINTY];

/** Which executions are meant; all that is said must hold. */
export interface ExecutionSearch {
  /** Milliseconds UTC, of the start: from, inclusive, to, exclusive. */
  readonly from: number;
  readonly to: number;
  readonly function?: string;
  /** `failed` also means runs that were ended by the platform: everything but `ok`. */
  readonly status?: ExecutionStatus | "any-failure";
  readonly fingerprint?: string;
  readonly trigger?: string;
  readonly cold?: boolean;
  readonly minDurationMs?: number;
  /** Bytes. */
  readonly minMemory?: number;
  /** Labels as `name=value`: it has all of them. */
  readonly labels?: readonly string[];
}

export const EXECUTION_ORDERS = ["newest", "slowest", "largest"] as const;
export type ExecutionOrder = (typeof EXECUTION_ORDERS)[number];

/** What executions can be counted by. */
export const EXECUTION_GROUPS = ["function", "status", "fingerprint"] as const;
export type ExecutionGroup = (typeof EXECUTION_GROUPS)[number];

/** A row of a histogram: executions of one span of time whose durations are alike. */
export interface DurationCount {
  /** Index of the span of time. */
  readonly span: number;
  /** See {@link durationBucket}. */
  readonly bucket: number;
  readonly count: number;
  readonly failed: number;
  readonly cold: number;
  /** Bytes; 0 when none of them says. */
  readonly maxMemory: number;
}

export interface GroupCount {
  readonly value: string;
  readonly count: number;
  readonly failed: number;
  /** Start of the newest, milliseconds UTC. */
  readonly lastAt: number;
}

/**
 * Executions, kept for a time and searched. The log is the record: what is missing here can be made from it again.
 */
export interface Executions {
  /** Keeps them. Safe to repeat; of two lines about one run the more certain holds, of two equal ones the later. */
  put(executions: readonly StoredExecution[]): Promise<void>;
  get(id: string): Promise<StoredExecution | undefined>;
  /** @param limit at most this many, 1 to 1,000 */
  find(search: ExecutionSearch, order: ExecutionOrder, limit: number): Promise<FoundExecution[]>;
  /** Counts by spans of time, which `edges` divide (ascending, the first and the last are the ends), and by duration. */
  durations(search: ExecutionSearch, edges: readonly number[]): Promise<DurationCount[]>;
  /** The most frequent values with their counts, most first; executions without one are left out. */
  groups(search: ExecutionSearch, by: ExecutionGroup, limit: number): Promise<GroupCount[]>;
  /**
   * Lets go of what began before `before`, and of the oldest until the lines take about `maxBytes`. In steps of the store's own: an hour,
   * or a month, of which the newest always stays.
   */
  expire(limits: { readonly before: number; readonly maxBytes: number }): Promise<void>;
  close(): Promise<void>;
}

/** One for each id, of those about one run the one that holds: what an adapter writes of what it is given. */
export function mostCertain(executions: readonly StoredExecution[]): StoredExecution[] {
  const byId = new Map<string, StoredExecution>();
  for (const execution of executions) {
    const known = byId.get(execution.id);
    if (!known || known.certainty <= execution.certainty) byId.set(execution.id, execution);
  }
  return [...byId.values()];
}
