import type { Provenance, StoredEvent } from "../event/event.ts";
import type { ExtractionPlan, MetricPlan } from "../query/plan.ts";
import type { ExtractionResult, MetricResult } from "../query/result.ts";
import type { FunnelPlan } from "../query/funnel/plan.ts";
import type { FunnelResult } from "../query/funnel/result.ts";
import type { OrderedFunnelPlan } from "../query/ordered-funnel/plan.ts";
import type { OrderedFunnelResult } from "../query/ordered-funnel/result.ts";
import type { PathsPlan } from "../query/paths/plan.ts";
import type { PathsResult } from "../query/paths/result.ts";
import type { RetentionPlan } from "../query/retention/plan.ts";
import type { RetentionResult } from "../query/retention/result.ts";
import type { DeleteWhere } from "../ports/tombstones.ts";
import type { PropertyDeletion } from "../ports/deleted-properties.ts";
import type { Exception, LedgerOutcome } from "../ledger/exception.ts";
import type { RejectedEvent, RejectedGroup, RejectedPage, RejectedQuery } from "../ledger/rejection.ts";

/**
 * What happened to one event of an append.
 * - `stored`: written now. `own-retry`: an earlier attempt of the same message had written it.
 * - `duplicate`: another event has its id. `rejected`: this store can never keep it.
 * - `deleted`, `expired`: a tombstone or the retention rule applies. `retry`: not written, try again later.
 */
export type AppendOutcome =
  | { readonly kind: "stored" | "own-retry" | "duplicate" | "deleted" | "expired" }
  | { readonly kind: "rejected"; readonly reason: RejectReason; readonly detail: string }
  | { readonly kind: "retry"; readonly detail: string; readonly because: RetryCause };

/**
 * Why an event was not written, which tells when to come again.
 * - `busy`: the store pushes back. `unreachable`: it said nothing, or not about the event.
 * - `blocked`: this event's partition takes no writes (a migration, a full disk, a shard that is gone); others may.
 * - `late`: there was no time left to try. `undecided`: who holds its id is not known.
 */
export type RetryCause = "busy" | "unreachable" | "blocked" | "late" | "undecided";

/**
 * Milliseconds after which a message with such an event should come again the first time, and later with each further time;
 * of several causes the longest counts. A block does not pass in seconds, and each delivery uses up one of a message's tries; what
 * merely ran out of time may come back at once.
 */
export const RETRY_AFTER_MS: Readonly<Record<RetryCause, number>> = {
  late: 1_000,
  undecided: 5_000,
  busy: 10_000,
  unreachable: 10_000,
  blocked: 30_000,
};

/** Closed list: every rejected event shows one of these. */
export type RejectReason = "unstorable" | "too-large" | "mapping" | "unreadable";

export interface AppendOptions {
  /** Give up retrying inside the store at this time (milliseconds UTC): what is left becomes `retry`. */
  readonly deadline?: number;
}

/** The writing half of a store. Who appends does not see `run`. */
export interface EventSink {
  /**
   * Stores each event once per (project, id), whatever was tried before; ids repeated within the call are settled first, the
   * lowest index wins. One outcome per event, in order. Events of one call may belong to several projects.
   * @throws only when nothing was decided (store down); then every event may be sent again.
   */
  append(events: readonly StoredEvent[], options?: AppendOptions): Promise<AppendOutcome[]>;
  /** Keeps what was not stored, until the deadline or not at all. Idempotent: the id of an exception is its provenance. */
  recordExceptions(exceptions: readonly Exception[], options?: AppendOptions): Promise<void>;
  /**
   * Takes back what an earlier delivery of a message has recorded, before its new ends are: rejected then (there was no room for a
   * name), stored now. A later end replaces an earlier one; what a deletion has noted stays. Safe to repeat.
   * @throws when that could not be done until the deadline: the events must come back
   */
  withdrawExceptions(earlier: readonly EarlierException[], options?: AppendOptions): Promise<void>;
}

/** Where an exception of an earlier delivery may be, of an event or of the duplicates of its batch. */
export interface EarlierException extends Provenance {
  readonly receivedAt: number;
}

/** The reading half of a store. */
export interface EventSource {
  metric(plan: MetricPlan, options?: RunOptions): Promise<MetricResult>;
  extract(plan: ExtractionPlan, options?: RunOptions): Promise<ExtractionResult>;
  /** All steps see the events of one moment. @throws MillraceError `TooManyResultsError` for more actors than can be told apart */
  funnel(plan: FunnelPlan, options?: RunOptions): Promise<FunnelResult>;
  /** As `funnel`: of one moment, and exact or refused. */
  orderedFunnel(plan: OrderedFunnelPlan, options?: RunOptions): Promise<OrderedFunnelResult>;
  retention(plan: RetentionPlan, options?: RunOptions): Promise<RetentionResult>;
  paths(plan: PathsPlan, options?: RunOptions): Promise<PathsResult>;
  /** Events stored and exceptions, by hour of receipt: the store's side of the ledger. */
  outcomes(query: OutcomesQuery, options?: RunOptions): Promise<OutcomesRow[]>;
  /**
   * Runs `work` with a source whose answers all see the events of one moment, as one question of the project. After a question in
   * it has failed the others may see a later moment. Absent where a store cannot.
   */
  snapshot?<T>(project: string, work: (source: EventSource) => Promise<T>, options?: RunOptions): Promise<T>;
}

