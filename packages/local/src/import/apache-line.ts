/** One line of Apache's combined log format (httpd documentation, mod_log_config): what the import uses of it. */
export interface LogLine {
  readonly address: string;
  /** Milliseconds UTC. */
  readonly time: number;
  readonly method: string;
  /** Request target as logged: path and query. */
  readonly target: string;
  readonly protocol: string;
  readonly status: number;
  /** Undefined where the log says "-". */
  readonly bytes: number | undefined;
  readonly referrer: string | undefined;
  readonly userAgent: string | undefined;
}

/** A line that is no such line, and why, in words a person can act on. */
export interface BadLine {
  readonly reason: string;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
// Quoted fields hold escaped quotes (\") since httpd 2.0.46, so a quote ends a field only when no backslash is before it.
const QUOTED = String.raw`"((?:[^"\\]|\\.)*)"`;
const LINE = new RegExp(String.raw`^(\S+) \S+ \S+ \[([^\]]+)\] ${QUOTED} (\d{3}) (\d+|-) ${QUOTED} ${QUOTED}\s*$`);
const TIME = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})$/;
const REQUEST = /^([A-Z]+) (\S+)(?: (HTTP\/\d(?:\.\d)?))?$/;

/** Reads one line of combined log format. */
export function parseLogLine(line: string): LogLine | BadLine {
  const match = LINE.exec(line);
  if (!match) return { reason: "not combined log format (is the line cut off?)" };
  const [, address = "", timeText = "", request = "", status = "", bytes = "", referrer = "", userAgent = ""] = match;
  const time = parseTime(timeText);
  if (time === undefined) return { reason: `"${timeText}" is not a time like 17/May/2015:10:05:03 +0000` };
  const parts = REQUEST.exec(unescaped(request));
  if (!parts) return { reason: `"${request.slice(0, 60)}" is not a request line` };
  return {
    address,
    time,
    method: parts[1] ?? "",
    target: parts[2] ?? "",
    protocol: parts[3] ?? "HTTP/0.9",
    status: Number(status),
    bytes: bytes === "-" ? undefined : Number(bytes),
    referrer: present(referrer),
    userAgent: present(userAgent),
  };
}

export function isBad(line: LogLine | BadLine): line is BadLine {
  return "reason" in line;
}

function parseTime(text: string): number | undefined {
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [, day, month = "", year, hour, minute, second, sign, zoneHours, zoneMinutes] = match;
  const monthIndex = MONTHS.indexOf(month);
  if (monthIndex < 0) return undefined;
  const local = Date.UTC(Number(year), monthIndex, Number(day), Number(hour), Number(minute), Number(second));
  const offset = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000;
  return sign === "-" ? local + offset : local - offset;
}

function present(text: string): string | undefined {
  return text === "-" || text === "" ? undefined : unescaped(text);
}

function unescaped(text: string): string {
  return text.replace(/\\(["\\])/g, "$1");
}
