import type { Partitions } from "@millrace/core";
import type { IndexNames } from "../names.ts";
import type { BulkParts } from "../write/bulk.ts";

/** What upkeep works with: retention, deletion, migration. */
export interface Maintenance extends BulkParts {
  readonly names: IndexNames;
  readonly partitions: Partitions;
  /** Most events that a shard should get. */
  readonly shardEvents: number;
}
