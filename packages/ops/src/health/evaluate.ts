import type { HealthCheck } from "./check.ts";
import { CHECKS, type CheckName } from "./checks.ts";

export const SEVERITIES = ["ok", "warn", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What is known of one check. */
export interface CheckState {
  readonly check: CheckName;
  readonly severity: Severity;
  /** What was measured last; null: it could not be. */
  readonly value: number | null;
  /** Since when it is so, milliseconds UTC. */
  readonly since: number;
  /** More than the number says: which hours, whose error. */
  readonly detail?: string;
  /** The last looks, newest last, for checks that want several bad ones. */
  readonly looks: readonly Severity[];
  /** When it was last measured, milliseconds UTC. */
  readonly lookedAt: number;
  /** From where on it is critical, where this installation has another limit than the table. */
  readonly limit?: number;
}

/** What was measured. A check that is not here is not looked at in this installation. */
export type Measured = Partial<Readonly<Record<CheckName, { readonly value: number; readonly detail?: string }>>>;

/** What a value means by the table, one look alone. */
export function severityOf(check: HealthCheck, value: number): Severity {
  const isBeyond = (limit: number) => (check.runsOut ? value < limit : value > limit);
  if (isBeyond(check.critical)) return "critical";
  return check.warn !== undefined && isBeyond(check.warn) ? "warn" : "ok";
}

const MINUTE_MS = 60_000;
/** Rounds begin a moment earlier or later than the clock says. */
const EARLY_MS = 10_000;

/** Which checks are to be looked at now: all but those whose last look is fresh enough for them. */
export function dueChecks(states: readonly CheckState[], now: number): (check: CheckName) => boolean {
  const lookedAt = new Map(states.map((state) => [state.check, state.lookedAt]));
  return (name) => {
    const { everyMinutes }: HealthCheck = CHECKS[name];
    const last = lookedAt.get(name);
    if (everyMinutes === undefined || last === undefined) return true;
    return now - last >= everyMinutes * MINUTE_MS - EARLY_MS;
  };
}

/**
 * The states after one more look, in the order of the table. A state changes to the worst that enough of the last looks (M of N) reach, and
 * back to good as soon as they no longer do; `since` stays as long as it is the same. One that was not due stays as it is.
 */
export function nextStates(before: readonly CheckState[], measured: Measured, now: number): CheckState[] {
  const known = new Map(before.map((state) => [state.check, state]));
  const isDue = dueChecks(before, now);
  return (Object.keys(CHECKS) as CheckName[]).flatMap((name) => {
    const old = known.get(name);
    if (!measured[name]) return old && !isDue(name) ? [old] : [];
    const check: HealthCheck = CHECKS[name];
    const { value, detail } = measured[name];
    const [bad, of] = check.minutes ?? [1, 1];
    const look = severityOf(check, value);
    const looks = [...(old?.looks ?? []), look].slice(-of);
    const reached = (severity: Severity) =>
      looks.filter((each) => SEVERITIES.indexOf(each) >= SEVERITIES.indexOf(severity)).length >= bad;
    const severity = reached("critical") ? "critical" : reached("warn") ? "warn" : "ok";
    const since = old?.severity === severity ? old.since : now;
    return [{ check: name, severity, value, since, looks, lookedAt: now, ...(detail !== undefined && { detail }) }];
  });
}

export interface Change {
  readonly state: CheckState;
  readonly was: Severity;
  /** How long it had been what it was, milliseconds; undefined when nobody looked before. */
  readonly lastedMs: number | undefined;
}

/** What changed between two rounds. A check that is seen first and is good changed nothing. */
export function changesOf(before: readonly CheckState[], after: readonly CheckState[]): Change[] {
  const known = new Map(before.map((state) => [state.check, state]));
  return after.flatMap((state) => {
    const old = known.get(state.check);
    const was = old?.severity ?? "ok";
    return state.severity === was ? [] : [{ state, was, lastedMs: old && state.since - old.since }];
  });
}

/** The worst of all. */
export function overall(states: readonly CheckState[]): Severity {
  return SEVERITIES[Math.max(0, ...states.map(({ severity }) => SEVERITIES.indexOf(severity)))] ?? "ok";
}
