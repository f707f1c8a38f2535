import { currentExecution, readTraceparent, span, spanOf, type StoredExecution } from "@millrace/core";
import { createExecutions, executionLine } from "@millrace/monitor";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createForwarder, createOtlpExport, readOtlp, type OtlpSettings } from "../src/index.ts";
import { executionOf } from "../src/executions/from-log.ts";
import { startOtlpReceiver, type OtlpReceiver } from "./otlp-receiver.ts";

const NOON = Date.UTC(2026, 10, 23, 12);
const TRACE = "0af7651916cd43dd8448eb211c80319c";
const CALLER = "b7ad6b7169203331";
const INGEST = "7d444840-9dc0-11d1-b245-5ffdce74fad2";
const COLLECTOR = "9d444840-9dc0-11d1-b245-5ffdce74fad3";

let receiver: OtlpReceiver;
beforeEach(async () => {
  receiver = await startOtlpReceiver();
});
afterEach(() => receiver.close());

let now = NOON;
const faults: unknown[] = [];
function exporter(more: Partial<OtlpSettings> = {}) {
  faults.length = 0;
  now = NOON;
  const settings = { url: `${receiver.url}/v1/traces`, headers: {}, ratio: 1, ...more };
  return createOtlpExport(settings, { clock: { now: () => now }, onFault: (error) => void faults.push(error) });
}

/** Lines of a request that continues its caller's trace, and of the batch that stored it beside somebody else's. */
async function aWay(): Promise<StoredExecution[]> {
  const lines: string[] = [];
  const of = (name: string) =>
    createExecutions({
      function: name,
      clock: { now: () => NOON },
      sink: (record) => void lines.push(executionLine(record)),
    });
  await of("ingest").run(
    { kind: "http", method: "POST", route: "/v1/e", bytes: 5 },
    async () => {
      currentExecution()?.label("events", 3);
      await span("sqs.send", { "messaging.system": "aws_sqs" }, async () => {});
    },
    { requestId: INGEST, traceparent: `00-${TRACE}-${CALLER}-01` },
  );
  const other = spanOf("11111111-9dc0-11d1-b245-5ffdce74fad2");
  const { spanId } = spanOf(INGEST);
  const traces = [`${TRACE}-${spanId}`, `${other.traceId}-${other.spanId}`];
  const source = { kind: "queue", messages: 2, oldestAgeMs: 3, maxReceiveCount: 1, traces } as const;
  const failing = () => Promise.reject(new Error("disk full"));
  await of("collector")
    .run({ ...source, traces: [...traces] }, failing, { requestId: COLLECTOR })
    .catch(() => {});
  return lines.flatMap((text) => executionOf({ text, at: NOON, function: "local" }) ?? []);
}

test("an event's way is one trace: the caller, the request, its calls, and what stored it among others", async () => {
  await exporter().send(await aWay());
  const inTrace = receiver.spans.filter(({ traceId }) => traceId === TRACE);
  expect(inTrace.map(({ service, name, parentSpanId }) => ({ service, name, parentSpanId }))).toEqual([
    { service: "ingest", name: "POST /v1/e", parentSpanId: CALLER },
    { service: "ingest", name: "sqs.send", parentSpanId: spanOf(INGEST).spanId },
    { service: "collector", name: "collector process", parentSpanId: spanOf(INGEST).spanId },
  ]);
  const own = receiver.spans.find(({ spanId }) => spanId === spanOf(COLLECTOR).spanId);
  expect(own).toMatchObject({ name: "collector", status: { code: 2, message: "Error: disk full" } });
  expect(own?.events?.[0]?.name).toBe("exception");
  expect(inTrace[2]?.links).toEqual([spanOf(COLLECTOR)]);
  expect(new Set(receiver.spans.map(({ spanId }) => spanId)).size).toBe(receiver.spans.length);
  expect(faults).toEqual([]);
});

test("times are exact, and labels and numbers attributes", async () => {
  await exporter().send(await aWay());
  const [request] = receiver.spans;
  expect(request?.startTimeUnixNano).toBe(`${NOON}000000`);
  expect(request?.attributes).toContainEqual({ key: "millrace.label.events", value: { intValue: "3" } });
  expect(request?.attributes).toContainEqual({ key: "faas.invocation_id", value: { stringValue: INGEST } });
  expect(JSON.stringify(request)).not.toContain("traceparent");
});

