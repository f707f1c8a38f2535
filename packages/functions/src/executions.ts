import { systemClock as clock } from "@millrace/access";
import { monitor, sourceOf, writeExecutionLine, type ExecutionRecord } from "@millrace/monitor";
import { createForwarder, createOtlpExport, executionRoutes, readOtlp } from "@millrace/ops";
import { answerExecutions } from "./executions/answer.ts";
import { askRoutes } from "./http/ask-routes.ts";
import { isLogsEvent } from "./executions/log-batch.ts";
import { linkedSecret, optionalSetting, setting } from "./config.ts";
import { openExecutions } from "./store.ts";

const SLOW_MS = 1_000;

const executions = openExecutions();
const headers = linkedSecret("OtlpHeaders");
const otlp = readOtlp({
  OTEL_EXPORTER_OTLP_ENDPOINT: optionalSetting("OTEL_EXPORTER_OTLP_ENDPOINT"),
  OTEL_TRACES_SAMPLER_ARG: optionalSetting("OTEL_TRACES_SAMPLER_ARG"),
  OTEL_EXPORTER_OTLP_HEADERS: headers === "off" ? "" : headers,
});
const traces = otlp && createOtlpExport(otlp, { clock, onFault: console.error });
let prepared: Promise<void> | undefined;
const forward = createForwarder(
  {
    // The template makes each month's index. Once a process, so that a domain in place of a lost one has it too.
    async put(lines) {
      await (prepared ??= executions.prepare().catch((error: unknown) => {
        prepared = undefined;
        throw error;
      }));
      await executions.put(lines);
    },
  },
  { busy: setting("EXECUTIONS_SAMPLED").split(",") },
  traces,
);
/** By invoke alone: whoever may do that is let in by AWS. */
const ask = askRoutes(executionRoutes({ executions, clock, admit: () => Promise.resolve() }));

/**
 * The forwarder: lines of the functions' logs become executions that can be searched (stacks/executions.ts says whose). Its own log is
 * forwarded by nobody: each of its runs would be a line that sets off the next.
 */
export const handler = monitor((event: unknown) => answerExecutions({ forward, ask }, event), {
  name: "executions",
  sink: writeUnlessOrdinary,
  source: (event) => (isLogsEvent(event) ? { kind: "event", name: "logs" } : sourceOf(event, clock.now())),
});

/** Its ordinary runs say nothing that what they kept does not, and would be a line for each line of the others. */
function writeUnlessOrdinary(record: ExecutionRecord): void {
  if (record.error || record.coldStart || record.durationMs >= SLOW_MS) writeExecutionLine(record);
}
