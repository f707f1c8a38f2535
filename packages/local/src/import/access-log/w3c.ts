import type { JsonObject } from "@millrace/core";
import { readForwarded, readHost } from "./address.ts";
import { readStatus } from "./combined.ts";
import { unescapeTarget } from "./escapes.ts";
import { NOT_A_REQUEST, type AccessRecord, type BadLine, type LineReader, type LogFormat } from "./record.ts";
import { readTime, readUnix } from "../read/time.ts";

/**
 * W3C's extended log file format (working draft WD-logfile-960323): IIS, CloudFront's standard logs and others. `#Fields:` names
 * the columns, and may come again in the middle of a file with others. CloudFront parts them by tabs and percent-encodes
 * values; IIS parts them by blanks and writes a blank as `+`.
 */
export const w3c: LogFormat = {
  name: "w3c",
  title: "W3C extended format (IIS, CloudFront standard logs)",
  open: () => {
    let fields: readonly string[] | undefined;
    /** For files whose lines have the time only. */
    let date: string | undefined;
    return (line, unended = false) => {
      if (line.startsWith("#")) {
        date = /^#Date:\s*(\S+)/i.exec(line)?.[1] ?? date;
        if (/^#Fields:/i.test(line))
          fields = line
            .slice(8)
            .trim()
            .split(/\s+/)
            .map((name) => name.toLowerCase());
        return NOT_A_REQUEST;
      }
      return fields === undefined
        ? { reason: "no #Fields: line says what the columns are" }
        : readColumns(line, fields, unended, Date.now(), date);
    };
  },
};

/** The columns of CloudFront's real-time logs when all are chosen, in CloudFront's order (Amazon CloudFront Developer Guide). */
const REAL_TIME_FIELDS =
  "timestamp c-ip s-ip time-to-first-byte sc-status sc-bytes cs-method cs-protocol cs-host cs-uri-stem cs-bytes x-edge-location " +
  "x-edge-request-id x-host-header time-taken cs-protocol-version c-ip-version cs-user-agent cs-referer cs-cookie cs-uri-query";

/**
 * CloudFront's real-time logs: tabs, no header. Which columns there are is a choice of whoever set the log up.
 * @param columns their names in order. Default: all there are
 */
export function cloudFrontRealTime(columns: string = REAL_TIME_FIELDS): LogFormat {
  const fields = columns
    .trim()
    .toLowerCase()
    .split(/[\s,]+/);
  return {
    name: "cloudfront-realtime",
    title: "CloudFront real-time logs",
    open:
      (): LineReader =>
      (line, unended = false) =>
        /^\d{9,10}(?:\.\d+)?\t/.test(line) || fields[0] !== "timestamp"
          ? readColumns(line, fields, unended, Date.now())
          : { reason: "the first column is no time in seconds" },
  };
}

/** A text in quotes may hold blanks, and `""` for a quote (section "Entries" of the draft). */
const CELL = /"((?:[^"]|"")*)"(?=\s|$)|\S+/g;

function cellsOf(line: string): string[] {
  return Array.from(line.matchAll(CELL), ([whole, quoted]) => quoted?.replaceAll('""', '"') ?? whole);
}

/** One object of names and texts, as CloudFront writes its standard logs where JSON was chosen. */
export function readW3cObject(value: JsonObject, now: number): AccessRecord | BadLine {
  const names = Object.keys(value);
  const cells = Object.values(value).map((cell) => (typeof cell === "object" ? "" : String(cell)));
  return readCells(
    cells,
    names.map((name) => name.toLowerCase()),
    percentDecoded,
    now,
  );
}

function readColumns(
  line: string,
  fields: readonly string[],
  unended: boolean,
  now: number,
  day?: string,
): AccessRecord | BadLine {
  const tabs = line.includes("\t");
  const cells = tabs ? line.split("\t") : cellsOf(line);
  if (cells.length < (unended ? fields.length : Math.min(fields.length, 4)))
    return { reason: `${cells.length} columns where #Fields names ${fields.length} (is the line cut off?)` };
  return readCells(cells, fields, tabs ? percentDecoded : (text) => text.replaceAll("+", " "), now, day);
}

function readCells(
  cells: readonly string[],
  fields: readonly string[],
  decode: (text: string) => string,
  now: number,
  day?: string,
): AccessRecord | BadLine {
  const cell = (...names: readonly string[]): string | undefined => {
    for (const name of names) {
      const value = cells[fields.indexOf(name)];
      if (fields.includes(name) && value !== undefined && value !== "-" && value !== "") return value;
    }
    return undefined;
  };
  const decoded = (value: string | undefined) => (value === undefined ? undefined : decode(value));

  const stamp = cell("timestamp", "timestamp(ms)");
  const time =
    stamp === undefined
      ? readTime(`${cell("date") ?? day ?? ""} ${cell("time") ?? ""}`.trim(), now)
      : (readUnix(Number(stamp), now) ?? readTime(stamp, now));
  if (time === undefined) return { reason: `"${stamp ?? `${cell("date")} ${cell("time")}`}" is not a time` };
  const method = cell("cs-method");
  const stem = cell("cs-uri-stem", "cs-uri");
  if (method === undefined || stem === undefined) return { reason: "no method or no path (is the line cut off?)" };
  const query = cell("cs-uri-query");
  const bytes = Number(cell("sc-bytes") ?? Number.NaN);
  const peer = cell("c-ip");
  const target = query === undefined || stem.includes("?") ? stem : `${stem}?${query}`;
  return {
    address: readForwarded(decoded(cell("x-forwarded-for")) ?? "") ?? readForwarded(peer ?? "") ?? peer,
    time,
    method,
    // CloudFront writes the % of what the viewer had encoded as %25.
    target: unescapeTarget(decode === percentDecoded ? target.replace(/%25(?=[0-9A-Fa-f]{2})/g, "%") : target),
    protocol: cell("cs-protocol-version", "cs-version"),
    status: readStatus(cell("sc-status")),
    bytes: Number.isFinite(bytes) ? bytes : undefined,
    referrer: decoded(cell("cs(referer)", "cs-referer")),
    userAgent: decoded(cell("cs(user-agent)", "cs-user-agent")),
    host: readHost(cell("x-host-header", "cs-host", "cs(host)")),
  };
}

/**
 * CloudFront encodes twice what the viewer had encoded once, so one pass gives the header back. Until 2019 it also encoded blanks
 * twice; a header with escapes and no blank is such a one.
 */
function percentDecoded(text: string): string {
  try {
    const once = decodeURIComponent(text);
    return once.includes("%20") && !once.includes(" ") ? decodeURIComponent(once) : once;
  } catch {
    return text;
  }
}
