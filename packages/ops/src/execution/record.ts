import type { Span } from "@millrace/core";

/** What set an execution off, in the few facts an operator searches by. Never a body, a key or a query string. */
export type SourceSummary = HttpSource | QueueSource | ScheduleSource;

export interface HttpSource {
  readonly kind: "http";
  readonly method: string;
  /** The route's pattern, never the path: paths can hold names. */
  route: string;
  /** Size of the request body; null when the client did not say. */
  readonly bytes: number | null;
}

export interface QueueSource {
  readonly kind: "queue";
  readonly messages: number;
  events: number;
  /** Age of the oldest message, milliseconds, counted from its receipt by ingest; null when no message could be read. */
  oldestAgeMs: number | null;
  readonly maxReceiveCount: number;
}

export interface ScheduleSource {
  readonly kind: "schedule";
  readonly name: string;
}

/** One run of a handler, from its first line to its last. Times in milliseconds, memory in bytes. */
export interface ExecutionRecord {
  /** Request id on Lambda, a minted id locally. */
  readonly id: string;
  readonly function: string;
  /** Milliseconds UTC. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** True for the first execution of this process. */
  readonly coldStart: boolean;
  readonly source: SourceSummary;
  readonly memory: MemoryUse;
  readonly labels: Readonly<Record<string, LabelValue>>;
  readonly spans: readonly Span[];
  /** Spans beyond {@link MAX_SPANS}, counted and not kept. */
  readonly droppedSpans: number;
  readonly error: ExecutionError | null;
}

export type LabelValue = string | number | boolean;

export interface MemoryUse {
  readonly rss: number;
  readonly heapUsed: number;
  /** What the function may use at most; null where nothing limits it. */
  readonly limit: number | null;
}

/** The failure that ended an execution; texts are cleaned by {@link import("./scrub.ts").scrub}. */
export interface ExecutionError {
  readonly name: string;
  readonly message: string;
  /** Frames only, without the message. */
  readonly stack: string;
  /** `name: message` of each cause, outermost first. */
  readonly causes: readonly string[];
}

/** A CloudWatch log event takes 256 KB: a run with thousands of calls must not lose its whole record. */
export const MAX_SPANS = 200;
export const MAX_LABELS = 64;
export const MAX_LABEL_CHARS = 256;
