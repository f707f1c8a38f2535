import type { Access } from "@millrace/access";
import type { Catalogue, Clock, EventSource, Queue } from "@millrace/core";
import type { Executions, Ledger } from "@millrace/ops";

/** What the query API works with. All of it is passed in: the same app runs on one machine and on Lambda. */
export interface QueryDeps {
  readonly access: Pick<Access, "authenticate">;
  readonly source: EventSource;
  readonly catalogue: Pick<Catalogue, "view">;
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Tells how old the oldest message still queued is, so that the ledger knows which hours are settled. Default: unknown. */
  readonly queue?: Pick<Queue, "stats">;
  /** Runs each request as a recorded execution. Default: none, and faults go to standard error. */
  readonly executions?: Executions;
}
