import { isObject } from "@millrace/core";

const ISO = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d\S*`;

/**
 * What log shippers put before a line: syslog (RFC 3164 and 5424, and the times of journald and Heroku), container runtimes (CRI,
 * `kubectl logs --prefix --timestamps`, `docker compose logs`). Taken off, because its first word would be taken for the visitor's address.
 */
const PREFIXES: readonly RegExp[] = [
  /^(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ [^\s:[]+(?:\[\d+\])?: /,
  /^<\d{1,3}>1 \S+ \S+ \S+ \S+ \S+ (?:-|(?:\[[^\]]*\])+) (?:\uFEFF)?/,
  new RegExp(String.raw`^${ISO} std(?:out|err) [FP] `),
  new RegExp(String.raw`^(?:<\d{1,3}>)?${ISO} (?:\S+ )?[^\s:[]+(?:\[[^\]]*\])?: `),
  new RegExp(String.raw`^${ISO} (?=\{)`),
  // No dot: a host or an address before a bar is a field of somebody's own format.
  /^[A-Za-z][\w-]* +\| /,
  /^\[pod\/[\w./-]+\] /,
];

/** Colours of a terminal. */
// oxlint-disable-next-line no-control-regex
const COLOURS = /\u001B\[[\d;]*m/g;

/** Where shippers that write JSON keep the line: Docker, Kubernetes, Filebeat, journald, GELF, Google's logging, Loki. */
const LINE_NAMES = ["log", "message", "MESSAGE", "short_message", "textPayload", "line"] as const;
const HAS_LINE = new RegExp(String.raw`"(?:${LINE_NAMES.join("|")})"\s*:\s*"`);
/** A text that is a line of an access log, as opposed to words beside one. */
const IS_LINE = /^\s*\{|\[\d{1,2}\/[A-Za-z]{3}\/\d{4}:\d\d:/;

/** Caddy's console form: time, level, logger, message, and the rest as JSON, parted by tabs. */
const CADDY_CONSOLE = /^(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d+)?)\t[A-Z]+\t[^\t]*\t[^\t]*\t\{/;

/** Of a shipper in a runtime in a file; more is no log's. */
const MOST_LAYERS = 4;

/** The server's own line, without what carried it. */
export function unwrap(line: string): string {
  let plain = line.includes("\u001B[") ? line.replaceAll(COLOURS, "") : line;
  for (let layer = 0; layer < MOST_LAYERS; layer++) {
    const inner = plain.startsWith("{") && HAS_LINE.test(plain) ? lineIn(plain) : withoutPrefix(plain);
    if (inner === undefined) break;
    plain = inner;
  }
  return plain.replace(CADDY_CONSOLE, (_, time: string) => `{"ts":"${time}",`);
}

function withoutPrefix(line: string): string | undefined {
  for (const prefix of PREFIXES) {
    const [found] = prefix.exec(line) ?? [];
    if (found !== undefined) return line.slice(found.length);
  }
  return undefined;
}

function lineIn(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return undefined;
    return LINE_NAMES.map((name) => value[name])
      .find((found): found is string => typeof found === "string" && IS_LINE.test(found))
      ?.trimEnd();
  } catch {
    return undefined;
  }
}
