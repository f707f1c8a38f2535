import type { MonthlyEvents, Project } from "@millrace/access";
import {
  HOUR_MS,
  type Catalogue,
  type Clock,
  type EventSource,
  type Executions,
  type QueueStats,
} from "@millrace/core";
import { costReport, type StageShape } from "../cost/measured.ts";
import { measureTraffic, type MeasureParts } from "../cost/measure.ts";
import type { Difference } from "../ledger/audit.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { isInTrouble, type Standings } from "../reports/standing.ts";
import type { CheckName } from "./checks.ts";
import type { Measured } from "./evaluate.ts";
import type { Finding, Rounds } from "./rounds.ts";

/**
 * How each check is measured, for whoever looks: the server of one machine, and the function `health` of a stage. What a measure asks may
 * fail; then it throws, and the check is not looked at this time.
 */

/** What says nothing for so long does not answer. */
const STORE_MS = 5_000;
const RECENT_MS = 5 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** Of so few events a share says nothing. */
const ENOUGH_EVENTS = 20;
/** Projects, hours and the like that a detail names. */
const NAMED = 3;
const FUNCTIONS: Readonly<Record<string, CheckName>> = {
  ingest: "IngestFailures",
  collector: "CollectorFailures",
  query: "QueryFailures",
};

type ProjectIds = readonly { readonly id: string }[];

export function queueMeasured({ dead, visible, inFlight, oldestAgeMs }: QueueStats): Measured {
  return {
    DeadLetters: { value: dead },
    Lag: { value: Math.round((oldestAgeMs ?? 0) / 1000) },
    Backlog: { value: visible + inFlight },
  };
}

/** Asks the store a small question. It does not throw: that it cannot be asked is what is measured. */
export async function measureStore(source: Pick<EventSource, "outcomes">, clock: Clock): Promise<Measured> {
  const now = clock.now();
  try {
    await source.outcomes({ project: "health", from: now - 1, to: now }, { timeoutMs: STORE_MS, isHouse: true });
    return { Store: { value: 0 } };
  } catch (thrown) {
    return { Store: { value: 1, detail: thrown instanceof Error ? thrown.message : String(thrown) } };
  }
}

/** The fullest shard of a store that has some. */
export interface ShardFill {
  readonly index: string;
  /** Of what it should have at most. */
  readonly share: number;
}

/** Where there is no index yet, or the store is away, nothing is said. */
export async function measureShards(fullest: () => Promise<ShardFill | undefined>): Promise<Measured> {
  const found = await fullest();
  return found ? { Shards: { value: found.share, detail: `${found.index}: ${percent(found.share)}` } } : {};
}

/** Of the functions that an event or a question goes through, with the newest error and whose data was inside. */
export async function measureFailures(
  executions: Pick<Executions, "groups" | "find">,
  clock: Clock,
): Promise<Measured> {
  const now = clock.now();
  const search = { from: now - RECENT_MS, to: now + 1 };
  const counted = new Map((await executions.groups(search, "function", 100)).map((each) => [each.value, each]));
  const measured = await Promise.all(
    Object.entries(FUNCTIONS).map(async ([name, check]) => {
      const { count = 0, failed = 0 } = counted.get(name) ?? {};
      if (failed === 0) return [check, { value: 0 }] as const;
      const [newest] = await executions.find({ ...search, function: name, status: "any-failure" }, "newest", 1);
      const projects = (newest?.labels ?? []).filter((label) => label.startsWith("project="));
      return [
        check,
        { value: failed / count, detail: [newest?.error ?? "", ...projects.slice(0, NAMED)].join(" ") },
      ] as const;
    }),
  );
  return Object.fromEntries(measured);
}

/** @param differences what the daily audit of the ledger found and still holds */
export function ledgerMeasured(differences: readonly Difference[]): Measured {
  const named = differences.map(({ project, hour }) => ({ detail: `${project} at ${new Date(hour).toISOString()}` }));
  return { Ledger: { value: differences.length, ...naming(named) } };
}

