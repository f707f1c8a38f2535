import { addonWeight, flatten, LIMITS, type Json, type JsonObject, type KeenAddon, withoutPath } from "@millrace/core";
import { expect, test } from "vitest";
import { accepted, NOON } from "../../testing/events.ts";
import { createEnricher } from "../enricher.ts";
import { openGeoDatabase } from "../geo-database.ts";

const GEO_FILE = new URL("../../../fixtures/GeoIP2-City-Test.mmdb", import.meta.url).pathname;
const enrich = createEnricher({ geo: await openGeoDatabase(GEO_FILE) });
const withoutFile = createEnricher();

function run(properties: JsonObject, ...addons: KeenAddon[]): JsonObject {
  return enrich(accepted({ properties, addons })).properties;
}

const geo = (input: KeenAddon["input"], output = "out"): KeenAddon => ({ name: "keen:ip_to_geo", input, output });
const url = (output = "out"): KeenAddon => ({ name: "keen:url_parser", input: { url: "url" }, output });
const time = (path: string): KeenAddon => ({
  name: "keen:date_time_parser",
  input: { date_time: path },
  output: "out",
});
const referrer: KeenAddon = {
  name: "keen:referrer_parser",
  input: { referrer_url: "referrer", page_url: "page" },
  output: "out",
};

test("ip_to_geo answers what the file knows, with longitude first", () => {
  expect(run({ ip: "175.16.199.0" }, geo({ ip: "ip" }))["out"]).toEqual({
    city: "Changchun",
    province: "Jilin Sheng",
    country: "China",
    continent: "Asia",
    coordinates: [125.3228, 43.88],
  });
});

test("ip_to_geo takes the address away when asked, and only then", () => {
  const properties = { tech: { ip: "175.16.199.0", kept: 1 } };
  expect(run(properties, geo({ ip: "tech.ip", remove_ip_property: true }))["tech"]).toEqual({ kept: 1 });
  expect(run(properties, geo({ ip: "tech.ip", remove_ip_property: false }))["tech"]).toEqual(properties.tech);
});

test.each(["127.0.0.1", "10.0.0.0", "nonsense", "", null, 5])(
  "ip_to_geo of %j keeps the event and says nothing",
  (ip) => {
    expect(run({ ip }, geo({ ip: "ip" }))["out"]).toEqual({});
  },
);

test("without a file the viewer headers answer for the request's own address, and for no other", () => {
  const raw = { ip: "203.0.113.0", country: "FR", city: "Lyon" };
  const of = (ip: string) => withoutFile(accepted({ raw, properties: { ip }, addons: [geo({ ip: "ip" })] })).properties;
  for (const own of ["203.0.113.0", "203.0.113.77"]) {
    expect(of(own)["out"]).toEqual({ country: "France", city: "Lyon" });
  }
  for (const other of ["198.51.100.0", "2001:db8::1"]) expect(of(other)["out"]).toEqual({});
});

test("ua_parser gives families and numbers, Windows with its version in the family", () => {
  const ua =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.7390.5 Safari/537.36";
  expect(run({ ua }, { name: "keen:ua_parser", input: { ua_string: "ua" }, output: "out" })["out"]).toEqual({
    device: { family: "Other", type: "desktop" },
    browser: { family: "Chrome", major: 141, minor: 0, patch: 7390 },
    os: { family: "Windows 10", major: 10, minor: null, patch: null, patch_minor: null },
  });
});

test.each([
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
    { browser: "Safari", os: "Mac OS X", device: "Mac", type: "desktop" },
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1",
    { browser: "Mobile Safari", os: "iOS", device: "iPhone", type: "mobile phone" },
  ],
  [
    "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1)",
    { browser: "IE", os: "Windows XP", device: "Other", type: "desktop" },
  ],
])("ua_parser speaks ua-parser's words: %s", (ua, { browser, os, device, type }) => {
  expect(run({ ua }, { name: "keen:ua_parser", input: { ua_string: "ua" }, output: "out" })["out"]).toMatchObject({
    browser: { family: browser },
    os: { family: os },
    device: { family: device, type },
  });
});

test("ua_parser of an unknown agent has no device type", () => {
  expect(
    run({ ua: "gibberish" }, { name: "keen:ua_parser", input: { ua_string: "ua" }, output: "out" })["out"],
  ).toEqual({
    device: { family: "Other" },
    browser: { family: "Other", major: null, minor: null, patch: null },
    os: { family: "Other", major: null, minor: null, patch: null, patch_minor: null },
  });
});

test("url_parser takes a URL apart; repeated parameters: the last wins", () => {
  expect(run({ url: "https://a.example:8080/p/q?x=1&y=2&x=3#top" }, url())["out"]).toEqual({
    protocol: "https",
    domain: "a.example",
    path: "/p/q",
    anchor: "top",
    query_string: { x: "3", y: "2" },
  });
});

