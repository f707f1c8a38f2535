import { readAddress, readForwarded, readHost } from "./address.ts";
import { readRequest, readStatus, readText } from "./combined.ts";
import { unescapeTarget } from "./escapes.ts";
import type { AccessRecord, BadLine, LogFormat } from "./record.ts";
import { strftimePieces, strftimeTime, type TimePart } from "./strftime.ts";
import { readTime } from "../read/time.ts";

/** What a placeholder of a format string stands for. `skip`: something, of no interest. */
type Part =
  | "skip"
  /** Of no interest, and may be several with commas and colons between. */
  | "list"
  /** Of no interest, and may hold blanks. */
  | "user"
  | "address"
  | "peer"
  | "forwarded"
  | "time"
  | "date"
  | "clock"
  /** What GoAccess has no word for, behind its clock: a zone, most often. */
  | "afterClock"
  | TimePart
  | "request"
  | "method"
  | "target"
  | "query"
  | "protocol"
  | "status"
  | "bytes"
  | "referrer"
  | "userAgent"
  | "host"
  | "port"
  | "scheme";

/** nginx, ngx_http_log_module and ngx_http_core_module. */
const NGINX: Readonly<Record<string, Part>> = {
  remote_addr: "address",
  realip_remote_addr: "peer",
  remote_user: "user",
  upstream_addr: "list",
  upstream_status: "list",
  upstream_response_time: "list",
  upstream_connect_time: "list",
  upstream_header_time: "list",
  upstream_response_length: "list",
  upstream_cache_status: "list",
  http_x_forwarded_for: "forwarded",
  proxy_add_x_forwarded_for: "forwarded",
  time_local: "time",
  time_iso8601: "time",
  msec: "time",
  request: "request",
  request_method: "method",
  request_uri: "target",
  uri: "target",
  args: "query",
  query_string: "query",
  server_protocol: "protocol",
  status: "status",
  body_bytes_sent: "bytes",
  bytes_sent: "bytes",
  http_referer: "referrer",
  http_user_agent: "userAgent",
  host: "host",
  http_host: "host",
  server_name: "host",
  server_port: "port",
  scheme: "scheme",
};

/** Letters that Apache and GoAccess share. */
const SHARED_LETTERS: Readonly<Record<string, Part>> = {
  h: "address",
  r: "request",
  m: "method",
  U: "target",
  q: "query",
  H: "protocol",
  s: "status",
  b: "bytes",
  v: "host",
};

/** Apache httpd, mod_log_config. Of names in braces only these headers are read. */
const APACHE: Readonly<Record<string, Part>> = {
  ...SHARED_LETTERS,
  a: "address",
  u: "user",
  t: "time",
  B: "bytes",
  O: "bytes",
  V: "host",
  p: "port",
};
const APACHE_HEADERS: Readonly<Record<string, Part>> = {
  referer: "referrer",
  "user-agent": "userAgent",
  "x-forwarded-for": "forwarded",
  host: "host",
};

/** GoAccess, "Custom log/date format". Told from Apache's by `%^`, `%R`, `%d` or `%x`, which Apache has not. */
const GOACCESS: Readonly<Record<string, Part>> = {
  ...SHARED_LETTERS,
  x: "time",
  d: "date",
  t: "clock",
  R: "referrer",
  u: "userAgent",
};
const IS_GOACCESS = /%\^|%~|%R|%d|%x(?![a-z])/;

const TOKEN =
  /\$\{?([a-z_0-9]+)\}?|~h(?:\{[^}]*\})?|%[<>!0-9,]*(?:\{([^}]*)\})?[<>!0-9,]*(\^[a-zA-Z]{1,2}|[a-zA-Z]|\^|~|%)/g;

interface Piece {
  readonly part: Part;
  /** What it looks like, where the part alone does not say. */
  readonly pattern?: string;
}

