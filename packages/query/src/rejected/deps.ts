import type { Queue, RejectedSource } from "@millrace/core";

/** What can be done with rejected events. */
export interface RejectedDeps {
  readonly source: RejectedSource;
  /** Where they go to when they are sent again. */
  readonly queue: Pick<Queue, "send">;
}
