import type { Span } from "@millrace/core/execution";

/** What set an execution off, in the few facts an operator searches by. Never a body, a key or a query string. */
export type SourceSummary = HttpSource | QueueSource | NamedSource;

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
  /** Name of the queue, the topic or the stream; undefined where there is only one. */
  readonly name?: string;
  readonly messages: number;
  /** What is in the messages, where whoever reads them says so. */
  events?: number;
  /** Age of the oldest message, milliseconds; null when none of them says. */
  oldestAgeMs: number | null;
  readonly maxReceiveCount: number;
  /** Whose messages these are, and which, as far as whoever reads them says so. */
  projects?: string[];
  batches?: string[];
  /** Of the messages, the spans that sent them, `TRACE-SPAN` each: this run is part of their traces. */
  traces?: string[];
}

/**
 * What is told by a name: a schedule's, that of a bucket, of an event of EventBridge (its source and type), of an operator's command.
 * `objects` of one bucket are counted.
 */
export interface NamedSource {
  readonly kind: "schedule" | "bucket" | "event" | "command";
  readonly name: string;
  readonly objects?: number;
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
  /** W3C's header of whoever set it off, as it came. */
  readonly traceparent?: string | undefined;
  readonly memory: MemoryUse;
  readonly labels: Readonly<Record<string, LabelValue>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly spans: readonly Span[];
  /** Spans beyond {@link MAX_SPANS}, counted and not kept. */
  readonly droppedSpans: number;
  readonly error: ExecutionError | null;
}

/** Name of the error of a run whose time was about to be over when it was recorded. */
export const TIMEOUT = "Timeout";

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
  /** The same for every failure of one kind, whatever ids and numbers its message holds: what failures are grouped and found by. */
  readonly fingerprint: string;
  /** Frames only, without the message. */
  readonly stack: string;
  /** `name: message` of each cause, outermost first. */
  readonly causes: readonly string[];
}

/** A CloudWatch log event takes 256 KB: a run with thousands of calls must not lose its whole record. */
export const MAX_SPANS = 200;
export const MAX_LABELS = 64;
export const MAX_METRICS = 64;
export const MAX_LABEL_CHARS = 256;