/**
 * The format that a server was told to log in: Apache's `LogFormat`, nginx's `log_format` or GoAccess's `--log-format`, copied
 * from the configuration.
 * @throws RangeError when the string names no time or nothing that says what was asked for
 */
export function formatString(text: string): LogFormat {
  const { pattern, parts } = compile(fromConfiguration(text).replaceAll('\\"', '"').replaceAll("\\t", "\t"));
  const has = (...wanted: readonly Part[]) => wanted.some((part) => parts.includes(part));
  if (!has("time", "date", "year")) throw new RangeError("The format names no time (%t, $time_local, %d:%t).");
  if (!has("request", "target")) throw new RangeError("The format names no request (%r, $request, %m %U).");
  return {
    name: "format string",
    title: `the format ${text}`,
    open: () => (line) => read(line, pattern, parts, Date.now()),
  };
}

function read(line: string, pattern: RegExp, parts: readonly Part[], now: number): AccessRecord | BadLine {
  const match = pattern.exec(line);
  if (!match) return { reason: "not in the format given (is the line cut off?)" };
  const of = (part: Part): string | undefined => {
    const value = match[parts.indexOf(part) + 1];
    return !parts.includes(part) || value === undefined || value === "-" || value === "" ? undefined : value;
  };
  const [date, clock] = [of("date"), of("clock")];
  const stamp =
    of("time") ?? strftimeTime(of) ?? (date === undefined ? undefined : joined(date, clock, of("afterClock")));
  const time = stamp === undefined ? undefined : readTime(stamp, now);
  if (time === undefined) return { reason: `"${stamp ?? ""}" is not a time` };
  const line1 = of("request");
  const target = of("target");
  const query = of("query");
  if (line1 === undefined && target === undefined) return { reason: "no request" };
  const asked =
    line1 === undefined
      ? {
          method: of("method") ?? "GET",
          target: unescapeTarget(`${target}${query === undefined ? "" : query.startsWith("?") ? query : `?${query}`}`),
          protocol: of("protocol"),
        }
      : readRequest(line1);
  const [host, port, address] = [of("host"), of("port"), of("address") ?? of("peer")];
  return {
    address: readForwarded(of("forwarded") ?? "") ?? readForwarded(address ?? "") ?? address,
    time,
    ...asked,
    status: readStatus(of("status")),
    bytes: of("bytes") === undefined ? undefined : Number(of("bytes")),
    referrer: readText(of("referrer")),
    userAgent: readText(of("userAgent")),
    host: readHost(
      host !== undefined && port !== undefined && readAddress(host) === undefined ? `${host}:${port}` : host,
    ),
  };
}

/** GoAccess takes the date and the clock apart; Apache's style joins them by a colon, all others by a blank. */
function joined(date: string, clock: string | undefined, behind: string | undefined): string {
  if (clock === undefined) return date;
  const zone = /^[+-]\d\d:?\d\d$/.test(behind ?? "") ? ` ${behind}` : "";
  return `${date}${date.includes("/") ? ":" : " "}${clock}${zone}`;
}

/**
 * What stands between the quotes where somebody copied the whole directive: `LogFormat "…" name`, `log_format name '…' '…';`, or
 * nginx's pieces alone, which make one text.
 */
function fromConfiguration(text: string): string {
  const apache = /^\s*(?:LogFormat|CustomLog\s+\S+)\s+"((?:[^"\\]|\\.)*)"/i.exec(text);
  if (apache) return apache[1] ?? "";
  const pieces = /^\s*(?:log_format\s+\S+\s+(?:escape=\w+\s+)?)?(?=')/.exec(text);
  return pieces
    ? Array.from(text.slice(pieces[0].length).matchAll(/'((?:[^'\\]|\\.)*)'/g), ([, inner = ""]) => inner).join("")
    : text;
}

