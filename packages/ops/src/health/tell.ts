import type { Notify } from "../notify/channels.ts";
import { noticeOf } from "../notify/slack-message.ts";
import type { HealthCheck } from "./check.ts";
import { CHECKS, type CheckName } from "./checks.ts";
import type { Change } from "./evaluate.ts";

/** Makes notices of changes of state and hands them over. */
export function tellBy(notify: Notify): (changes: readonly Change[]) => Promise<void> {
  return (changes) =>
    notify(
      changes.map(({ state, was, lastedMs }) => ({
        ...noticeOf(state.check, {
          severity: state.severity,
          at: state.since,
          lastedMs,
          facts: factsOf(state.check, state.value, state.detail),
        }),
        was,
      })),
    );
}

function factsOf(check: CheckName, value: number | null, detail: string | undefined): string {
  const { measures }: HealthCheck = CHECKS[check];
  const measured = value === null ? "" : `${Number(value.toPrecision(4))}: ${measures}`;
  return [measured, detail].filter((part) => part !== undefined && part !== "").join("; ");
}
