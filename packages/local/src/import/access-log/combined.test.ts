import { expect, test } from "vitest";
import { combined } from "./combined.ts";
import { isPageView } from "./event.ts";
import { isBad, NOT_A_REQUEST, type AccessRecord } from "./record.ts";

const LINE =
  '198.18.0.1 - frank [10/Oct/2025:13:55:36 -0700] "GET /a/b?x=1 HTTP/1.1" 200 2326 "https://example.org/start" "Mozilla/5.0 (X11)"';

function good(line: string): AccessRecord {
  const record = combined.open()(line);
  if (record === NOT_A_REQUEST || isBad(record))
    throw new Error(record === NOT_A_REQUEST ? "no request" : record.reason);
  return record;
}

function reasonOf(line: string): string {
  const record = combined.open()(line);
  return record !== NOT_A_REQUEST && isBad(record) ? record.reason : "good";
}

test("every field of a combined line, the time in UTC", () => {
  expect(good(LINE)).toEqual({
    address: "198.18.0.1",
    host: undefined,
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
  const line = good('198.18.0.1 - - [10/Oct/2025:13:55:36 +0000] "HEAD / HTTP/1.0" - - "-" "-"');
  expect([line.status, line.bytes, line.referrer, line.userAgent]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

const REST = '[10/Oct/2025:13:55:36 +0000] "GET /p HTTP/1.1" 200 5 "https://r.example/x" "Agent/1"';

test.each([
  ["the forwarded addresses behind it", `198.18.0.1 - - ${REST} "203.0.113.9"`],
  ["timings behind it", `198.18.0.1 - - ${REST} 0.102 rt="0.005" [upstream] 10.2.0.4:8080`],
  ["several blanks", `198.18.0.1  -   - ${REST}`],
  ["a tab between the fields", `198.18.0.1 -\t- ${REST}`],
  ["no name of the client's", `198.18.0.1 - ${REST}`],
  ["neither name", `198.18.0.1 ${REST}`],
  ["a user with blanks", `198.18.0.1 - alice b smith ${REST}`],
  ["a user in quotes", String.raw`198.18.0.1 - \"bob 17 \" ${REST}`],
  ["a user in brackets", `198.18.0.1 - [u] ${REST}`],
  ["NUL bytes before it", `\x00\x00198.18.0.1 - - ${REST}`],
  ["a port", `198.18.0.1:50123 - - ${REST}`],
  ["a list of addresses", `198.18.0.1, 10.0.0.4, 10.0.0.5 - - ${REST}`],
  ["a list that begins with no address", `unknown, 198.18.0.1 - - ${REST}`],
  ["a list in quotes", `"198.18.0.1, 10.0.0.4" - - ${REST}`],
  ["a list with a semicolon", `198.18.0.1; 10.0.0.4 - - ${REST}`],
  ["a connection's status behind it (%X)", `198.18.0.1 - - ${REST} +`],
  ["the time it took before the request", `198.18.0.1 - - ${REST.replace('"GET', '0.012 "GET')}`],
  ["numbers between bytes and referrer", `198.18.0.1 - - ${REST.replace("200 5", "200 5 1234 0.01")}`],
])("read all the same: %s", (_name, line) => {
  expect(good(line)).toMatchObject({
    address: "198.18.0.1",
    target: "/p",
    status: 200,
    bytes: 5,
    referrer: "https://r.example/x",
    userAgent: "Agent/1",
  });
});

test.each([
  ["shop.example.com 198.18.0.1 - -", "shop.example.com", "198.18.0.1"],
  ["shop.example.com:443 198.18.0.1 - -", "shop.example.com", "198.18.0.1"],
  ["Shop.Example.com:8080 198.18.0.1 - -", "shop.example.com:8080", "198.18.0.1"],
  ["shop.example.com:443 2001:db8::7 - -", "shop.example.com", "2001:db8::7"],
  ["shop.example.com:443 crawl7.example.net - -", "shop.example.com", "crawl7.example.net"],
  ["- 198.18.0.1 - -", undefined, "198.18.0.1"],
  ['"shop.example.com" 198.18.0.1 - -', "shop.example.com", "198.18.0.1"],
  // A second address is nobody's host: as one it would be stored whole.
  ["10.0.0.1 198.18.0.1 - -", undefined, "10.0.0.1"],
  ["2001:db8::7:50123 - -", undefined, "2001:db8::7"],
  ["[2001:10:20:30::1]:443 - -", undefined, "2001:10:20:30::1"],
  ["[fe80::7%eth0]:443 - -", undefined, "fe80::7"],
  ["unix: - -", undefined, undefined],
  ["unix:/run/app.sock - -", undefined, undefined],
  ["crawl7.example.net - -", undefined, "crawl7.example.net"],
  ["crawl7.example.net - alice b smith", undefined, "crawl7.example.net"],
  ["2001:db8::7 - -", undefined, "2001:db8::7"],
  ["[2001:db8::7]:50123 - -", undefined, "2001:db8::7"],
  ["fe80::1%eth0 - -", undefined, "fe80::1"],
  ["::ffff:198.18.0.1 - -", undefined, "::ffff:198.18.0.1"],
  ["- - -", undefined, undefined],
])("who asked and whom: %s", (who, host, address) => {
  expect(good(`${who} ${REST}`)).toMatchObject({ host, address });
});

test.each(["shop.example.com", '"shop.example.com"'])("a host between time and request: %s", (host) => {
  expect(good(`198.18.0.1 - - ${REST.replace('"GET', `${host} "GET`)}`)).toMatchObject({
    host: "shop.example.com",
    target: "/p",
  });
});

test("000 is no status: nobody waited for the answer", () => {
  expect(good(`198.18.0.1 - - ${REST.replace("200", "000")}`).status).toBeUndefined();
});

test("the common format has no referrer and no agent", () => {
  expect(good('198.18.0.1 - - [10/Oct/2025:13:55:36 +0000] "GET /p HTTP/1.1" 200 5')).toMatchObject({
    target: "/p",
    bytes: 5,
    referrer: undefined,
    userAgent: undefined,
  });
});

test.each([
  [String.raw`say \"hi\" bot`, 'say "hi" bot'],
  [String.raw`Alba 10\x22 Build`, 'Alba 10" Build'],
  [String.raw`caf\xc3\xa9`, "café"],
  [String.raw`\xff`, "\u{fffd}"],
  [String.raw`back\\slash`, String.raw`back\slash`],
])("escapes in a text are undone: %s", (logged, meant) => {
  expect(good(LINE.replace("Mozilla/5.0 (X11)", logged)).userAgent).toBe(meant);
});

test.each([
  [String.raw`/caf\xc3\xa9`, "/caf%C3%A9"],
  ["/caf%C3%A9", "/caf%C3%A9"],
  ["/café", "/caf%C3%A9"],
  [String.raw`/\xe9`, "/%E9"],
  [String.raw`/a\x22b`, "/a%22b"],
  [String.raw`/a\x5cb`, "/a%5Cb"],
  ["/a b", "/a%20b"],
  ["*", "*"],
])("a target is what the browser asked for: %s", (logged, target) => {
  expect(good(LINE.replace("/a/b?x=1", logged)).target).toBe(target);
});

test.each([
  ["a TLS hello on a plain port", String.raw`\x16\x03\x01\x02`],
  ["a connection closed unused", "-"],
  ["nothing", ""],
])("what is no request of HTTP is kept without a method: %s", (_name, request) => {
  const record = good(LINE.replace("GET /a/b?x=1 HTTP/1.1", request));
  expect(record).toMatchObject({ method: undefined, target: request });
  expect(isPageView(record)).toBe(false);
});

test.each([
  ["cut off in the user agent", LINE.slice(0, -5), "cut off"],
  ["cut off between referrer and agent", LINE.slice(0, LINE.indexOf(' "Mozilla')), "cut off"],
  ["cut off in the request", LINE.slice(0, 60), "cut off"],
  ["a month that is none", LINE.replace("Oct", "Okt"), "is not a time"],
  ["a day that is none", LINE.replace("10/Oct", "31/Feb"), "is not a time"],
  ["day 0", LINE.replace("10/Oct", "00/Oct"), "is not a time"],
  ["25 o'clock", LINE.replace(":13:55", ":25:55"), "is not a time"],
  ["minute 75", LINE.replace(":13:55", ":13:75"), "is not a time"],
  ["no address", LINE.replace("198.18.0.1", "\u{1}%%%"), "neither an address nor a host name"],
  ["empty", "", "no time"],
])("a bad line is named as such: %s", (_name, line, reason) => {
  expect(reasonOf(line)).toContain(reason);
});

test("zones off the hour and a leap second are times", () => {
  const at = (time: string) => new Date(good(LINE.replace("10/Oct/2025:13:55:36 -0700", time)).time).toISOString();
  expect(at("30/Jun/2015:23:59:60 +0000")).toBe("2015-06-30T23:59:59.000Z");
  expect(at("2015-06-30T23:59:60Z")).toBe("2015-06-30T23:59:59.000Z");
  expect(at("10/Oct/2025:00:00:00 +0545")).toBe("2025-10-09T18:15:00.000Z");
  expect(at("10/Oct/2025:00:00:00 -0330")).toBe("2025-10-10T03:30:00.000Z");
});

test.each([
  ["10/Oct/2025:13:55:36.125 +0000", "13:55:36.125"],
  ["10/Oct/2025:13:55:36,125 +0000", "13:55:36.125"],
  ["10/Oct/2025:13:55:36 +02", "11:55:36.000"],
  ["10/Oct/2025:13:55:36Z", "13:55:36.000"],
  ["10/Oct/2025:13:55:36 UTC", "13:55:36.000"],
  ["10/Oct/2025 13:55:36", "13:55:36.000"],
  ["2025-10-10T15:55:36+02:00", "13:55:36.000"],
  ["2025-10-10 13:55:36", "13:55:36.000"],
  ["2025-10-10 13:55:36 UTC", "13:55:36.000"],
  ["Fri, 10 Oct 2025 13:55:36 GMT", "13:55:36.000"],
])("any time that stands in the brackets: %s", (time, clock) => {
  const { time: moment } = good(LINE.replace("10/Oct/2025:13:55:36 -0700", time));
  expect(new Date(moment).toISOString()).toBe(`2025-10-10T${clock}Z`);
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
