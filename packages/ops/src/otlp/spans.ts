import { isObject, readTraceparent, spanOf, spanWithin, type SpanContext, type StoredExecution } from "@millrace/core";

/** OpenTelemetry's protocol in JSON, as much of it as is said here. https://github.com/open-telemetry/opentelemetry-proto */
export interface ResourceSpans {
  readonly resource: { readonly attributes: readonly Attribute[] };
  readonly scopeSpans: readonly { readonly scope: { readonly name: string }; readonly spans: readonly OtlpSpan[] }[];
}

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: (typeof KIND)[keyof typeof KIND];
  /** Nanoseconds since 1970, as text: a double would round them. */
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly events?: readonly {
    readonly timeUnixNano: string;
    readonly name: string;
    readonly attributes: readonly Attribute[];
  }[];
  readonly links?: readonly SpanContext[];
  readonly status: { readonly code?: typeof ERROR; readonly message?: string };
}

interface Attribute {
  readonly key: string;
  readonly value: Value;
}

type Value =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly arrayValue: { readonly values: readonly Value[] } };

const KIND = { internal: 1, server: 2, client: 3, consumer: 5 } as const;
const ERROR = 2;
const SCOPE = { name: "@millrace/monitor" };

/** What is no attribute: it is the span itself, or is said elsewhere. */
const NO_ATTRIBUTE = new Set([
  "type",
  "timestamp",
  "severity",
  "exception.type",
  "exception.message",
  "exception.stacktrace",
  "millrace.duration_ms",
  "millrace.traceparent",
  "millrace.source.traces",
  "millrace.labels",
  "millrace.metrics",
  "millrace.spans",
]);

type Fields = Readonly<Record<string, unknown>>;

/** The trace that an execution belongs to, and whether its caller keeps it; undefined: there was no caller with a trace. */
export function traceOfExecution(execution: StoredExecution): { readonly traceId: string; readonly kept?: boolean } {
  const parent = readTraceparent(textOf(fieldsOf(execution)["millrace.traceparent"]));
  return parent ? { traceId: parent.traceId, kept: parent.sampled } : { traceId: spanOf(execution.id).traceId };
}

/**
 * Executions as spans: each one span with its calls below it. What stored a batch has, beside its own trace, a span in the trace of every
 * request whose message was in it, linked to its own: an event's way is one trace, however many shared a batch.
 */
export function resourceSpans(executions: readonly StoredExecution[]): ResourceSpans[] {
  const byFunction = Map.groupBy(executions, (execution) => execution.function);
  return [...byFunction].map(([name, those]) => ({
    resource: { attributes: attributesOf({ "service.name": name, "service.namespace": "millrace" }) },
    scopeSpans: [{ scope: SCOPE, spans: those.flatMap(spansOf) }],
  }));
}

function spansOf(execution: StoredExecution): OtlpSpan[] {
  const fields = fieldsOf(execution);
  const parent = readTraceparent(textOf(fields["millrace.traceparent"]));
  const own = spanOf(execution.id, parent?.traceId);
  const at = (ms: number) => nanoseconds(execution.startedAt, ms);
  const ended = at(execution.durationMs);
  const root: OtlpSpan = {
    ...own,
    ...(parent && { parentSpanId: parent.spanId }),
    name: nameOf(execution, fields),
    kind: { http: KIND.server, pubsub: KIND.consumer }[execution.trigger] ?? KIND.internal,
    startTimeUnixNano: at(0),
    endTimeUnixNano: ended,
    attributes: attributesOf({
      ...Object.fromEntries(Object.entries(fields).filter(([name]) => !NO_ATTRIBUTE.has(name))),
      ...prefixed("millrace.label.", fields["millrace.labels"]),
      ...prefixed("millrace.metric.", fields["millrace.metrics"]),
      "millrace.status": execution.status,
    }),
    ...(execution.error !== null && {
      events: [{ timeUnixNano: ended, name: "exception", attributes: exceptionOf(fields, execution.error) }],
    }),
    status:
      execution.status === "ok" ? {} : { code: ERROR, ...(execution.error !== null && { message: execution.error }) },
  };
  const calls = listOf(fields["millrace.spans"]).map((call, index): OtlpSpan => {
    const startMs = numberOf(call["startMs"]);
    const error = textOf(call["error"]);
    return {
      traceId: own.traceId,
      spanId: spanWithin(execution.id, "call", index),
      parentSpanId: own.spanId,
      name: textOf(call["name"]) ?? "call",
      kind: KIND.client,
      startTimeUnixNano: at(startMs),
      endTimeUnixNano: at(startMs + numberOf(call["durationMs"])),
      attributes: attributesOf({
        ...(isObject(call["attributes"]) && call["attributes"]),
        ...(error !== undefined && { "error.type": error }),
      }),
      status: error === undefined ? {} : { code: ERROR, message: error },
    };
  });
  const messages = sendersOf(fields).map(({ traceId, spanId }, index): OtlpSpan => ({
    traceId,
    spanId: spanWithin(execution.id, "message", index),
    parentSpanId: spanId,
    name: `${execution.function} process`,
    kind: KIND.consumer,
    startTimeUnixNano: at(0),
    endTimeUnixNano: ended,
    attributes: attributesOf({ "messaging.operation.type": "process", "faas.invocation_id": execution.id }),
    links: [own],
    status: root.status,
  }));
  return [root, ...calls, ...messages];
}

/** Spans that sent the messages of a batch, `TRACE-SPAN` each. */
function sendersOf(fields: Fields): SpanContext[] {
  const traces = fields["millrace.source.traces"];
  if (!Array.isArray(traces)) return [];
  return traces
    .flatMap((text) => readTraceparent(`00-${String(text)}-01`) ?? [])
    .map(({ traceId, spanId }) => ({ traceId, spanId }));
}

function nameOf(execution: StoredExecution, fields: Fields): string {
  const [method, route] = [textOf(fields["http.request.method"]), textOf(fields["http.route"])];
  if (method !== undefined && route !== undefined) return `${method} ${route}`;
  return execution.function;
}

function exceptionOf(fields: Fields, said: string): Attribute[] {
  const [type, message] = [textOf(fields["exception.type"]), textOf(fields["exception.message"])];
  return attributesOf({
    "exception.type": type ?? "Error",
    "exception.message": message ?? said,
    ...(textOf(fields["exception.stacktrace"]) !== undefined && {
      "exception.stacktrace": fields["exception.stacktrace"],
    }),
  });
}

function prefixed(prefix: string, of: unknown): Record<string, unknown> {
  return isObject(of) ? Object.fromEntries(Object.entries(of).map(([name, value]) => [prefix + name, value])) : {};
}

function attributesOf(values: Fields): Attribute[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const typed = valueOf(value);
    return typed ? [{ key, value: typed }] : [];
  });
}

/** What the protocol has no place for (null, objects) is left out. */
function valueOf(value: unknown): Value | undefined {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number")
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.flatMap((each) => valueOf(each) ?? []) } };
  return undefined;
}

/** Exact to a microsecond, as spans are. */
function nanoseconds(startedAt: number, ms: number): string {
  return String(BigInt(Math.trunc(startedAt)) * 1_000_000n + BigInt(Math.round(ms * 1_000)) * 1_000n);
}

function fieldsOf({ line }: StoredExecution): Fields {
  const fields: unknown = JSON.parse(line);
  // Of the platform's own report nothing is an attribute but what the execution says.
  return isObject(fields) && fields["type"] === "execution" ? fields : {};
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
