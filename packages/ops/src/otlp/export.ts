import type { Clock, StoredExecution } from "@millrace/core";
import { resourceSpans, traceOfExecution } from "./spans.ts";

export interface OtlpSettings {
  /** Where traces are sent, whole: `https://api.example.com/v1/traces`. */
  readonly url: string;
  /** Of every request, such as a key. */
  readonly headers: Readonly<Record<string, string>>;
  /** Share of the traces begun here that is sent, 0 to 1; those begun elsewhere go as their caller says. */
  readonly ratio: number;
}

export interface OtlpDeps {
  readonly clock: Clock;
  /** Default: the global one. */
  readonly fetch?: typeof fetch;
  /** Told when sending stops, with the reason, and when it goes on, with how many were not sent. */
  readonly onFault: (error: unknown) => void;
}

export interface OtlpExport {
  /** Sends what is to be sent of these, once, and never throws. */
  send(executions: readonly StoredExecution[]): Promise<void>;
  /** Executions sent, and those that were not because the receiver was away or refused them. */
  counts(): { readonly sent: number; readonly dropped: number };
}

/** Executions of one request: some hundred kilobytes. */
const AT_ONCE = 200;
/** A receiver that says nothing for so long is down. Whoever forwards waits for it. */
const TIMEOUT_MS = 2_000;
/** After a failure nothing is tried for so long: what comes meanwhile is dropped, since the log has it. */
const PAUSE_MS = 30_000;

/**
 * Sends executions as spans by OTLP over HTTP, JSON. Nothing waits in memory: what cannot be sent now is dropped and counted, and
 * can be made of the log again.
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function createOtlpExport({ url, headers, ratio }: OtlpSettings, deps: OtlpDeps): OtlpExport {
  const { clock, fetch: send = fetch, onFault } = deps;
  let sent = 0;
  let dropped = 0;
  let pausedUntil = 0;
  /** Dropped since sending stopped; undefined: it has not. */
  let missed: number | undefined;

  async function post(executions: readonly StoredExecution[]): Promise<void> {
    const response = await send(url, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify({ resourceSpans: resourceSpans(executions) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: "error",
    });
    const said = await response.text();
    if (!response.ok) throw new Error(`The receiver of traces answered ${response.status}: ${said.slice(0, 200)}`);
  }

  function drop(count: number): void {
    dropped += count;
    missed = (missed ?? 0) + count;
  }

  async function sendSome(some: readonly StoredExecution[]): Promise<void> {
    if (clock.now() < pausedUntil) return drop(some.length);
    try {
      await post(some);
      sent += some.length;
      if (missed !== undefined) onFault(new Error(`Traces are sent again; ${missed} executions were not.`));
      missed = undefined;
    } catch (error) {
      pausedUntil = clock.now() + PAUSE_MS;
      if (missed === undefined) onFault(new Error("Traces are not sent for now.", { cause: error }));
      drop(some.length);
    }
  }

  return {
    async send(executions) {
      const chosen = executions.filter((execution) => isChosen(execution, ratio));
      for (let at = 0; at < chosen.length; at += AT_ONCE) await sendSome(chosen.slice(at, at + AT_ONCE));
    },
    counts: () => ({ sent, dropped }),
  };
}

/** All of a trace or nothing, by its id alone: whoever sees another part of it decides alike. */
function isChosen(execution: StoredExecution, ratio: number): boolean {
  const { traceId, kept } = traceOfExecution(execution);
  return kept ?? Number.parseInt(traceId.slice(-8), 16) < ratio * 0x1_0000_0000;
}

/**
 * OpenTelemetry's own variables: `OTEL_EXPORTER_OTLP_ENDPOINT` (or `…_TRACES_ENDPOINT`, taken as it is), `OTEL_EXPORTER_OTLP_HEADERS`,
 * `OTEL_TRACES_SAMPLER_ARG`. Undefined where no endpoint is set.
 * @throws Error naming the variable and what it may be
 */
export function readOtlp(env: Readonly<Record<string, string | undefined>>): OtlpSettings | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces } = env;
  const url = traces || (endpoint ? `${endpoint.replace(/\/+$/, "")}/v1/traces` : undefined);
  if (url === undefined) return undefined;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new Error(`OTEL_EXPORTER_OTLP_ENDPOINT is "${url}"; it must be a URL such as https://otlp.example.com.`);
  const ratio = Number(env["OTEL_TRACES_SAMPLER_ARG"] || 1);
  if (!(ratio >= 0 && ratio <= 1))
    throw new Error(`OTEL_TRACES_SAMPLER_ARG is "${env["OTEL_TRACES_SAMPLER_ARG"]}"; it must be a number from 0 to 1.`);
  return { url, headers: headersOf(env["OTEL_EXPORTER_OTLP_HEADERS"] ?? ""), ratio };
}

/** `name=value,name=value`, values encoded as in a URL. */
function headersOf(text: string): Record<string, string> {
  const pairs = text.split(",").filter((pair) => pair.trim() !== "");
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at <= 0) throw new Error("OTEL_EXPORTER_OTLP_HEADERS must be name=value pairs, separated by commas.");
      return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())];
    }),
  );
}
