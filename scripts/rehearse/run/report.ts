import type { StepResult } from "./flow/run-flow.ts";
import type { Denial, Right } from "./gateway/usage.ts";
import { sortRights } from "./kept-rights.ts";

export interface Outcome {
  readonly results: readonly StepResult[];
  readonly denials: readonly Denial[];
  /** Rights that no call used. */
  readonly unused: readonly Right[];
  /** Permissions that were used. */
  readonly granted: number;
}

/**
 * What is wrong, a line for each: a step that failed, a call that was denied, and a right that was granted and that no step needed.
 * A role that may more than it does is a finding as one that may less.
 */
export function findingsOf({ results, denials, unused }: Outcome): string[] {
  const { needless, stale } = sortRights(unused);
  return [
    ...counted(denials.map((denial) => `denied: ${row(denial)}: ${denial.why}`)),
    ...results.flatMap(({ name, failure }) => (failure === undefined ? [] : [`failed: ${name}`])),
    ...needless.map((right) => `granted and never used (take it out of stacks/, or show what needs it): ${row(right)}`),
    ...stale.map((right) => `kept-rights.ts names a right that is used or gone: ${row(right)}`),
  ];
}

/** Each line once: one missing right denies as many calls as the flow makes. */
function counted(lines: readonly string[]): string[] {
  return [...Map.groupBy(lines, (line) => line)].map(([line, { length }]) =>
    length === 1 ? line : `${line} (${length} times)`,
  );
}

/** Which rights were not used, and the numbers. */
export function report({ results, denials, unused, granted }: Outcome): string {
  const failed = results.filter(({ failure }) => failure !== undefined);
  const { kept, needless } = sortRights(unused);
  return [
    "Granted and never used, function × action × resource:",
    ...(unused.length === 0 ? ["  nothing"] : []),
    ...needless.map((right) => `  ${row(right)}`),
    ...kept.map(({ right, why }) => `  ${row(right)} (kept: ${why})`),
    `${results.length} steps, ${failed.length} failed; ${granted} permissions used, ${needless.length} needless, ${denials.length} denied calls`,
  ].join("\n");
}

/** One line for a step. */
export function stepLine({ name, ms, seen, failure }: StepResult): string {
  const time = `${(ms / 1000).toFixed(1)} s`.padStart(7);
  return failure === undefined ? `ok   ${time}  ${name}: ${seen}` : `FAIL ${time}  ${name}: ${failure}`;
}

function row({ actor, action, resource }: Right): string {
  return `${actor} × ${action} × ${plain(resource)}`;
}

/** An ARN without the account and the ends that SST makes up: `dynamodb table/millrace-production-RegistryTable`. */
function plain(arn: string): string {
  return arn.replace(/^arn:aws:([^:]*):[^:]*:[^:]*:/, "$1 ").replace(/-[a-z]{8}(?=$|[/ ])/g, "");
}
