import { expect, test } from "vitest";
import { unwrap } from "./wrapping.ts";

const LINE = '198.51.100.7 - - [10/Oct/2025:13:55:36 +0000] "GET /p HTTP/1.1" 200 512 "-" "x | y"';

test.each([
  ["syslog", `Oct 10 13:55:36 web1 nginx: ${LINE}`],
  ["syslog with a priority and a process", `<190>Oct  1 13:55:36 web1.example httpd[4711]: ${LINE}`],
  ["syslog of RFC 5424", `<190>1 2025-10-10T13:55:36.1Z web1 nginx 4711 - - ${LINE}`],
  ["the same with structured data", `<190>1 2025-10-10T13:55:36.1Z web1 nginx - - [a@1 x="y z"] ${LINE}`],
  ["a container runtime", `2025-10-10T13:55:36.123456789Z stdout F ${LINE}`],
  ["docker compose", `web-1  | ${LINE}`],
  ["Docker's own file", JSON.stringify({ log: `${LINE}\n`, stream: "stdout", time: "2025-10-10T13:55:36.1Z" })],
  ["one in the other", JSON.stringify({ log: `web-1 | ${LINE}\n` })],
  ["journald, times as ISO 8601", `2025-10-10T13:55:36+0200 web1 nginx[12]: ${LINE}`],
  ["rsyslog", `<134>2025-10-10T13:55:36.123456+02:00 cache-7 httpd: ${LINE}`],
  ["Heroku", `2025-10-10T13:55:36.123456+00:00 app[web.1]: ${LINE}`],
  ["kubectl", `[pod/web-7d/nginx] 2025-10-10T13:55:36.1Z stdout F ${LINE}`],
  ["Filebeat", JSON.stringify({ "@timestamp": "2025-10-10T13:55:40Z", message: LINE, host: { name: "web1" } })],
  ["Fluent Bit", JSON.stringify({ date: 1_760_104_536.1, kubernetes: {}, log: `${LINE}\n` })],
  ["journald as JSON", JSON.stringify({ __REALTIME_TIMESTAMP: "1", MESSAGE: LINE })],
  ["GELF", JSON.stringify({ version: "1.1", host: "web1", short_message: LINE })],
  ["colours", `\u{1B}[32m${LINE}\u{1B}[0m`],
  ["nothing", LINE],
])("a line in %s is the server's own", (_name, wrapped) => {
  expect(unwrap(wrapped)).toBe(LINE);
});

test("Caddy's console form is its JSON form, with the time that stands before it", () => {
  const line = '2025/10/10 13:55:36.123\tINFO\thttp.log.access\thandled request\t{"request": {"uri": "/p"}}';
  expect(JSON.parse(unwrap(line))).toEqual({ ts: "2025/10/10 13:55:36.123", request: { uri: "/p" } });
});

test("JSON after a runtime's time is JSON", () => {
  expect(unwrap('2025-10-10T13:55:36.1Z {"ts":1}')).toBe('{"ts":1}');
});

test("lines that only look wrapped stay as they are", () => {
  for (const line of [
    '{"log":7}',
    "198.51.100.7 | 2025-10-10T13:55:36Z | GET /p",
    "shop.example.com | 198.51.100.7 | GET /p",
    '{"log":',
    "shop.example.com:443 198.51.100.7 - - [x]",
    "2025-10-10T13:55:36Z shop 1",
    "2025-10-10T13:55:36.000000Z shop 198.51.100.7:50123 10.0.0.1:80 0.1",
    '{"message":"handled request","request":{"uri":"/p"}}',
  ])
    expect(unwrap(line)).toBe(line);
});
