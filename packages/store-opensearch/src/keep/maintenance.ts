import type { IndexNames } from "../names.ts";
import type { BulkParts } from "../write/bulk.ts";
import type { Partitions } from "../partitions.ts";

/** What upkeep works with: retention, deletion, migration. */
export interface Maintenance extends BulkParts {
  readonly names: IndexNames;
  readonly partitions: Partitions;
}
