import type { Projects } from "@millrace/access";
import type { Queue, Registry } from "@millrace/core";
import {
  audit,
  createNotifier,
  createWatch,
  lookAt,
  readShape,
  tellBy,
  type Audit,
  type CheckName,
  type HealthWatch,
  type LookParts,
  type Measured,
  type Ways,
} from "@millrace/ops";
import { statfs } from "node:fs/promises";
import { hostname } from "node:os";
import type { LocalConfig } from "./config.ts";

interface MeasureDeps extends LookParts {
  readonly folder: string;
  readonly registry: Registry;
  readonly projects: Pick<Projects, "list">;
  readonly queue: Pick<Queue, "stats">;
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

/** Looks at the parts of this machine. What cannot be measured now is left out. */
async function measureLocal(deps: MeasureDeps, isDue: (check: CheckName) => boolean): Promise<Measured> {
  const stats = deps.queue.stats();
  const { measured } = await lookAt(deps, {
    projects: deps.projects.list(),
    stats,
    audit: async () => auditNow(deps, (await stats).oldestAgeMs ?? 0),
    shape: readShape,
    isDue,
    more: [() => measureDisk(deps.folder)],
  });
  return measured;
}

async function measureDisk(folder: string): Promise<Measured> {
  const { bavail, blocks } = await statfs(folder);
  return blocks > 0 ? { Disk: { value: bavail / blocks } } : {};
}

async function auditNow({ registry, clock, ledger, projects }: MeasureDeps, waitingMs: number): Promise<Audit> {
  const now = clock.now();
  const ids = (await projects.list()).map(({ id }) => id).sort();
  return audit({ registry, clock, ledger, projects: ids, settledUntil: now - waitingMs }, now + AUDIT_MS);
}
