import { expect, test } from "vitest";
import { isPageView } from "./apache-event.ts";
import { isBad, parseLogLine, type LogLine } from "./apache-line.ts";

const LINE =
  '198.18.0.1 - frank [10/Oct/2025:13:55:36 -0700] "GET /a/b?x=1 HTTP/1.1" 200 2326 "https://example.org/start" "Mozilla/5.0 (X11)"';

function good(line: string): LogLine {
  const parsed = parseLogLine(line);
  if (isBad(parsed)) throw new Error(parsed.reason);
  return parsed;
}

test("every field of a combined line, the time in UTC", () => {
  expect(good(LINE)).toEqual({
    address: "198.18.0.1",
    time: Date.UTC(2025, 9, 10, 20, 55, 36),
    method: "GET",
    target: "/a/b?x=1",
    protocol: "HTTP/1.1",
    status: 200,
    bytes: 2326,
    referrer: "https://example.org/start",
    userAgent: "Mozilla/5.0 (X11)",
  });
});

test("a dash means unknown, not a value", () => {
  const line = good('198.18.0.1 - - [10/Oct/2025:13:55:36 +0000] "HEAD / HTTP/1.0" 304 - "-" "-"');
  expect([line.bytes, line.referrer, line.userAgent]).toEqual([undefined, undefined, undefined]);
});

test("an escaped quote does not end a field", () => {
  expect(good(LINE.replace("Mozilla/5.0 (X11)", String.raw`say \"hi\" bot`)).userAgent).toBe('say "hi" bot');
});

test.each([
  ["cut off", LINE.slice(0, -20), "cut off"],
  ["a month that is none", LINE.replace("Oct", "Okt"), "is not a time"],
  ["no request", LINE.replace("GET /a/b?x=1 HTTP/1.1", "\\x16\\x03"), "is not a request line"],
  ["empty", "", "not combined log format"],
])("a bad line is named as such: %s", (_name, line, reason) => {
  const parsed = parseLogLine(line);
  expect(isBad(parsed) ? parsed.reason : "parsed").toContain(reason);
});

test.each([
  [true, "GET", "/", 200],
  [true, "GET", "/blog/2015.html?page=2", 304],
  [true, "GET", "/v1.2/guide", 200],
  [false, "GET", "/logo.PNG?v=3", 200],
  [false, "GET", "/favicon.ico", 200],
  [false, "GET", "/missing", 404],
  [false, "GET", "/moved", 301],
  [false, "HEAD", "/", 200],
  [false, "POST", "/form", 200],
])("page request: %s for %s %s %d", (expected, method, target, status) => {
  expect(isPageView({ ...good(LINE), method, target, status })).toBe(expected);
});