export async function measureSending(
  rounds: Rounds,
  standings: Pick<Standings, "list">,
  projects: ProjectIds,
): Promise<Measured> {
  const found = await rounds.go("Reports", projects, async ({ id }) => {
    const troubled = (await standings.list(id))
      .filter(({ standing }) => isInTrouble(standing))
      .map(({ standing: { subject } }) => `${subject.kind} ${subject.name} of ${id}`)
      .sort();
    if (troubled.length > 0) return { id, value: troubled.length, detail: troubled.slice(0, NAMED).join(", ") };
    return undefined;
  });
  return { Reports: { value: found.reduce((sum, { value }) => sum + value, 0), ...naming(found) } };
}

/** The share of each project alone: a small one whose every event is rejected would not be seen among those of a large one. */
export async function measureRejected(
  rounds: Rounds,
  ledger: Pick<Ledger, "hours">,
  projects: ProjectIds,
  clock: Clock,
): Promise<Measured> {
  const now = clock.now();
  const shares = await rounds.go("Rejected", projects, async ({ id }) => {
    const hours = await ledger.hours(id, now - HOUR_MS, now + 1, { isHouse: true });
    const sum = (of: "accepted" | "rejected") => hours.reduce((total, hour) => total + hour[of], 0);
    const [accepted, rejected] = [sum("accepted"), sum("rejected")];
    return accepted >= ENOUGH_EVENTS ? shareOf(id, rejected / accepted) : undefined;
  });
  return { Rejected: worstOf(shares) };
}

/** How full each project's names are. A group without room turns away the names of all of its projects. */
export async function measureNames(
  rounds: Rounds,
  catalogue: Pick<Catalogue, "view">,
  projects: ProjectIds,
): Promise<Measured> {
  const shares = await rounds.go("Names", projects, async ({ id }) => {
    const { used, most, full } = (await catalogue.view(id)).quota;
    return shareOf(id, full ? 1 : used / most);
  });
  return { Names: worstOf(shares) };
}

/** How full the month is of each project that has a quota. */
export async function measureEvents(
  rounds: Rounds,
  months: Pick<MonthlyEvents, "used">,
  projects: readonly Pick<Project, "id" | "eventsPerMonth">[],
): Promise<Measured> {
  const limited = projects.filter(({ eventsPerMonth }) => eventsPerMonth !== undefined);
  const shares = await rounds.go("Events", limited, async ({ id, eventsPerMonth: most = Infinity }) =>
    shareOf(id, (await months.used(id)) / most),
  );
  return { Events: worstOf(shares) };
}

/** @param plan US dollars that a month may cost. Of the first day of counting nothing is said: a busy hour is no month */
export async function measureCost(parts: MeasureParts, shape: StageShape, plan: number): Promise<Measured> {
  const traffic = await measureTraffic(parts);
  if (traffic.to - traffic.from < DAY_MS) return { Cost: { value: 0, detail: "counted for less than a day" } };
  const { month, projects } = costReport(traffic, shape);
  const [first] = projects;
  const detail = `$${month.toFixed(2)} of $${plan}${first ? `, the most for ${first.name}` : ""}`;
  return { Cost: { value: month / plan, detail } };
}

function shareOf(id: string, share: number): Finding | undefined {
  return share > 0 ? { id, value: share, detail: `${id}: ${percent(share)}` } : undefined;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** @param shares the worst first */
function worstOf(shares: readonly Finding[]): { readonly value: number; readonly detail?: string } {
  return { value: shares[0]?.value ?? 0, ...naming(shares) };
}

function naming(all: readonly { readonly detail: string }[]): { readonly detail?: string } {
  const named = all.slice(0, NAMED).map(({ detail }) => detail);
  return named.length === 0 ? {} : { detail: named.join(", ") };
}
