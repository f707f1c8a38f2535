import type { MonthlyEvents, Project } from "@millrace/access";
import type { Catalogue, Clock, EventSource, Executions, QueueStats, Registry } from "@millrace/core";
import type { StageShape } from "../cost/measured.ts";
import type { Audit } from "../ledger/audit.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Standings } from "../reports/standing.ts";
import type { CheckName } from "./checks.ts";
import type { Measured } from "./evaluate.ts";
import {
  ledgerMeasured,
  measureCost,
  measureEvents,
  measureFailures,
  measureNames,
  measureRejected,
  measureSending,
  measureShards,
  measureStore,
  queueMeasured,
  type ShardFill,
} from "./measures.ts";
import { createRounds } from "./rounds.ts";

/** What is looked at, of one machine as of a stage. */
export interface LookParts {
  readonly clock: Clock;
  /** Remembers which projects a look did not come to. */
  readonly registry: Pick<Registry, "get" | "put">;
  readonly source: Pick<EventSource, "outcomes">;
  readonly executions: Pick<Executions, "groups" | "find" | "durations">;
  readonly ledger: Ledger;
  readonly catalogue: Pick<Catalogue, "view">;
  readonly standings: Pick<Standings, "list">;
  readonly months: Pick<MonthlyEvents, "used">;
  /** Absent: the store has no shards. */
  readonly fullestShard?: (() => Promise<ShardFill | undefined>) | undefined;
  /** What a month may cost, US dollars; undefined: nobody said. */
  readonly budgetUsd: number | undefined;
}

/** One look: what it begins with, each asked for once, and what is there beside what everybody looks at. */
export interface Looking {
  readonly projects: Promise<readonly Pick<Project, "id" | "name" | "createdAt" | "eventsPerMonth">[]>;
  readonly stats: Promise<QueueStats>;
  readonly audit: () => Promise<Pick<Audit, "differences">>;
  readonly shape: () => StageShape;
  readonly isDue: (check: CheckName) => boolean;
  readonly more?: readonly (() => Promise<Measured>)[];
}

export interface Look {
  readonly measured: Measured;
  /** Why something could not be looked at. */
  readonly failures: readonly unknown[];
}

/** Looks at all parts. One that fails is left out, and keeps no other from being looked at. */
export async function lookAt(parts: LookParts, { projects, stats, audit, shape, isDue, more }: Looking): Promise<Look> {
  const { clock, executions, ledger, budgetUsd, registry, fullestShard } = parts;
  const rounds = createRounds({ registry, clock });
  const looks: (() => Promise<Measured>)[] = [
    async () => queueMeasured(await stats),
    () => measureStore(parts.source, clock),
    () => measureFailures(executions, clock),
    async () => ledgerMeasured((await audit()).differences),
    async () => measureSending(rounds, parts.standings, await projects),
    async () => measureEvents(rounds, parts.months, await projects),
    ...(more ?? []),
  ];
  if (isDue("Rejected")) looks.push(async () => measureRejected(rounds, ledger, await projects, clock));
  if (isDue("Names")) looks.push(async () => measureNames(rounds, parts.catalogue, await projects));
  if (isDue("Shards") && fullestShard) looks.push(() => measureShards(fullestShard));
  if (isDue("Cost") && budgetUsd !== undefined) {
    const traffic = { executions, ledger, projects: () => projects, clock };
    looks.push(async () => measureCost(traffic, shape(), budgetUsd));
  }
  const ends = await Promise.allSettled(looks.map((look) => look()));
  return {
    measured: Object.assign({}, ...ends.map((end) => (end.status === "fulfilled" ? end.value : {}))) as Measured,
    failures: ends.flatMap((end) => (end.status === "rejected" ? [end.reason as unknown] : [])),
  };
}
