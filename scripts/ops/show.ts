import type { OpsCounted, OpsExecution, OpsExecutionDetail, OpsHealth, OpsSummary } from "@millrace/client";
import { isObject } from "@millrace/core";

const BAR = 40;
const MAX_ERROR = 100;

/** Numbers above a hundred whole, below with what matters. */
function milliseconds(ms: number | null): string {
  return ms === null ? "-" : `${ms >= 100 ? Math.round(ms) : ms.toPrecision(3)} ms`;
}

/** One execution in a line. */
export function executionLine(execution: OpsExecution): string {
  const { started_at, status, duration_ms, memory, cold, id, error } = execution;
  const megabytes = memory === null ? "-" : `${Math.round(memory / 1024 / 1024)} MB`;
  return [
    started_at,
    execution.function.padEnd(12),
    status.padEnd(13),
    milliseconds(duration_ms).padStart(9),
    megabytes.padStart(7),
    cold ? "cold" : "    ",
    id,
    ...(error === null ? [] : [error.slice(0, MAX_ERROR)]),
  ].join("  ");
}

export function executionTable(executions: readonly OpsExecution[]): string {
  return executions.length === 0 ? "No execution was found." : executions.map(executionLine).join("\n");
}

/** One execution whole: its facts, then its calls as a waterfall. */
export function showExecution({ execution, record: fields }: OpsExecutionDetail): string {
  const stack = fields["exception.stacktrace"];
  const causes = fields["millrace.exception.causes"];
  return [
    executionLine(execution),
    ...(execution.fingerprint === null ? [] : [`  fingerprint ${execution.fingerprint}`]),
    ...(Array.isArray(causes) ? causes.map((cause) => `  because ${String(cause)}`) : []),
    ...(typeof stack === "string" && stack !== "" ? [stack] : []),
    ...execution.labels.map((label) => `  ${label}`),
    ...waterfall(fields["millrace.spans"], execution.duration_ms),
  ].join("\n");
}

function waterfall(spans: unknown, durationMs: number): string[] {
  if (!Array.isArray(spans) || spans.length === 0) return [];
  const scale = BAR / Math.max(durationMs, 1);
  return spans.filter(isObject).map((span) => {
    const { name, startMs = 0, durationMs: took = 0, error } = span as Readonly<Record<string, string | number>>;
    const before = Math.min(BAR - 1, Math.floor(Number(startMs) * scale));
    const length = Math.max(1, Math.min(BAR - before, Math.round(Number(took) * scale)));
    const bar = " ".repeat(before) + "█".repeat(length) + " ".repeat(BAR - before - length);
    return `  │${bar}│ ${milliseconds(Number(took)).padStart(9)}  ${String(name)}${error === undefined ? "" : `  ${String(error)}`}`;
  });
}

export function summaryText({ total, spans, functions, failures }: OpsSummary): string {
  const most = Math.max(1, ...spans.map(({ count }) => count));
  const counted = ({ count, failed, p50, p95, p99 }: OpsCounted) =>
    `${count} executions, ${failed} failed, p50 ${milliseconds(p50)}, p95 ${milliseconds(p95)}, p99 ${milliseconds(p99)}`;
  return [
    counted(total),
    "",
    ...spans
      .filter(({ count }) => count > 0)
      .map((span) => `${span.from}  ${"█".repeat(Math.ceil((span.count / most) * BAR)).padEnd(BAR)}  ${counted(span)}`),
    "",
    ...functions.map((each) => `${each.function.padEnd(12)}  ${each.count} executions, ${each.failed} failed`),
    ...(failures.length > 0 ? ["", "Failures by kind:"] : []),
    ...failures.map(
      (each) =>
        `${each.fingerprint}  ${String(each.count).padStart(6)}  last ${each.last_at}  ${each.function ?? ""}  ${each.error.slice(0, MAX_ERROR)}\n` +
        `              npm run ops -- show ${each.example ?? ""}`,
    ),
  ].join("\n");
}

/** Every check in a line; of what is not well, why it matters and what to do. */
export function healthText({ status, checks }: OpsHealth): string {
  return [
    ...checks.flatMap((check) => {
      const value = check.value === null ? "?" : String(Number(check.value.toPrecision(4)));
      const line = `${check.status.padEnd(8)}  ${check.title.padEnd(18)}  ${value.padStart(8)}  ${check.measures}`;
      if (check.status === "ok") return [line];
      const detail = check.detail === null ? [] : [`          ${check.detail}`];
      return [
        line,
        `          since ${check.since}. ${check.why}`,
        ...detail,
        `          ${check.todo}  ${check.command}`,
      ];
    }),
    "",
    checks.length === 0 ? "Nothing was looked at yet." : `All in all: ${status}.`,
  ].join("\n");
}