function compile(text: string): { pattern: RegExp; parts: Part[] } {
  const goAccess = IS_GOACCESS.test(text.replaceAll(/%\{[^}]*\}/g, ""));
  const parts: Part[] = [];
  let source = "^";
  let end = 0;
  const tokens = [...text.matchAll(TOKEN)];
  for (const [index, match] of tokens.entries()) {
    source += literal(text.slice(end, match.index));
    end = match.index + match[0].length;
    const adjacent = tokens[index + 1]?.index === end;
    for (const { part, pattern } of meaning(match, goAccess)) {
      parts.push(part === "skip" && parts.at(-1) === "clock" ? "afterClock" : part);
      source += pattern ?? patternOf(part, text[match.index - 1], text[end], adjacent);
    }
  }
  // What follows is no concern of ours: servers add fields at the end.
  return { pattern: new RegExp(`${source}${literal(text.slice(end).trimEnd())}`), parts };
}

function meaning([whole, nginx, argument, letter = ""]: RegExpExecArray, goAccess: boolean): readonly Piece[] {
  if (nginx !== undefined) return [{ part: NGINX[nginx] ?? "skip" }];
  if (whole.startsWith("~h")) return [{ part: "forwarded" }];
  if (whole === "%~") return [{ part: "skip", pattern: String.raw`(\s*)` }];
  if (whole === "%%") return [{ part: "skip", pattern: "(%)" }];
  if (goAccess) return [{ part: GOACCESS[letter] ?? "skip" }];
  if (letter === "t") return apacheTime(argument);
  if (argument === undefined || letter === "p") return [{ part: APACHE[letter] ?? "skip" }];
  if (letter === "a") return [{ part: argument === "c" ? "peer" : "address" }];
  return [{ part: letter === "i" ? (APACHE_HEADERS[argument.toLowerCase()] ?? "skip") : "skip" }];
}

/** `%t`, `%{sec}t`, `%{FORMAT}t`; the argument may say whether it is when the request began or ended. */
function apacheTime(argument: string | undefined): readonly Piece[] {
  if (argument === undefined) return [{ part: "time", pattern: String.raw`\[([^\]]*)\]` }];
  const [, when, format = ""] = /^(begin|end)?:?(.*)$/s.exec(argument) ?? [];
  if (when === "end") return [{ part: "skip" }];
  if (/^(?:sec|msec|usec)$/.test(format)) return [{ part: "time", pattern: String.raw`(\d+)` }];
  if (format === "msec_frac" || format === "usec_frac") return [{ part: "fraction", pattern: String.raw`(\d+)` }];
  return strftimePieces(format, literal);
}

/** Up to what the format has next: the closing quote, where escapes and quotes within a word do not end a field; else that character. */
function patternOf(part: Part, before: string | undefined, next: string | undefined, adjacent: boolean): string {
  if (part === "status") return String.raw`(\d{3}|-)`;
  if (part === "bytes") return String.raw`(\d+|-)`;
  // Nothing between it and the next: what it cannot hold ends it, as a path its query.
  if (adjacent) return part === "host" ? String.raw`([^\s/"]*)` : String.raw`([^\s?"]*)`;
  if (next === '"' && before === '"') return String.raw`((?:[^"\\]|\\.|"(?![\s,]|$))*)`;
  if (part === "forwarded" || part === "address") return String.raw`([^\s,]+(?:, ?[^\s,]+)*)`;
  if (part === "user") return "(.*?)";
  if (part === "list") return String.raw`([^\s,]*(?:(?:,| :) [^\s,]+)*)`;
  if (part === "time" && next !== "]") return String.raw`(\S+(?: [+-]\d{4})?)`;
  return next === undefined || /\s/.test(next) ? String.raw`(\S*)` : `([^${escaped(next)}]*)`;
}

/** Blanks of any number and kind match one another: people align their formats. */
function literal(text: string): string {
  return text.replace(/\s+|[^\s]/g, (piece) => (piece.trim() === "" ? String.raw`\s+` : escaped(piece)));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
