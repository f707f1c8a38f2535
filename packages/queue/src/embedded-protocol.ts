import type { AcceptedRow, QueueStats, ReceivedMessage } from "@millrace/core";

/** A message that was delivered too often; it stays until somebody redrives it. */
export interface DeadLetter {
  readonly id: string;
  readonly group: string;
  readonly body: string;
  /** Events in it. */
  readonly events: number;
  /** Milliseconds UTC. */
  readonly sentAt: number;
  /** Milliseconds UTC. */
  readonly deadAt: number;
  readonly receiveCount: number;
}

/** What to list or redrive; without a filter everything. */
export interface DeadLetterFilter {
  readonly group?: string;
  readonly ids?: readonly string[];
  /** Only letters after this id, for paging. */
  readonly afterId?: string;
  /** Default 100. */
  readonly limit?: number;
}

/** A claim: messages, and when to look again if there are none (null: not before something is sent). */
export interface Claim {
  readonly messages: readonly ReceivedMessage[];
  readonly nextVisibleAt: number | null;
}

/** The operations of the worker: name → arguments and result. `now` is the caller's clock, so that tests own the time. */
export interface Operations {
  send: { args: { group: string; body: string; hour: number; events: number; now: number }; result: void };
  receive: {
    args: { max: number; maxBytes: number | undefined; except: readonly string[]; visibilityMs: number; now: number };
    result: Claim;
  };
  ack: { args: { receipts: readonly string[] }; result: void };
  /** Sets when messages are visible again: both nack and extend. */
  setVisible: { args: { receipts: readonly string[]; visibleAt: number }; result: void };
  bury: { args: { receipts: readonly string[]; now: number }; result: void };
  stats: { args: { now: number }; result: QueueStats };
  accepted: { args: { group: string; from: number; to: number }; result: AcceptedRow[] };
  deadEvents: { args: { group: string; from: number; to: number }; result: AcceptedRow[] };
  deadLetters: { args: DeadLetterFilter; result: DeadLetter[] };
  redrive: { args: { filter: Omit<DeadLetterFilter, "limit">; now: number }; result: number };
}

export type OperationName = keyof Operations;

/** One call on its way to the worker. */
export type Call = {
  [Name in OperationName]: { readonly id: number; readonly name: Name; readonly args: Operations[Name]["args"] };
}[OperationName];

/** What the worker is started with. */
export interface WorkerSettings {
  readonly path: string;
  readonly maxReceiveCount: number;
  readonly now: number;
}

export type FromWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "done"; readonly results: readonly { readonly id: number; readonly result: unknown }[] }
  | { readonly kind: "failed"; readonly ids: readonly number[]; readonly message: string };

export type ToWorker = { readonly kind: "calls"; readonly calls: readonly Call[] } | { readonly kind: "close" };