test("what the platform says of a run that it ended is a span, too", async () => {
  const text = JSON.stringify({
    type: "platform.report",
    record: { requestId: INGEST, status: "timeout", metrics: { durationMs: 60_000 } },
  });
  const told = executionOf({ text, at: NOON, function: "collector" });
  await exporter().send(told ? [told] : []);
  expect(receiver.spans).toMatchObject([{ service: "collector", spanId: spanOf(INGEST).spanId, status: { code: 2 } }]);
});

test("a receiver that is away costs one try each half minute; what is not sent is dropped, counted and told once", async () => {
  const traces = exporter();
  const way = await aWay();
  receiver.status = 503;
  await traces.send(way);
  await traces.send(way);
  expect(receiver.headers).toHaveLength(1);
  expect(traces.counts()).toEqual({ sent: 0, dropped: 4 });
  expect(faults).toHaveLength(1);
  receiver.status = 200;
  now += 30_000;
  await traces.send(way);
  expect(traces.counts()).toEqual({ sent: 2, dropped: 4 });
  expect(String(faults[1])).toContain("4 executions were not");
});

test("a forwarder keeps executions whether or not traces can be sent, and sends those that it does not keep", async () => {
  const way = await aWay();
  const traces = exporter({ url: "http://127.0.0.1:1/v1/traces" });
  const put: StoredExecution[] = [];
  const store = { put: async (executions: readonly StoredExecution[]) => void put.push(...executions) };
  const lines = way.map(({ line }) => ({ text: line, at: NOON, function: "local" }));
  expect(await createForwarder(store, {}, traces)(lines)).toEqual({ kept: 2 });
  expect(traces.counts()).toEqual({ sent: 0, dropped: 2 });
  const all = exporter();
  const warm = lines.map((line) => ({
    ...line,
    text: line.text.replace('"faas.coldstart":true', '"faas.coldstart":false'),
  }));
  const { kept } = await createForwarder(store, { oneIn: 2 ** 40 }, all)(warm);
  expect(kept).toBe(1);
  expect(all.counts().sent).toBe(2);
});

test("a share of the traces begun here is sent whole or not at all; those of callers go as the caller says", async () => {
  const way = await aWay();
  const none = exporter({ ratio: 0 });
  await none.send(way);
  expect(receiver.spans.map(({ service }) => service)).toEqual(["ingest", "ingest"]);
  const unwanted = way.map((each) => ({ ...each, line: each.line.replace(`${CALLER}-01`, `${CALLER}-00`) }));
  const all = exporter();
  await all.send(unwanted);
  expect(all.counts().sent).toBe(1);
});

test("OpenTelemetry's own variables are read", async () => {
  expect(readOtlp({})).toBeUndefined();
  const read = readOtlp({
    OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.url}/`,
    OTEL_EXPORTER_OTLP_HEADERS: "api-key=a%20b, x=1",
    OTEL_TRACES_SAMPLER_ARG: "0.5",
  });
  expect(read).toEqual({ url: `${receiver.url}/v1/traces`, headers: { "api-key": "a b", x: "1" }, ratio: 0.5 });
  expect(readOtlp({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://x.example/t" })?.url).toBe("https://x.example/t");
  await exporter(read).send(await aWay());
  if (receiver.headers[0]) expect(receiver.headers[0]).toMatchObject({ "api-key": "a b" });
  expect(() => readOtlp({ OTEL_EXPORTER_OTLP_ENDPOINT: "otlp" })).toThrow("OTEL_EXPORTER_OTLP_ENDPOINT");
  expect(() => readOtlp({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://x", OTEL_TRACES_SAMPLER_ARG: "2" })).toThrow("0 to 1");
  expect(() => readOtlp({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://x", OTEL_EXPORTER_OTLP_HEADERS: "=1" })).toThrow(
    "name=value",
  );
  expect(readTraceparent(`00-${TRACE}-${CALLER}-01`)?.sampled).toBe(true);
});
