import { isIP } from "node:net";
import { readAddress, readForwarded, readHost } from "./address.ts";
import { unescapeTarget, unescapeText } from "./escapes.ts";
import { isBad, NOT_A_REQUEST, type AccessRecord, type BadLine, type LogFormat } from "./record.ts";
import { readTime } from "../read/time.ts";

/**
 * The family that began with the Common Log Format (httpd documentation, mod_log_config): common, combined, with a virtual host
 * in front, with anything behind. What all of them share is read: who, when in brackets, the request in quotes, status and
 * bytes, and the first two quoted fields after them.
 */
export const combined: LogFormat = {
  name: "combined",
  title: "combined or common log format, as Apache, nginx and many others write it",
  open: () => {
    let hadAgents = false;
    return (line, unended = false) => {
      const { record, hasAgent } = readCombined(line, Date.now());
      if (unended && hadAgents && !hasAgent && record !== NOT_A_REQUEST && !isBad(record))
        return { reason: `no referrer and user agent, unlike the lines before ${CUT_OFF}` };
      hadAgents ||= hasAgent;
      return record;
    };
  },
};

/** In brackets, a date and a clock: servers can be told to write any time there. Addresses and users may stand in brackets too. */
const TIME = /\[([^[\]]{0,40}[/,-][^[\]]{0,40}\d{2}:\d{2}:\d{2}[^[\]]{0,40})\]/;
/** `\"` does not end a field, and neither does a quote amid a word: older servers write those of a user agent as they are. */
const QUOTED = String.raw`"((?:[^"\\]|\\.|"(?![\s,]|$))*)"`;
/** What some write before the request: how long it took, a host. */
const BEFORE_REQUEST = String.raw`(?:\([^)]*\)\s+|"?([^\s"]{1,253})"?\s+)?`;
const REQUEST_AND_STATUS = new RegExp(String.raw`^\s*${BEFORE_REQUEST}${QUOTED}\s+(\d{3}|-)(?:\s+(\d+|-))?(?=\s|$)`);
const QUOTED_PAIR = new RegExp(String.raw`(?:^|\s)${QUOTED}\s+${QUOTED}(?=\s|$)`);
const REQUEST = /^([A-Za-z][A-Za-z_-]{0,31}) +(\S.*?)(?: +(HTTP\/\d(?:\.\d)?))?$/;
const CUT_OFF = "(is the line cut off?)";

interface Read {
  readonly record: AccessRecord | BadLine | typeof NOT_A_REQUEST;
  /** Whether it has a pair of quoted fields for them: "-" is one. */
  readonly hasAgent: boolean;
}

function readCombined(line: string, now: number): Read {
  const without = (record: Read["record"]): Read => ({ record, hasAgent: false });
  if (line.startsWith("#")) return without(NOT_A_REQUEST);
  const time = TIME.exec(line);
  if (!time) return without({ reason: `no time in brackets like [17/May/2015:10:05:03 +0000] ${CUT_OFF}` });
  const moment = readTime(time[1] ?? "", now);
  if (moment === undefined) return without({ reason: `"${time[1]}" is not a time like 17/May/2015:10:05:03 +0000` });
  const who = readWho(line.slice(0, time.index));
  if ("reason" in who) return without(who);

  const rest = line.slice(time.index + time[0].length);
  const answer = REQUEST_AND_STATUS.exec(rest);
  if (!answer) return without({ reason: `no "request", status and bytes after the time ${CUT_OFF}` });
  const [all, before, request = "", status, bytes] = answer;
  const tail = rest.slice(all.length);
  const pair = QUOTED_PAIR.exec(tail);
  if (!pair && tail.includes('"') && /^\s*"/.test(tail))
    return without({ reason: `no quoted referrer and user agent ${CUT_OFF}` });
  const record = {
    address: who.address,
    host: who.host ?? hostName(before),
    time: moment,
    ...readRequest(request),
    status: readStatus(status),
    bytes: bytes === undefined || bytes === "-" ? undefined : Number(bytes),
    referrer: readText(pair?.[1]),
    userAgent: readText(pair?.[2]),
  };
  return { record, hasAgent: pair !== null };
}

/** `GET /path HTTP/1.1`; anything else was no request that HTTP knows, and is kept as it was logged. */
export function readRequest(text: string): Pick<AccessRecord, "method" | "target" | "protocol"> {
  const parts = REQUEST.exec(text.trim());
  if (!parts) return { method: undefined, target: text, protocol: undefined };
  return { method: parts[1], target: unescapeTarget(parts[2] ?? ""), protocol: parts[3] ?? "HTTP/0.9" };
}

/** Undefined for "-", and for the 000 that nginx and others write where there was no answer. */
export function readStatus(text: string | undefined): number | undefined {
  const status = Number(text);
  return status >= 100 && status <= 999 ? status : undefined;
}

/** A field where "-" and nothing stand for unknown. */
export function readText(text: string | undefined): string | undefined {
  return text === undefined || text === "-" || text === "" ? undefined : unescapeText(text);
}

/**
 * What stands before the time: `[host[:port]] address[, address…] [ident or host] [user]`. A user may hold blanks and quotes, so only
 * the beginning is read.
 */
function readWho(text: string): Pick<AccessRecord, "address" | "host"> | BadLine {
  // A server that went down while it wrote leaves NUL bytes where the next line begins. Some quote a field that is a list.
  const fields = text
    .replace(/^[\0\s]+/, "")
    .replaceAll('"', "")
    .replaceAll(/;(?=\s)/g, ",")
    .split(/\s+/);
  const [first = "", second = ""] = fields;
  if (first === "") return { reason: `no address before the time ${CUT_OFF}` };
  const secondIsWho = readForwarded(second) !== undefined;
  const hostFirst =
    !first.endsWith(",") &&
    (readAddress(first) === undefined || (secondIsWho && /:\d+$/.test(first) && !isIP(first))) &&
    (secondIsWho || (fields.length > 4 && /:\d+$/.test(first) && second !== "-"));
  const list = hostFirst ? fields.slice(1) : fields;
  const end = list.findIndex((field) => !field.endsWith(","));
  const addresses = list.slice(0, end + 1).join(" ");
  const address = readForwarded(addresses) ?? (readHost(addresses) === undefined ? undefined : addresses);
  if (address === undefined && !/^(?:-|unknown|unix:.*)$/.test(addresses))
    return { reason: `"${addresses.slice(0, 60)}" is neither an address nor a host name` };
  // In place of ident, which nobody has, some log the host (lighttpd, OVH).
  return { address, host: hostFirst ? readHost(first) : hostName(list[end + 1]) };
}

/** A host that stands where something else might: it has a dot, and is neither an address (it would be a visitor's) nor a number. */
function hostName(field: string | undefined): string | undefined {
  const host = field?.includes(".") && !/^[\d.]+$/.test(field) ? readHost(field) : undefined;
  return host === undefined || readAddress(host) !== undefined ? undefined : host;
}
