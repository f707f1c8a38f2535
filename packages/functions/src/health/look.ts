import type { MonthlyEvents, Project } from "@millrace/access";
import type { Clock, EventSource, Executions, Catalogue, QueueStats } from "@millrace/core";
import {
  ledgerMeasured,
  measureCost,
  measureEvents,
  measureFailures,
  measureNames,
  measureRejected,
  measureSending,
  measureStore,
  queueMeasured,
  readShape,
  type Audit,
  type CheckName,
  type Ledger,
  type Measured,
  type Standings,
} from "@millrace/ops";

export interface LookParts {
  readonly clock: Clock;
  readonly store: Pick<EventSource, "outcomes">;
  readonly executions: Pick<Executions, "groups" | "find" | "durations">;
  readonly ledger: Ledger;
  readonly catalogue: Pick<Catalogue, "view">;
  readonly standings: Pick<Standings, "list">;
  readonly months: Pick<MonthlyEvents, "used">;
  /** What this stage is, as `/ops/cost` takes it, and what a month of it may cost; undefined: nobody said. */
  readonly ownShape: string | undefined;
  readonly budgetUsd: number | undefined;
}

/** What one run has looked at already. */
export interface Run {
  readonly projects: readonly Pick<Project, "id" | "name" | "createdAt" | "eventsPerMonth">[];
  readonly stats: QueueStats;
  readonly audit: () => Promise<Pick<Audit, "differences">>;
  readonly isDue: (check: CheckName) => boolean;
}

export interface Look {
  readonly measured: Measured;
  /** Why something could not be looked at. */
  readonly failures: readonly unknown[];
}

/** Looks at the parts of a stage. One that fails keeps no other from being looked at. */
export async function lookAtStage(parts: LookParts, { projects, stats, audit, isDue }: Run): Promise<Look> {
  const { clock, executions, ledger, budgetUsd } = parts;
  const looks: (() => Promise<Measured>)[] = [
    async () => queueMeasured(stats),
    () => measureStore(parts.store, clock),
    () => measureFailures(executions, clock),
    async () => ledgerMeasured((await audit()).differences),
    () => measureSending(parts.standings, projects),
    () => measureEvents(parts.months, projects),
  ];
  if (isDue("Rejected")) looks.push(() => measureRejected(ledger, projects, clock));
  if (isDue("Names")) looks.push(() => measureNames(parts.catalogue, projects));
  if (isDue("Cost") && budgetUsd !== undefined) {
    const traffic = { executions, ledger, projects: () => Promise.resolve(projects), clock };
    looks.push(() => measureCost(traffic, readShape({}, parts.ownShape), budgetUsd));
  }
  const ends = await Promise.allSettled(looks.map((look) => look()));
  return {
    measured: Object.assign({}, ...ends.map((end) => (end.status === "fulfilled" ? end.value : {}))) as Measured,
    failures: ends.flatMap((end) => (end.status === "rejected" ? [end.reason as unknown] : [])),
  };
}
