import { CERTAINTY, EXECUTION_STATUSES, isObject, type ExecutionStatus, type StoredExecution } from "@millrace/core";
import { fingerprintOf } from "@millrace/monitor";
import { createHash } from "node:crypto";

/** One line of a log, and what is known of it beside its text. */
export interface LogLine {
  readonly text: string;
  /** When the log got it, milliseconds UTC: what a line says of its time is not believed beyond a day. */
  readonly at: number;
  /** Whose log it is. */
  readonly function: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** What a store may be given: beyond it one bad line of somebody's function would fail all lines with it. */
const MAX_ID_CHARS = 200;
const MAX_TEXT_CHARS = 1_000;
const MAX_LABELS = 300;
const MAX_LABEL_CHARS = 400;
const DAY_MS = 24 * 3_600_000;

/**
 * The execution that a line of the log tells of: one of ours (`type: "execution"`), or the platform's own report of a run that it ended,
 * which could say nothing itself, or of a process that did not start. Undefined for every other line.
 */
export function executionOf(line: LogLine): StoredExecution | undefined {
  if (!line.text.startsWith("{")) return undefined;
  const fields = parse(line.text);
  if (fields?.["type"] === "execution") return recorded(fields, line);
  if (fields?.["type"] === "platform.report") return reported(fields, line);
  if (fields?.["type"] === "platform.initReport") return notStarted(fields, line);
  return undefined;
}

function recorded(fields: Fields, line: LogLine): StoredExecution | undefined {
  const id = textOf(fields["faas.invocation_id"], MAX_ID_CHARS);
  if (id === "") return undefined;
  const status = EXECUTION_STATUSES.find((known) => known === fields["millrace.status"]) ?? "ok";
  const startedAt = Date.parse(textOf(fields["timestamp"]));
  const type = textOf(fields["exception.type"]);
  return {
    id,
    function: textOf(fields["faas.name"], MAX_ID_CHARS) || line.function,
    startedAt: Math.abs(startedAt - line.at) < DAY_MS ? startedAt : line.at,
    durationMs: numberOf(fields["millrace.duration_ms"]) ?? 0,
    status,
    cold: fields["faas.coldstart"] === true,
    trigger: textOf(fields["faas.trigger"], MAX_ID_CHARS) || "other",
    memory: numberOf(fields["process.memory.usage"]),
    fingerprint: textOf(fields["millrace.exception.fingerprint"], MAX_ID_CHARS) || null,
    error: type === "" ? null : `${type}: ${textOf(fields["exception.message"])}`.slice(0, MAX_TEXT_CHARS),
    labels: labelsOf(fields),
    weight: 1,
    certainty: status === "timeout" ? CERTAINTY.early : CERTAINTY.final,
    line: line.text,
  };
}

/**
 * Lambda's report of a run that did not end well, in its JSON log at system level WARN.
 * https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
 */
function reported(fields: Fields, line: LogLine): StoredExecution | undefined {
  const report = fieldsOf(fields["record"]);
  const id = textOf(report["requestId"], MAX_ID_CHARS);
  return id === "" ? undefined : toldByPlatform(report, line, id);
}

/**
 * Its report of a process that failed before any run. The one that comes with the first run (`phase: "invoke"`) is that run's report, too; this one
 * belongs to none, and has an id made of what it says.
 */
function notStarted(fields: Fields, line: LogLine): StoredExecution | undefined {
  const report = fieldsOf(fields["record"]);
  if (report["phase"] === "invoke") return undefined;
  const id = `start-${createHash("sha256").update(`${line.function}\n${line.text}`).digest("hex").slice(0, 32)}`;
  const told = toldByPlatform(report, line, id);
  return told && { ...told, cold: true, labels: ["phase=start"] };
}

function toldByPlatform(report: Fields, line: LogLine, id: string): StoredExecution | undefined {
  const ended = textOf(report["status"]);
  if (ended === "" || ended === "success") return undefined;
  const metrics = fieldsOf(report["metrics"]);
  const errorType = textOf(report["errorType"], MAX_ID_CHARS);
  const used = numberOf(metrics["maxMemoryUsedMB"]);
  const limit = numberOf(metrics["memorySizeMB"]);
  const wasFull = used !== null && limit !== null && used >= limit;
  const status = statusOf(ended, errorType, wasFull);
  const durationMs = numberOf(metrics["durationMs"]) ?? 0;
  const error = SAID[status] ?? (errorType || "The process ended.");
  return {
    id,
    function: line.function,
    startedAt: Math.trunc(line.at - durationMs),
    durationMs,
    status,
    cold: numberOf(metrics["initDurationMs"]) !== null,
    trigger: "other",
    memory: used === null ? null : used * 1024 * 1024,
    fingerprint: fingerprintOf([error]),
    error,
    labels: [],
    weight: 1,
    certainty: CERTAINTY.platform,
    line: line.text,
  };
}

const SAID: Readonly<Partial<Record<ExecutionStatus, string>>> = {
  timeout: "Timeout: the platform ended the process when its time was over.",
  "out-of-memory": "OutOfMemory: the platform ended the process when its memory was full.",
};

function statusOf(ended: string, errorType: string, wasFull: boolean): ExecutionStatus {
  if (ended === "timeout") return "timeout";
  if (/OutOfMemory/i.test(errorType) || (ended === "failure" && wasFull)) return "out-of-memory";
  return "failed";
}

/** Labels and metrics as `name=value`; projects and batches each by itself, so that one of many is found. */
function labelsOf(fields: Fields): string[] {
  const pairs = [fields["millrace.labels"], fields["millrace.metrics"]].flatMap((of) => Object.entries(fieldsOf(of)));
  const each = (name: string, of: string) => {
    const list = fields[of];
    return Array.isArray(list) ? list.map((value) => `${name}=${String(value)}`) : [];
  };
  return [
    ...pairs.map(([name, value]) => `${name}=${String(value)}`),
    ...each("project", "millrace.source.projects"),
    ...each("batch", "millrace.source.batches"),
  ]
    .slice(0, MAX_LABELS)
    .map((label) => label.slice(0, MAX_LABEL_CHARS));
}

function parse(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}

function textOf(value: unknown, most = MAX_TEXT_CHARS): string {
  return typeof value === "string" ? value.slice(0, most) : "";
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
