import type { Clock, Registry } from "@millrace/core";
import { CHECKS, SEVERITIES, severityOf, type CheckName, type CheckState } from "@millrace/ops";

/** What the stage last saw of itself. */
export interface Seen {
  /** When it looked, milliseconds UTC. */
  readonly at: number;
  /** What it measured. */
  readonly own: readonly CheckState[];
  /** What CloudWatch's alarms say. */
  readonly alarms: readonly CheckState[];
}

const KEY = { partition: "health", sort: "seen" };
const NOTHING: Seen = { at: 0, own: [], alarms: [] };

export async function readSeen(registry: Pick<Registry, "get">): Promise<Seen> {
  return (await registry.get<Seen>(KEY))?.value ?? NOTHING;
}

export async function keepSeen(registry: Pick<Registry, "put">, seen: Seen): Promise<void> {
  await registry.put<Seen>(KEY, seen);
}

/** The checks of a stage for whoever asks, with how old they are: a stage that no longer looks would be well for ever. */
export function healthOf(registry: Pick<Registry, "get">, clock: Clock): () => Promise<CheckState[]> {
  return async () => {
    const { at, own, alarms } = await readSeen(registry);
    if (at === 0) return [];
    return inOrder([...worstOfEach([...own, ...alarms]), lastLook(at, clock.now())]);
  };
}

function lastLook(at: number, now: number): CheckState {
  const value = Math.max(0, Math.round((now - at) / 1000));
  const severity = severityOf(CHECKS.LastLook, value);
  return { check: "LastLook", severity, value, since: at, looks: [], lookedAt: now };
}

/** Of two that know of one check the worse holds; of two that agree the one that measured. */
function worstOfEach(states: readonly CheckState[]): CheckState[] {
  const rank = ({ severity }: CheckState) => SEVERITIES.indexOf(severity);
  return [...Map.groupBy(states, ({ check }) => check).values()].flatMap(([first, ...others]) =>
    first ? [others.reduce((worst, each) => (rank(each) > rank(worst) ? each : worst), first)] : [],
  );
}

function inOrder(states: readonly CheckState[]): CheckState[] {
  const order = Object.keys(CHECKS) as CheckName[];
  return states.toSorted((a, b) => order.indexOf(a.check) - order.indexOf(b.check));
}
