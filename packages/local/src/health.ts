import type { MonthlyEvents, Projects } from "@millrace/access";
import type { Catalogue, Clock, EventSource, Executions, Queue, Registry } from "@millrace/core";
import {
  audit,
  createNotifier,
  createWatch,
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
  tellBy,
  type CheckName,
  type HealthWatch,
  type Ledger,
  type Measured,
  type Standings,
  type Ways,
} from "@millrace/ops";
import { statfs } from "node:fs/promises";
import { hostname } from "node:os";
import type { LocalConfig } from "./config.ts";

interface MeasureDeps {
  readonly folder: string;
  readonly clock: Clock;
  readonly registry: Registry;
  readonly projects: Pick<Projects, "list">;
  readonly queue: Pick<Queue, "stats">;
  readonly source: Pick<EventSource, "outcomes">;
  readonly ledger: Ledger;
  readonly catalogue: Pick<Catalogue, "view">;
  readonly executions: Pick<Executions, "groups" | "find" | "durations">;
  readonly standings: Pick<Standings, "list">;
  readonly months: Pick<MonthlyEvents, "used">;
  /** What a month may cost on AWS, US dollars; undefined: nobody said. */
  readonly budgetUsd: number | undefined;
}

const AUDIT_MS = 10_000;

/** The watch over this machine, which tells whom the configuration names. */
export function openWatch(
  { alerts }: Pick<LocalConfig, "alerts">,
  { onFault, ways, ...deps }: MeasureDeps & { readonly ways: Ways; readonly onFault: (error: unknown) => void },
): HealthWatch {
  const { registry, clock } = deps;
  const notify = createNotifier({
    channels: alerts,
    from: `Millrace on ${hostname()}`,
    clock,
    ways,
    onRefused: (kind, reason) => onFault(new Error(`Alerts to ${kind} are off until the next start. ${reason}`)),
  });
  return createWatch({ measure: (isDue) => measureLocal(deps, isDue), tell: tellBy(notify), registry, clock });
}

/** Looks at the parts of this machine. What cannot be measured now is left out, and keeps no other from being looked at. */
async function measureLocal(deps: MeasureDeps, isDue: (check: CheckName) => boolean): Promise<Measured> {
  const { clock, ledger, executions, queue, budgetUsd } = deps;
  const listed = deps.projects.list();
  const measures: (() => Promise<Measured>)[] = [
    async () => queueMeasured(await queue.stats()),
    () => measureStore(deps.source, clock),
    () => measureFailures(executions, clock),
    () => measureDisk(deps.folder),
    () => measureLedger(deps, listed),
    async () => measureSending(deps.standings, await listed),
    async () => measureEvents(deps.months, await listed),
  ];
  if (isDue("Rejected")) measures.push(async () => measureRejected(ledger, await listed, clock));
  if (isDue("Names")) measures.push(async () => measureNames(deps.catalogue, await listed));
  if (isDue("Cost") && budgetUsd !== undefined) {
    const parts = { executions, ledger, projects: () => listed, clock };
    measures.push(() => measureCost(parts, readShape(), budgetUsd));
  }
  const parts = await Promise.all(measures.map((measure) => measure().catch((): Measured => ({}))));
  return Object.assign({}, ...parts) as Measured;
}

async function measureDisk(folder: string): Promise<Measured> {
  const { bavail, blocks } = await statfs(folder);
  return blocks > 0 ? { Disk: { value: bavail / blocks } } : {};
}

async function measureLedger(
  { registry, clock, ledger, queue }: MeasureDeps,
  listed: Promise<readonly { readonly id: string }[]>,
): Promise<Measured> {
  const now = clock.now();
  const { oldestAgeMs } = await queue.stats();
  const ids = (await listed).map(({ id }) => id).sort();
  const settledUntil = now - (oldestAgeMs ?? 0);
  const { differences } = await audit({ registry, clock, ledger, projects: ids, settledUntil }, now + AUDIT_MS);
  return ledgerMeasured(differences);
}
