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
  ["nothing", LINE],
])("a line in %s is the server's own", (_name, wrapped) => {
  expect(unwrap(wrapped)).toBe(LINE);
});

test("lines that only look wrapped stay as they are", () => {
  for (const line of [
    '{"log":7}',
    '{"log":',
    "shop.example.com:443 198.51.100.7 - - [x]",
    "2025-10-10T13:55:36Z shop 1",
  ])
    expect(unwrap(line)).toBe(line);
});
