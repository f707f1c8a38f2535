import { TIMEOUT, type ExecutionError, type ExecutionRecord, type SourceSummary } from "./record.ts";

/**
 * The record as one JSON line, flat, with OpenTelemetry's attribute names where it has one (faas, http, messaging, exception
 * and process conventions); what it has no name for starts with `millrace.`. `type: "execution"` tells it from other lines.
 */
export function executionLine(record: ExecutionRecord): string {
  return JSON.stringify({
    type: "execution",
    timestamp: new Date(record.startedAt).toISOString(),
    severity: record.error ? "ERROR" : "INFO",
    "faas.name": record.function,
    "faas.invocation_id": record.id,
    "faas.coldstart": record.coldStart,
    "millrace.status": statusOf(record.error),
    "millrace.duration_ms": round(record.durationMs),
    ...sourceAttributes(record.source),
    "process.memory.usage": record.memory.rss,
    "v8js.memory.heap.used": record.memory.heapUsed,
    ...(record.memory.limit !== null && { "faas.max_memory": record.memory.limit }),
    ...(record.traceparent !== undefined && { "millrace.traceparent": record.traceparent }),
    ...(record.error && {
      "error.type": record.error.name,
      "exception.type": record.error.name,
      "exception.message": record.error.message,
      "exception.stacktrace": record.error.stack,
      "millrace.exception.causes": record.error.causes,
      "millrace.exception.fingerprint": record.error.fingerprint,
    }),
    "millrace.labels": record.labels,
    ...(Object.keys(record.metrics).length > 0 && { "millrace.metrics": record.metrics }),
    "millrace.spans": record.spans.map((span) => ({
      ...span,
      startMs: round(span.startMs),
      durationMs: round(span.durationMs),
    })),
    ...(record.droppedSpans > 0 && { "millrace.spans.dropped": record.droppedSpans }),
  });
}

function statusOf(error: ExecutionError | null): "ok" | "failed" | "timeout" {
  if (!error) return "ok";
  return error.name === TIMEOUT ? "timeout" : "failed";
}

/** The default sink: standard output, which Lambda and every process manager keep. */
export function writeExecutionLine(record: ExecutionRecord): void {
  process.stdout.write(`${executionLine(record)}\n`);
}

function sourceAttributes(source: SourceSummary): Record<string, string | number | string[]> {
  switch (source.kind) {
    case "http":
      return {
        "faas.trigger": "http",
        "http.request.method": source.method,
        "http.route": source.route,
        ...(source.bytes !== null && { "http.request.body.size": source.bytes }),
      };
    case "queue":
      return {
        "faas.trigger": "pubsub",
        ...(source.name !== undefined && { "messaging.destination.name": source.name }),
        "messaging.batch.message_count": source.messages,
        ...(source.events !== undefined && { "millrace.source.events": source.events }),
        ...(source.oldestAgeMs !== null && { "millrace.source.oldest_age_ms": source.oldestAgeMs }),
        "millrace.source.max_receive_count": source.maxReceiveCount,
        ...(source.projects && { "millrace.source.projects": source.projects }),
        ...(source.batches && { "millrace.source.batches": source.batches }),
        ...(source.traces && { "millrace.source.traces": source.traces }),
      };
    case "schedule":
      return { "faas.trigger": "timer", "millrace.source.name": source.name };
    case "bucket":
      return {
        "faas.trigger": "datasource",
        "millrace.source.name": source.name,
        ...(source.objects !== undefined && { "millrace.source.objects": source.objects }),
      };
    case "event":
    case "command":
      return { "faas.trigger": "other", "millrace.source.name": source.name };
  }
}

/** Microseconds are as fine as anyone reads. */
function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
