import { groupIn, groupsOf, isOwnGroup, monthName, UNGROUPED, type PartitionTable } from "@millrace/core";
import { bucketBefore, bucketName, type Bucket } from "./months.ts";

/** Whose names share one budget: those of one group of projects in one bucket, since they share the mappings of its indexes. */
export interface Share {
  readonly bucket: Bucket;
  /** The journal of its names. */
  readonly journal: string;
  /**
   * The journal of last month's, whose names have room kept for them. Undefined where there is none, and where the groups are others
   * now: its names would be kept in groups whose projects never had them.
   */
  readonly before: string | undefined;
  /** True for a group of one project alone. */
  readonly own: boolean;
}

/** The table of partitions, as far as names are concerned. Of a store that has none all projects are one group. */
export interface GroupTable {
  known(): Promise<PartitionTable | undefined>;
}

export async function shareOf(groups: GroupTable | undefined, project: string, bucket: Bucket): Promise<Share> {
  const table = await groups?.known();
  const group = groupAt(table, project, bucket);
  const earlier = bucketBefore(bucket);
  const before = earlier !== undefined && sameGroups(table, bucket, earlier) ? journalName(group, earlier) : undefined;
  return { bucket, journal: journalName(group, bucket), before, own: isOwnGroup(group) };
}

function groupAt(table: PartitionTable | undefined, project: string, bucket: Bucket): string {
  return table ? groupIn(table, project, bucket === "apart" ? undefined : monthName(bucket)) : UNGROUPED;
}

function sameGroups(table: PartitionTable | undefined, bucket: Bucket, earlier: Bucket): boolean {
  const shape = (of: Bucket): string => {
    const month = table?.months.find((each) => of !== "apart" && each.month === monthName(of));
    return groupsOf(month ?? table?.rest ?? {}).join(" ");
  };
  return shape(bucket) === shape(earlier);
}

/** A journal's name has no dot in it, and neither has a group's. */
function journalName(group: string, bucket: Bucket): string {
  return group === UNGROUPED ? bucketName(bucket) : `${group}-${bucketName(bucket)}`;
}
