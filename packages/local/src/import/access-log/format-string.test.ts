import { expect, test } from "vitest";
import { formatNamed } from "./detect.ts";
import { isBad, NOT_A_REQUEST, type AccessRecord } from "./record.ts";

const AGENT = "Mozilla/5.0 (X11; Linux x86_64) Chrome/122.0";
const TIME = "2025-10-10T13:55:36.000Z";
const COMMON = { address: "198.51.100.7", method: "GET", target: "/p?q=1", status: 200 };

function read(format: string, line: string): AccessRecord {
  const record = formatNamed(format).open()(line);
  if (record === NOT_A_REQUEST || isBad(record)) throw new Error(record === NOT_A_REQUEST ? "none" : record.reason);
  return record;
}

test.each([
  [
    "Apache",
    String.raw`%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\" %D`,
    `shop.example.com:443 198.51.100.7 - - [10/Oct/2025:13:55:36 +0000] "GET /p?q=1 HTTP/1.1" 200 512 "-" "${AGENT}" 1234`,
  ],
  [
    "nginx",
    "$remote_addr|$time_iso8601|$request_method|$request_uri|$status|$body_bytes_sent|$http_user_agent|$host",
    `198.51.100.7|2025-10-10T13:55:36+00:00|GET|/p?q=1|200|512|${AGENT}|shop.example.com`,
  ],
  [
    "nginx behind a proxy",
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" "$http_x_forwarded_for" $host',
    `10.0.0.1 - - [10/Oct/2025:13:55:36 +0000] "GET /p?q=1 HTTP/1.1" 200 512 "-" "${AGENT}" "198.51.100.7, 10.0.0.9" shop.example.com`,
  ],
  [
    "GoAccess",
    '%v %h %^[%d:%t %^] "%r" %s %b "%R" "%u"',
    `shop.example.com 198.51.100.7 - - [10/Oct/2025:13:55:36 +0000] "GET /p?q=1 HTTP/1.1" 200 512 "-" "${AGENT}"`,
  ],
  [
    "Apache, the whole directive",
    String.raw`LogFormat "%v %h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\"" vhosts`,
    `shop.example.com 198.51.100.7 - alice smith [10/Oct/2025:13:55:36 +0000] "GET /p?q=1 HTTP/1.1" 200 512 "-" "${AGENT}"`,
  ],
  [
    "nginx, the whole directive in pieces",
    `log_format main escape=default '$remote_addr - $remote_user [$time_local] "$request" '
                    '$status $body_bytes_sent "$http_user_agent" $host';`,
    `198.51.100.7 - - [10/Oct/2025:13:55:36 +0000] "GET /p?q=1 HTTP/1.1" 200 512 "${AGENT}" shop.example.com`,
  ],
  [
    "GoAccess, forwarded addresses and a zone",
    '~h{, } %v %^[%d:%t %^] "%r" %s %b "%R" "%u"',
    `198.51.100.7, 10.0.0.1 shop.example.com - - [10/Oct/2025:15:55:36 +0200] "GET /p?q=1 HTTP/1.1" 200 512 "-" "${AGENT}"`,
  ],
])("a format string of %s", (_name, format, line) => {
  const record = read(format, line);
  expect(record).toMatchObject({ ...COMMON, bytes: 512, userAgent: AGENT, host: "shop.example.com" });
  expect(new Date(record.time).toISOString()).toBe(TIME);
});

test.each([
  ['%{%Y-%m-%d %H:%M:%S}t %h "%r" %>s', '2025-10-10 13:55:36 198.51.100.7 "GET /p?q=1 HTTP/1.1" 200'],
  ['[%{%d/%b/%Y:%T %z}t] %h "%r" %>s', '[10/Oct/2025:15:55:36 +0200] 198.51.100.7 "GET /p?q=1 HTTP/1.1" 200'],
  [
    '[%{begin:%F}t %{%T}t.%{msec_frac}t %{%z}t] %a "%r" %>s %X',
    '[2025-10-10 13:55:36.000 +0000] 198.51.100.7 "GET /p?q=1 HTTP/1.1" 200 +',
  ],
  ['%{usec}t %a "%r" %>s %X', '1760104536000000 198.51.100.7 "GET /p?q=1 HTTP/1.1" 200 X'],
  ['%{sec}t %{c}a %a "%r" %>s', '1760104536 10.0.0.1 198.51.100.7 "GET /p?q=1 HTTP/1.1" 200'],
  [
    '%h %t "%r" %>s "%400,501{User-agent}i" %{ms}T',
    '198.51.100.7 [10/Oct/2025:13:55:36 +0000] "GET /p?q=1 HTTP/1.1" 200 "-" 12',
  ],
  ["%h %t %m %U%q %H %>s", "198.51.100.7 [10/Oct/2025:13:55:36 +0000] GET /p?q=1 HTTP/1.1 200"],
  [
    String.raw`$time_iso8601\t$remote_addr\t$request_method\t$scheme://$host$request_uri\t$status`,
    "2025-10-10T15:55:36+02:00\t198.51.100.7\tGET\thttps://shop.example.com/p?q=1\t200",
  ],
  [
    '$remote_addr [$time_local] $upstream_addr $upstream_response_time "$request" $status',
    '198.51.100.7 [10/Oct/2025:13:55:36 +0000] 10.0.0.1:80, 10.0.0.2:80 : 10.0.0.3:80 0.1, 0.2 : - "GET /p?q=1 HTTP/1.1" 200',
  ],
])("what a server can be told to write: %s", (format, line) => {
  const record = read(format, line);
  expect(record).toMatchObject(COMMON);
  expect(new Date(record.time).toISOString()).toBe(TIME);
});

test("a path ends where its query begins, whatever is escaped in it", () => {
  const line = "198.51.100.7 [10/Oct/2025:13:55:36 +0000] GET /caf%C3%A9?q=%26 200";
  expect(read("%h %t %m %U%q %s", line).target).toBe("/caf%C3%A9?q=%26");
});

test.each(["COMBINED", "VCOMBINED", "common", "AWSALB", "awss3", "Istio"])("%s is a name of a format", (name) => {
  expect(() => formatNamed(name)).not.toThrow();
});

test.each([
  ["weblogic", "is no format"],
  ["%h %r", "names no time"],
  ["%h %t", "names no request"],
])("a format that cannot be: %s", (format, reason) => {
  expect(() => formatNamed(format)).toThrow(reason);
});
