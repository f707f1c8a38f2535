import { createPartitions, tableOfStore, type Clock, type Partitions, type Registry } from "@millrace/core";

/** The stage's table of partitions: which projects share the names of one index. */
export function openGroups(registry: Registry, clock: Clock): Partitions {
  return createPartitions(registry, tableOfStore(process.env["OPENSEARCH_PREFIX"]), clock);
}
