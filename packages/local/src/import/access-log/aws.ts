import { readAddress, readHost } from "./address.ts";
import { readRequest, readStatus, readText } from "./combined.ts";
import type { AccessRecord, BadLine, LogFormat } from "./record.ts";
import { readTime } from "../read/time.ts";

/** A line of blank-separated fields, of which some are in quotes or brackets. */
const FIELD = /"((?:[^"\\]|\\.)*)"|\[([^\]]*)\](?=\s|$)|(\S+)/g;

/** Ends within quotes. */
function isOpen(line: string): boolean {
  return Array.from(line.matchAll(/\\.|"/g), ([mark]) => mark).filter((mark) => mark === '"').length % 2 === 1;
}

function fieldsOf(line: string): string[] {
  return Array.from(line.matchAll(FIELD), ([, quoted, bracketed, bare]) => quoted ?? bracketed ?? bare ?? "");
}

interface Columns {
  readonly time: number;
  readonly address: number;
  readonly status: number;
  readonly bytes: number;
  readonly request: number;
  readonly userAgent: number;
  readonly referrer?: number;
  readonly host?: number;
}

function positional(name: string, title: string, looksLike: RegExp, columns: Columns): LogFormat {
  const read = (line: string, now: number): AccessRecord | BadLine => {
    if (!looksLike.test(line) || isOpen(line)) return { reason: `not a line of ${title} (is it cut off?)` };
    const fields = fieldsOf(line);
    const at = (index: number | undefined) => (index === undefined ? undefined : fields[index]);
    const time = readTime(at(columns.time) ?? "", now);
    if (time === undefined) return { reason: `"${at(columns.time)}" is not a time` };
    const request = at(columns.request);
    if (request === undefined) return { reason: "no request (is the line cut off?)" };
    const parsed = readRequest(request.replace(/ -$/, "").trim());
    const address = at(columns.address) ?? "";
    const bytes = Number(at(columns.bytes));
    return {
      address: readAddress(address) ?? (address === "-" || address === "" ? undefined : address),
      time,
      ...parsed,
      status: readStatus(at(columns.status)),
      bytes: Number.isFinite(bytes) ? bytes : undefined,
      referrer: readText(at(columns.referrer)),
      userAgent: readText(at(columns.userAgent)),
      host: readHost(at(columns.host)) ?? hostOf(parsed.target),
    };
  };
  return { name, title, open: () => (line) => read(line, Date.now()) };
}

/** A balancer logs whole addresses, with the port even where it is the usual one. */
function hostOf(target: string): string | undefined {
  const url = /^https?:\/\//.test(target) ? URL.parse(target) : null;
  return url?.hostname ? readHost(url.host) : undefined;
}

const ISO = String.raw`\d{4}-\d{2}-\d{2}T\S+`;

/** Application Load Balancer access logs (AWS, "Access log entries"). The first column is the kind of connection. */
export const alb = positional(
  "alb",
  "Application Load Balancer logs",
  new RegExp(`^(?:https?|h2|grpcs|wss?) ${ISO} `),
  {
    time: 1,
    address: 3,
    status: 8,
    bytes: 11,
    request: 12,
    userAgent: 13,
    host: 18,
  },
);

/** Classic Load Balancer access logs (AWS, "Access logs for your Classic Load Balancer"). */
export const elb = positional("elb", "Classic Load Balancer logs", new RegExp(`^${ISO} \\S+ \\S+:\\d+ `), {
  time: 0,
  address: 2,
  status: 7,
  bytes: 10,
  request: 11,
  userAgent: 12,
});

/** S3 server access logs (AWS, "Amazon S3 server access log format"). */
export const s3 = positional("s3", "S3 server access logs", /^[0-9a-f]{64} \S+ \[[^\]]+\] /, {
  time: 2,
  address: 3,
  status: 9,
  bytes: 11,
  request: 8,
  referrer: 15,
  userAgent: 16,
  host: 22,
});
