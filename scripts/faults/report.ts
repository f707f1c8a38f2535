import type { Load } from "./loads.ts";
import type { Account, Reconciled } from "./reconcile.ts";
import type { Samples } from "./samples.ts";

/** What a campaign found of one project. */
export interface Finding {
  readonly name: string;
  readonly reconciled: Reconciled;
  readonly account: Account;
}

/** The campaign held when the list is empty. */
export function problemsOf(
  findings: readonly Finding[],
  crashes: readonly string[],
  refusals: readonly string[],
): string[] {
  const problems: string[] = [];
  const some = (numbers: readonly number[]) => `${numbers.slice(0, 5).join(", ")}${numbers.length > 5 ? ", …" : ""}`;
  for (const { name, reconciled, account } of findings) {
    const { lost, doubled, foreign, acknowledged } = reconciled;
    if (lost.length > 0) problems.push(`${name}: ${lost.length} acknowledged events are not stored: ${some(lost)}`);
    if (doubled.length > 0) problems.push(`${name}: ${doubled.length} events are stored twice: ${some(doubled)}`);
    if (foreign.length > 0) problems.push(`${name}: ${foreign.length} stored events were never sent: ${some(foreign)}`);
    for (const { hour, difference } of account.unequal) {
      problems.push(`${name}: the ledger of ${hour} differs by ${difference} events`);
    }
    if (account.accepted < acknowledged) {
      problems.push(
        `${name}: ${acknowledged} acknowledged, and the ledger knows of ${account.accepted} accepted events`,
      );
    }
    if (account.ends.dead > 0) problems.push(`${name}: ${account.ends.dead} events are dead letters`);
  }
  for (const crash of crashes) problems.push(`the process ended by itself: ${crash}`);
  for (const refusal of new Set(refusals)) problems.push(`a good request was refused: ${refusal}`);
  return problems;
}

/** The closing line. @param holds whether nothing at all was found */
export function closingLine(findings: readonly Finding[]): string {
  const sum = (of: (finding: Finding) => number) => findings.reduce((total, finding) => total + of(finding), 0);
  const isEqual = findings.every(({ account }) => account.unequal.length === 0);
  return (
    `${sum(({ reconciled }) => reconciled.acknowledged)} acknowledged, ${sum(({ reconciled }) => reconciled.lost.length)} lost, ` +
    `${sum(({ reconciled }) => reconciled.doubled.length)} doubled, ledger ${isEqual ? "equal" : "NOT equal"}`
  );
}

/** One line per project: what its senders know beside what the ledger says. */
export function balanceTable(findings: readonly Finding[]): object[] {
  return findings.map(({ name, reconciled, account }) => ({
    project: name,
    acknowledged: reconciled.acknowledged,
    lost: reconciled.lost.length,
    doubled: reconciled.doubled.length,
    unanswered: reconciled.unanswered,
    accepted: account.accepted,
    ...account.ends,
    difference: account.unequal.reduce((sum, { difference }) => sum + difference, 0),
  }));
}

export interface Durations {
  readonly lag: Samples;
  readonly latency: Samples;
}

/** The quantiles of each phase over all projects, beside those of the calm parts of the same run. */
export function durationTable(
  projects: readonly string[],
  phases: readonly string[],
  { lag, latency }: Durations,
): object[] {
  return phases.flatMap((phase) => {
    const count = lag.count(projects, { phase });
    if (phase !== "calm" && count === 0) return [];
    const row = (samples: Samples, name: string) => ({
      [`${name} p50 ms`]: rounded(samples.quantile(projects, { phase }, 0.5)),
      [`${name} p95 ms`]: rounded(samples.quantile(projects, { phase }, 0.95)),
      [`${name} p95 of calm`]: ratio(projects, samples, phase),
    });
    return [
      {
        phase,
        lags: count,
        ...row(lag, "lag"),
        questions: latency.count(projects, { phase }),
        ...row(latency, "query"),
      },
    ];
  });
}

/**
 * The parts that are compared, one line each: the whole phase's figures do not tell a neighbour from what was already on its way when its
 * part began, nor from a machine that had something else to do.
 */
export function partTable(projects: readonly string[], loads: readonly Load[], { lag, latency }: Durations): object[] {
  return loads.map(({ phase, product, clients }, part) => ({
    phase,
    lags: lag.count(projects, { part }),
    "lag p95 ms": rounded(lag.quantile(projects, { part }, 0.95)),
    questions: latency.count(projects, { part }),
    "query p95 ms": rounded(latency.quantile(projects, { part }, 0.95)),
    "processors of the product": product?.toFixed(2) ?? "-",
    "of the clients": clients.toFixed(2),
  }));
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value);
}

function ratio(projects: readonly string[], samples: Samples, phase: string): string {
  const calm = samples.quantile(projects, { phase: "calm" }, 0.95);
  const then = samples.quantile(projects, { phase }, 0.95);
  return calm !== undefined && then !== undefined ? `${(then / calm).toFixed(1)}x` : "-";
}