test("parameter names that break the rules for properties are mended, or do not become properties", () => {
  const parsed = run({ url: "https://a.example/?a.b=1&$c=2&__proto__=3&=4&$=5&+=6" }, url())["out"];
  expect(parsed).toMatchObject({ query_string: { a_b: "1", c: "2" } });
  expect(Object.keys((parsed as JsonObject)["query_string"] as JsonObject)).toEqual(["a_b", "c"]);
});

test("a URL with thousands of parameters gives a hundred properties", () => {
  const query = Array.from({ length: 5_000 }, (_, i) => `p${i}=1`).join("&");
  const parsed = run({ url: `https://a.example/?${query}` }, url())["out"] as JsonObject;
  expect(Object.keys(parsed["query_string"] as JsonObject)).toHaveLength(100);
});

test.each([
  ["https://www.google.com/search?q=rain+today", { medium: "SEARCH", source: "Google", term: "rain today" }],
  ["https://t.co/x", { medium: "SOCIAL", source: "X" }],
  ["https://mail.google.com/", { medium: "EMAIL", source: "Gmail" }],
  ["https://a.example/other", { medium: "INTERNAL" }],
  ["https://blog.example.org/", { medium: "UNKNOWN" }],
  ["not a url", { medium: null, source: null, term: null }],
  ["", { medium: null, source: null, term: null }],
])("referrer_parser: %s", (text, expected) => {
  expect(run({ referrer: text, page: "https://a.example/x" }, referrer)["out"]).toEqual(expected);
});

test("date_time_parser reads the fields in the offset as written", () => {
  expect(run({ at: "2021-01-03T23:30:15.250+05:30" }, time("at"))["out"]).toEqual({
    millisecond: 250,
    second: 15,
    minute: 30,
    hour: 23,
    day_of_month: 3,
    day_of_week: 7,
    day_of_week_string: "Sunday",
    week: 53,
    month: 1,
    year: 2021,
    timezone_offset: 19_800,
  });
});

test.each([
  ["2024-12-30", 1],
  ["2027-01-01", 53],
  ["2026-01-01", 1],
  ["2026-03-10", 11],
])("the ISO week of %s is %i", (at, week) => {
  expect(run({ at }, time("at"))["out"]).toMatchObject({ week });
});

test("keen.timestamp can be an input", () => {
  expect(run({}, time("keen.timestamp"))["out"]).toMatchObject({ year: new Date(NOON).getUTCFullYear(), hour: 12 });
});

test.each(["tomorrow", 5, null, "2026-02-30"])("date_time_parser of %j keeps the event and says nothing", (at) => {
  expect(run({ at }, time("at"))["out"]).toEqual({});
});

test("outputs are merged into what is there, which stays as it was, and parents are made", () => {
  const properties = { url: "https://a.example/", page: { parsed: { mine: 1, path: "old" } } };
  expect(run(properties, url("page.parsed"), url("made.for.it"))).toMatchObject({
    page: { parsed: { mine: 1, path: "old", domain: "a.example" } },
    made: { for: { it: { domain: "a.example" } } },
  });
});

test("an add-on can read what the one before wrote", () => {
  const first: KeenAddon = url("parsed");
  const second: KeenAddon = { name: "keen:url_parser", input: { url: "parsed.query_string.to" }, output: "target" };
  expect(run({ url: "https://a.example/?to=https%3A%2F%2Fb.example%2F" }, first, second)["target"]).toMatchObject({
    domain: "b.example",
  });
});

test("what an earlier add-on had nothing to write for is nothing to read, and the event goes on", () => {
  const second: KeenAddon = { name: "keen:url_parser", input: { url: "parsed.query_string.to" }, output: "target" };
  expect(run({ url: "https://a.example/" }, url("parsed"), second)["target"]).toEqual({});
});

test.each([
  ["out", "text", "text"],
  ["out.info", { out: 5 }, { out: 5 }],
  ["out", null, { domain: "a.example", path: "/", protocol: "https" }],
])("output into %s, where %j is, never takes the place of a value", (output, there, expected) => {
  const properties = { url: "https://a.example/", ...(output === "out" ? { out: there } : (there as JsonObject)) };
  const { url: _url, ...rest } = run(properties, url(output));
  expect(rest).toEqual(output === "out" ? { out: expected } : expected);
});

