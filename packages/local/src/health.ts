import type { Projects } from "@millrace/access";
import type { Clock, EventSource, Executions, Queue, Registry } from "@millrace/core";
import {
  audit,
  createNotifier,
  createWatch,
  tellBy,
  type CheckName,
  type Ledger,
  type Measured,
  isInTrouble,
  type HealthWatch,
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
  readonly executions: Pick<Executions, "groups" | "find">;
  readonly standings: Pick<Standings, "list">;
}

/** What says nothing for so long does not answer. */
const STORE_MS = 5_000;
const RECENT_MS = 5 * 60_000;
const AUDIT_MS = 10_000;
const FUNCTIONS: Readonly<Record<string, CheckName>> = {
  ingest: "IngestFailures",
  collector: "CollectorFailures",
  query: "QueryFailures",
};

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
  return createWatch({ measure: () => measureLocal(deps), tell: tellBy(notify), registry, clock });
}

/** Looks at the parts of this machine. What cannot be measured now is left out, and keeps no other from being looked at. */
async function measureLocal(deps: MeasureDeps): Promise<Measured> {
  const parts = await Promise.all(
    [measureQueue, measureStore, measureFailures, measureDisk, measureLedger, measureSending].map((measure) =>
      measure(deps).catch((): Measured => ({})),
    ),
  );
  return Object.assign({}, ...parts) as Measured;
}

async function measureQueue({ queue }: MeasureDeps): Promise<Measured> {
  const { dead, visible, inFlight, oldestAgeMs } = await queue.stats();
  return {
    DeadLetters: { value: dead },
    Lag: { value: Math.round((oldestAgeMs ?? 0) / 1000) },
    Backlog: { value: visible + inFlight },
  };
}

async function measureStore({ source, clock }: MeasureDeps): Promise<Measured> {
  const now = clock.now();
  try {
    await source.outcomes({ project: "health", from: now - 1, to: now }, { timeoutMs: STORE_MS });
    return { Store: { value: 0 } };
  } catch (thrown) {
    return { Store: { value: 1, detail: thrown instanceof Error ? thrown.message : String(thrown) } };
  }
}

async function measureFailures({ executions, clock }: MeasureDeps): Promise<Measured> {
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
        { value: failed / count, detail: [newest?.error ?? "", ...projects.slice(0, 3)].join(" ") },
      ] as const;
    }),
  );
  return Object.fromEntries(measured);
}

async function measureDisk({ folder }: MeasureDeps): Promise<Measured> {
  const { bavail, blocks } = await statfs(folder);
  return blocks > 0 ? { Disk: { value: bavail / blocks } } : {};
}

async function measureLedger({ registry, clock, ledger, projects, queue }: MeasureDeps): Promise<Measured> {
  const now = clock.now();
  const [all, { oldestAgeMs }] = await Promise.all([projects.list(), queue.stats()]);
  const ids = all.map(({ id }) => id).sort();
  const settledUntil = now - (oldestAgeMs ?? 0);
  const { differences } = await audit({ registry, clock, ledger, projects: ids, settledUntil }, now + AUDIT_MS);
  const named = differences.slice(0, 3).map(({ project, hour }) => `${project} at ${new Date(hour).toISOString()}`);
  return { Ledger: { value: differences.length, ...(named.length > 0 && { detail: named.join(", ") }) } };
}

async function measureSending({ projects, standings }: MeasureDeps): Promise<Measured> {
  const all = await projects.list();
  const listed = await Promise.all(
    all.map(async ({ id }) => (await standings.list(id)).map(({ standing }) => ({ id, standing }))),
  );
  const troubled = listed.flat().filter(({ standing }) => isInTrouble(standing));
  const named = troubled.slice(0, 3).map(({ id, standing: { subject } }) => `${subject.kind} ${subject.name} of ${id}`);
  return { Reports: { value: troubled.length, ...(named.length > 0 && { detail: named.join(", ") }) } };
}