export interface RunOptions {
  /** Milliseconds; past it the query fails with `QueryTimeout`. Default 300,000 (Keen's limit). */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Told how long the engine worked on it, milliseconds, also when it failed; waiting for a turn is no work. */
  readonly onEngineTime?: (ms: number) => void;
  /** Asked by the house, such as by its health: in nobody's turn, so that no project has another beside it by that. Default: false. */
  readonly isHouse?: boolean;
}

export interface OutcomesQuery {
  readonly project: string;
  /** Hours are those of receivedAt, UTC. Start inclusive, end exclusive, milliseconds. */
  readonly from: number;
  readonly to: number;
}

export interface OutcomesRow {
  /** Start of the hour, milliseconds UTC. */
  readonly hour: number;
  readonly outcome: "stored" | LedgerOutcome;
  /** The exception's reason; null for stored. */
  readonly reason: string | null;
  readonly count: number;
}

/** What stored events tell of the ingest that accepted them. */
export interface ArrivalsSource {
  /** The newest running total that events carry, by hour of receipt and ingest instance: so many ingest must have accepted. */
  arrivals(query: OutcomesQuery, options?: RunOptions): Promise<ArrivalsRow[]>;
}

/** What was accepted and could not be stored, for whoever looks for the reason and sends it again. */
export interface RejectedSource {
  /** By reason and collection, the most frequent first. Raw forms that are forgotten count as well. */
  rejectedGroups(query: RejectedQuery, options?: RunOptions): Promise<RejectedGroup[]>;
  /** One page, the newest first. */
  rejectedEvents(query: RejectedQuery, page: RejectedPage, options?: RunOptions): Promise<RejectedEvent[]>;
}

export interface ArrivalsRow {
  /** Start of the hour, milliseconds UTC. */
  readonly hour: number;
  readonly instance: string;
  /** Of the project in that hour, the events of a refused message included. */
  readonly accepted: number;
}

/**
 * The deleting part of a store. It knows nothing of tombstones: an event that comes after its deletion would be stored again, so
 * whoever deletes writes a tombstone first, and whoever appends asks for it.
 */
export interface EventEraser {
  /** How many stored events a deletion would take now. */
  countWhere(where: DeleteWhere): Promise<number>;
  /**
   * Takes events out for good. In the place of each it leaves an exception `deleted` with the event's provenance: one end for every
   * event, however often and in whatever order it is deleted, delivered again, and found deleted by its collector. Rejected events
   * that the deletion takes lose their raw form and become `deleted` too; one whose raw form is forgotten stays as it is. Safe to repeat,
   * and to be stopped anywhere.
   * @throws MillraceError `ServiceUnavailable` when some could not be deleted: the same call again deletes the rest
   */
  deleteWhere(where: DeleteWhere, options?: DeleteOptions): Promise<Deletion>;
  /**
   * Takes a property and what lies below it out of the events that have it; the events stay, and count as before. Rejected events
   * lose it from their raw form. In steps that each hold by themselves: safe to repeat, and to be stopped anywhere. A name whose only
   * values are objects without values may stay where a store cannot find it.
   * @returns how many events, and how many rejected ones, have lost it now
   * @throws MillraceError `ServiceUnavailable` when some could not be written: the same call again takes the rest
   */
  deleteProperty(where: PropertyDeletion, options?: DeleteOptions): Promise<Deletion>;
  /**
   * Forgets the raw form of rejected events that were received before a time (milliseconds UTC); that they were rejected, and why,
   * stays. It is kept for replay, and is the one place where an event lies that no deletion by visitor may find.
   * @returns how many have lost it now
   */
  forgetRaw(before: number, options?: DeleteOptions): Promise<number>;
}

export interface DeleteOptions {
  /** Stop at this time (milliseconds UTC) with what was done until then. Default: never. */
  readonly deadline?: number;
}

export interface Deletion {
  /** Events taken out of the store by this call, or changed by it where a property was deleted. */
  readonly events: number;
  /** Rejected events whose raw form was forgotten, or changed, by this call. */
  readonly rejected: number;
  /** False when the deadline came first. */
  readonly complete: boolean;
}

export interface EventStore extends EventSink, EventSource, ArrivalsSource, RejectedSource, EventEraser {
  /** Makes what the store needs (tables, templates). Safe to repeat. */
  prepare(): Promise<void>;
  close(): Promise<void>;
}

export type { Provenance };
