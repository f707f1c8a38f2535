import { identityTime, partitionMonth } from "../event/identity.ts";

/** Into how many periods a month is cut: itself, weeks (the last one longer), or days. */
export type Cut = 1 | 4 | 31;

/** The shape of a month that is still to come: it may be changed as long as no event can be in it. */
export interface MonthShape {
  readonly cut: Cut;
  /** Groups that projects share, chosen by a hash of the project: the names of one group's projects share one mapping. */
  readonly groups: number;
  /** Projects with a group of their own: large ones, and those that would use up what they share with others. */
  readonly own: readonly string[];
}

/** One month that has indexes of its own. Its shape never changes once an event of it may be stored. */
export interface Month extends Partial<MonthShape> {
  /** `yyyymm`, UTC. */
  readonly month: string;
  /** True when the exceptions of events received in it have an index of their own, which is dropped with it. */
  readonly exceptions?: boolean;
  /** Version of the mapping its indexes have now. */
  readonly version: number;
  /** True once retention has dropped its indexes: an event that comes for it now is too late. */
  readonly dropped: boolean;
}

/**
 * Which partition an id belongs to, for ever. Months are added, never taken away, and only while they lie wholly in the future:
 * what has no month is in the partition of the rest, and an id that moved between the two would be stored twice.
 */
export interface PartitionTable {
  readonly months: readonly Month[];
  /** Groups of what has no month of its own. Absent in a table that is older than groups: one, without a name. */
  readonly rest?: Pick<MonthShape, "groups">;
  /** Projects that get a group of their own in the months still to come. */
  readonly own?: readonly string[];
  /** True when every index has the alias of its group, so that a question need only look there. */
  readonly aliased?: boolean;
}

/** What has no month of its own. */
export const OTHER = "other";
/** The only group of months that are older than groups: its name is not part of a partition's. */
export const UNGROUPED = "";

const OWN = "own-";
const DAY_MS = 24 * 3_600_000;
const WEEKS = 4;
const WEEK_DAYS = 7;

/** The group whose mapping a project's names go into. @param shape of a month, or of the rest */
export function groupOf(project: string, { groups, own }: Partial<MonthShape>): string {
  if (own?.includes(project)) return ownGroup(project);
  return groups === undefined ? UNGROUPED : `g${hashOf(project) % groups}`;
}

/** The name of a project's own group. @throws Error for a project whose id cannot be part of an index name */
export function ownGroup(project: string): string {
  if (!/^[a-z0-9]{1,64}$/.test(project)) throw new Error(`"${project}" is not the id of a project.`);
  return OWN + project;
}

/** True for a group that one project has for itself. */
export function isOwnGroup(group: string): boolean {
  return group.startsWith(OWN);
}

/** All groups of a month, or of the rest. */
export function groupsOf({ groups, own = [] }: Partial<MonthShape>): string[] {
  const shared = groups === undefined ? [UNGROUPED] : Array.from({ length: groups }, (_, i) => `g${i}`);
  return [...shared, ...own.map(ownGroup)];
}

/** A partition by its group and period: `g3-202611`, `g3-20261108`, `own-…-202611`; of old months the period alone. */
export function partitionKey(group: string, period: string): string {
  return group === UNGROUPED ? period : `${group}-${period}`;
}

/** The periods of a month, named by the month or by their first day. */
export function periodsOf({ month, cut = 1 }: Pick<Month, "month" | "cut">): string[] {
  if (cut === 1) return [month];
  if (cut === WEEKS) return Array.from({ length: WEEKS }, (_, i) => month + twoDigits(i * WEEK_DAYS + 1));
  const days = (monthEnd(month) - startOfMonth(month)) / DAY_MS;
  return Array.from({ length: days }, (_, i) => month + twoDigits(i + 1));
}

/** Every partition of a month. */
export function partitionsOf(month: Month): string[] {
  return groupsOf(month).flatMap((group) => periodsOf(month).map((period) => partitionKey(group, period)));
}

/** The partitions of what has no month of its own. */
export function restPartitions(table: PartitionTable): string[] {
  return groupsOf(restOf(table)).map((group) => partitionKey(group, OTHER));
}

/** Every partition that should be there. */
export function livePartitions(table: PartitionTable): string[] {
  return [...table.months.filter(({ dropped }) => !dropped).flatMap(partitionsOf), ...restPartitions(table)];
}

/** Where an event belongs: a pure function of its project and its id's identity time. */
export type Place = { readonly key: string } | "expired";

export function placesIn(table: PartitionTable): (project: string, id: string) => Place {
  const known = new Map(table.months.map((month) => [month.month, month]));
  const rest = restOf(table);
  return (project, id) => {
    const month = known.get(partitionMonth(id));
    if (month === undefined) return { key: partitionKey(groupOf(project, rest), OTHER) };
    return month.dropped ? "expired" : { key: partitionKey(groupOf(project, month), periodOf(month, id)) };
  };
}

/** The groups in which a project has events, in any month. */
export function groupsWith(project: string, table: PartitionTable): string[] {
  const shapes = [restOf(table), ...table.months.filter(({ dropped }) => !dropped)];
  return [...new Set(shapes.map((shape) => groupOf(project, shape)))];
}

/** The group whose mapping the names of one month's events go into. @param month `yyyymm`; undefined: what has no month */
export function groupIn(table: PartitionTable, project: string, month: string | undefined): string {
  return groupOf(project, table.months.find((each) => each.month === month) ?? restOf(table));
}

function restOf({ rest }: PartitionTable): Partial<MonthShape> {
  return rest ?? {};
}

function periodOf({ month, cut = 1 }: Month, id: string): string {
  if (cut === 1) return month;
  const day = new Date(identityTime(id)).getUTCDate();
  if (cut === 31) return month + twoDigits(day);
  const week = Math.min(WEEKS - 1, Math.floor((day - 1) / WEEK_DAYS));
  return month + twoDigits(week * WEEK_DAYS + 1);
}

/** The first millisecond of a month `yyyymm`. */
export function startOfMonth(month: string): number {
  return Date.UTC(Number(month.slice(0, 4)), Number(month.slice(4)) - 1, 1);
}

/** The first millisecond after a month `yyyymm`. */
export function monthEnd(month: string): number {
  return Date.UTC(Number(month.slice(0, 4)), Number(month.slice(4)), 1);
}

function twoDigits(day: number): string {
  return String(day).padStart(2, "0");
}

/** FNV-1a over UTF-16 units: even over ids of hex digits, and the same in every process for ever. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  // The low bits of FNV are the weak ones, and a group is a remainder.
  return (hash ^ (hash >>> 15)) >>> 0;
}