test.each(["__proto__", "constructor", "__proto__.polluted"])("output into %s reaches no prototype", (output) => {
  run({ url: "https://a.example/" }, url(output));
  expect(({} as Record<string, unknown>)["domain"]).toBeUndefined();
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("an input path cannot read what objects inherit", () => {
  expect(run({}, { ...url(), input: { url: "constructor.name" } })["out"]).toEqual({});
});

/** How many characters the properties of an event have, and the longest of their paths. */
function sizeOf(properties: JsonObject): { chars: number; leaves: number; longestPath: number; longestText: number } {
  const { strings, numbers, json } = flatten(properties);
  const paths = [strings, numbers, json].flatMap((kind) => Object.keys(kind));
  const texts = Object.values(strings);
  return {
    chars: [...paths, ...texts].reduce((sum, text) => sum + text.length, 0),
    leaves: paths.length,
    longestPath: Math.max(0, ...paths.map((path) => path.length)),
    longestText: Math.max(0, ...texts.map((text) => text.length)),
  };
}

const LONG_PATH = `http://a/${"\u5b57".repeat(1_100)}`;
const QUERY = Array.from({ length: 100 }, (_, i) => `${i}=1`).join("&");

test.each<[string, string, (at: number) => string]>([
  ["the same long text", LONG_PATH, (at) => `o${at}`],
  ["a hundred parameters", `http://a/?${QUERY}`, (at) => `o${at}`],
  ["long paths", `http://a/?${QUERY}`, (at) => `${"x".repeat(240)}.${"y".repeat(240)}${at}`],
])("fifty add-ons that read %s write no more than one event's room for them", (_, text, output) => {
  const list = Array.from({ length: 50 }, (_, at) => url(output(at)));
  const { url: _url, ...written } = run({ url: text }, ...list);
  const size = sizeOf(written);
  expect(size.leaves).toBeGreaterThan(4);
  expect(size.leaves).toBeLessThanOrEqual(LIMITS.propertiesPerEvent);
  expect(size.chars).toBeLessThanOrEqual(LIMITS.addonChars);
  expect(size.longestPath).toBeLessThanOrEqual(LIMITS.propertyPathChars);
});

test("texts that became too long for a property are left out, the rest of the URL stays", () => {
  const out = run({ url: `http://a/${"\u5b57".repeat(9_900)}?q=1` }, url())["out"];
  expect(out).toEqual({ protocol: "http", domain: "a", query_string: { q: "1" } });
});

test("an event that is full already gets nothing more, and keeps what it has", () => {
  const full = Object.fromEntries(Array.from({ length: LIMITS.propertiesPerEvent - 3 }, (_, i) => [`p${i}`, i]));
  const properties = { ...full, url: "https://a.example/" };
  expect(run(properties, url())).toEqual(properties);
  const less = withoutPath(properties, "p0");
  expect(run(less, url())["out"]).toMatchObject({ domain: "a.example" });
});

test("an output of a message from before there was a limit of levels is not written", () => {
  const properties = { url: "https://a.example/" };
  expect(run(properties, url(Array.from({ length: 500 }, () => "a").join(".")))).toEqual(properties);
});

test("the address is taken away also where there is no room for what is known about it", () => {
  const list = Array.from({ length: 50 }, (_, at) => ({ ...url(`o${at}`), input: { url: "long" } }));
  const { ip, long } = run(
    { ip: "175.16.199.0", long: "x".repeat(9_999) },
    ...list,
    geo({ ip: "ip", remove_ip_property: true }),
  );
  expect([ip, long]).toEqual([undefined, "x".repeat(9_999)]);
});

test.each<[string, JsonObject, KeenAddon[]]>([
  ["nothing", {}, []],
  ["a short URL", { url: "https://a.example/p?x=1&y=2#top" }, [url("parsed.page")]],
  ["a URL that is three times as long encoded", { url: `https://a.example/${"\u00e9".repeat(900)}?q=1` }, [url()]],
  ["names of parameters", { url: `https://a.example/?${QUERY}` }, [url("a.deep.output.with.a.long.path")]],
  [
    "a browser",
    { ua: "Mozilla/5.0 (Windows NT 10.0) Chrome/141.0.7390.5" },
    [{ name: "keen:ua_parser", input: { ua_string: "ua" }, output: "ua_parsed" }],
  ],
  ["an address", { ip: "175.16.199.0" }, [geo({ ip: "ip" })]],
  ["a time", { at: "2021-01-03T23:30:15.250+05:30" }, [time("at")]],
  [
    "what the one before wrote",
    { url: "https://a.example/?to=https%3A%2F%2Fb.example%2F" },
    [url("out"), { ...url("two"), input: { url: "out.query_string.to" } }],
  ],
  ["more than may be written", { url: LONG_PATH }, Array.from({ length: 50 }, (_, at) => url(`o${at}`))],
])("an event is weighed with no less than its add-ons write, before they do: %s", (_, properties, list) => {
  const before = new Set(Object.keys(properties));
  const written: [string, Json][] = Object.entries(run(properties, ...list)).filter(([name]) => !before.has(name));
  const weight = addonWeight({ properties, addons: list });
  expect(weight).toBeGreaterThanOrEqual(sizeOf(Object.fromEntries(written)).chars);
  expect(weight).toBeLessThanOrEqual(LIMITS.addonChars);
});
