import { readAddress } from "./address.ts";
import { readRequest, readStatus } from "./combined.ts";
import type { AccessRecord, BadLine, LogFormat } from "./record.ts";
import { readTime } from "../read/time.ts";

/** client:port [accept date] frontend backend/server timers status bytes … "request" (HAProxy's manual, "HTTP log format"). */
const LINE =
  /^(\S+) \[(\d\d\/[A-Za-z]{3}\/\d{4}:\d\d:\d\d:\d\d(?:\.\d+)?)\] \S+ \S+\/\S+ [-\d+]+(?:\/[-\d+]+){3,4} (\d{3}|-1) \+?(\d+) .*?"([^"]*)"/;

/** HAProxy's HTTP log. It names neither host, referrer nor agent; its times are the machine's own, which is taken for UTC. */
export const haproxy: LogFormat = {
  name: "haproxy",
  title: "HAProxy's HTTP log",
  open:
    () =>
    (line): AccessRecord | BadLine => {
      const [, client = "", date = "", status, bytes, request = ""] = LINE.exec(line) ?? [];
      if (client === "") return { reason: "not a line of HAProxy's HTTP log (is it cut off?)" };
      const time = readTime(date, Date.now());
      if (time === undefined) return { reason: `"${date}" is not a time` };
      return {
        // Always with a port, IPv6 without brackets: `2001:db8::1:443` is the address 2001:db8::1.
        address: readAddress(client.replace(/:\d+$/, "")) ?? client,
        time,
        ...readRequest(request),
        status: readStatus(status),
        bytes: Number(bytes),
        referrer: undefined,
        userAgent: undefined,
        host: undefined,
      };
    },
};
