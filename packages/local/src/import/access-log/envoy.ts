import { readForwarded, readHost } from "./address.ts";
import { readRequest, readStatus, readText } from "./combined.ts";
import type { AccessRecord, BadLine, LogFormat } from "./record.ts";
import { readTime } from "../read/time.ts";

/**
 * [start] "request" status flags … received sent duration upstream "forwarded" "agent" "id" "authority" … (Envoy's documentation,
 * "Access logging", default format string). Istio puts details of failures between the flags and the counts.
 */
const LINE =
  /^\[(\d{4}-\d\d-\d\dT[^\]]+)\] "([^"]*)" (\d{3}) .{1,2000}? \d+ (\d+) \d+ (?:\d+|-) "([^"]*)" "([^"]*)" "[^"]*" "([^"]*)"/;

/** Envoy's text log. Who asked is what the proxy before it forwarded. */
export const envoy: LogFormat = {
  name: "envoy",
  title: "Envoy's and Istio's default text log",
  open:
    () =>
    (line): AccessRecord | BadLine => {
      const [, stamp, request = "", status, bytes, forwarded = "", agent, authority] = LINE.exec(line) ?? [];
      if (stamp === undefined) return { reason: "not a line of Envoy's default log (is it cut off?)" };
      const time = readTime(stamp, Date.now());
      if (time === undefined) return { reason: `"${stamp}" is not a time` };
      return {
        address: readForwarded(forwarded),
        time,
        ...readRequest(request),
        status: readStatus(status),
        bytes: Number(bytes),
        referrer: undefined,
        userAgent: readText(agent),
        host: readHost(authority),
      };
    },
};
