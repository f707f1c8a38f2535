import { expect, test } from "vitest";
import { ageText, bucketFormat, periodText } from "./date.ts";
import { readableHost } from "./hosts.ts";
import { readablePath, valueName } from "./names.ts";
import { duration, numberFormat } from "./number.ts";

const en = numberFormat("en-US");

test("numbers follow the locale", () => {
  expect(en.count(1234567)).toBe("1,234,567");
  expect(numberFormat("de-DE").count(1234567)).toBe("1.234.567");
});

test("cards write counts out up to a million, axes shorten from ten thousand on", () => {
  expect(en.figure(46_234, "count")).toBe("46,234");
  expect(en.figure(1_234_567, "count")).toBe("1.2M");
  expect(en.short(46_234, "count")).toBe("46.2K");
  expect(en.short(9_999, "count")).toBe("9,999");
});

test("a missing value is a dash, never zero", () => {
  expect(en.value(null, "percent")).toBe("–");
  expect(en.value(0, "percent")).toBe("0%");
});

test("a change has its sign; a tenfold one is a multiple", () => {
  expect(en.change(0.123)).toBe("+12%");
  expect(en.change(-0.5)).toBe("-50%");
  expect(en.change(0)).toBe("0%");
  expect(en.change(24)).toBe("×25");
});

test("durations carry over and never show sixty", () => {
  expect(duration(0)).toBe("0s");
  expect(duration(59_600)).toBe("1m 00s");
  expect(duration(185_000)).toBe("3m 05s");
  expect(duration(3_599_600)).toBe("1h 00m");
});

test("a period names its own calendar's unit where it is one", () => {
  expect(periodText("en-GB", { start: "2015-05-01", end: "2015-06-01" })).toBe("May 2015");
  expect(periodText("en-GB", { start: "2015-01-01", end: "2016-01-01" })).toBe("2015");
  expect(periodText("en-GB", { start: "2015-05-17", end: "2015-05-18" })).toBe("17 May 2015");
  expect(periodText("en-GB", { start: "2015-05-17", end: "2015-05-21" })).toMatch(/^17\W+20 May 2015$/);
});

test("bucket labels are in the project's zone", () => {
  const start = Date.UTC(2015, 4, 17, 22);
  expect(bucketFormat("en-GB", "Europe/Berlin", "day", false).short(start)).toBe("18 May");
  expect(bucketFormat("en-GB", "UTC", "hour", false).short(start)).toBe("22:00");
});

test("country codes become names, a missing value becomes words", () => {
  const name = valueName("en");
  expect(name("$geo.country", "DE")).toBe("Germany");
  expect(name("$geo.country", null)).toBe("Unknown");
  expect(name("plan", "DE")).toBe("DE");
  expect(name("plan", "")).toBe("(empty)");
});

test("an age is told in the largest unit that fits", () => {
  expect(ageText("en", 12_000)).toBe("12 sec. ago");
  expect(ageText("en", 125_000)).toBe("2 min. ago");
});

test.each([
  ["Europe/Berlin", "2024-10-26T22:00Z", 25],
  ["Europe/Berlin", "2024-03-30T23:00Z", 23],
  ["Australia/Lord_Howe", "2024-04-06T13:00Z", 25],
  ["America/St_Johns", "2024-11-03T02:30Z", 25],
])("every hour of a day on which clocks change has a name of its own: %s, %s", (zone, start, hours) => {
  for (const manyDays of [false, true]) {
    const format = bucketFormat("en-US", zone, "hour", manyDays);
    const starts = Array.from({ length: hours }, (_, i) => Date.parse(start) + i * 3_600_000);
    expect(new Set(starts.map(format.short)).size).toBe(hours);
    expect(new Set(starts.map((s) => format.long(s, s + 3_600_000))).size).toBe(hours);
  }
});

test("only the hour that comes twice says its offset", () => {
  const { long } = bucketFormat("en-US", "Europe/Berlin", "hour", false);
  const at = (utc: string) => long(Date.parse(utc), 0);
  expect(at("2024-10-27T00:00Z")).toMatch(/02:00 AM GMT\+2$/);
  expect(at("2024-10-27T01:00Z")).toMatch(/02:00 AM GMT\+1$/);
  expect(at("2024-10-27T02:00Z")).toMatch(/03:00 AM$/);
});

test.each([
  ["/%D0%B1%D0%BB%D0%BE%D0%B3", "/блог"],
  ["/%E3%83%96%E3%83%AD%E3%82%B0", "/ブログ"],
  ["/caf%c3%a9", "/café"],
  ["/a%20b", "/a b"],
  ["/bad%E0%A4%A", "/bad%E0%A4%A"],
  ["/%3Cscript%3E", "/<script>"],
  ["/a%2Fb%3Fc%23d%2541%41", "/a%2Fb%3Fc%23d%2541%41"],
  ["/%E2%80%AEevil", "/%E2%80%AEevil"],
  ["/a%C2%A0b", "/a%C2%A0b"],
  ["/100%", "/100%"],
])("the path %s reads %s", (stored, shown) => {
  expect(readablePath(stored)).toBe(shown);
  expect(valueName("en")("$page.path", stored)).toBe(shown);
  expect(valueName("en")("path", stored)).toBe(stored);
});

test.each([
  ["xn--bcher-kva.example", "bücher.example"],
  ["xn--bcher-kva.example:8443", "bücher.example:8443"],
  ["www.xn--mnchen-3ya.de", "www.münchen.de"],
  ["xn--80adxhks.com", "москва.com"],
  ["xn--e1afmkfd.xn--p1ai", "пример.рф"],
  ["xn--hxajbheg2az3al.xn--jxalpdlp", "παράδειγμα.δοκιμή"],
  ["xn--r8jz45g.jp", "例え.jp"],
  ["xn--fsqu00a.xn--0zwm56d", "例子.测试"],
  ["xn--9n2bp8q.xn--9t4b11yi5a", "실례.테스트"],
  ["xn--mgbh0fb.xn--kgbechtv", "مثال.إختبار"],
  ["xn--p1b6ci4b4b3a.xn--11b5bs3a9aj6g", "उदाहरण.परीक्षा"],
  ["shop.example", "shop.example"],
])("the host %s reads %s", (stored, shown) => {
  expect(readableHost(stored)).toBe(shown);
  expect(valueName("en")("$referrer.host", stored)).toBe(shown);
  expect(valueName("en")("$target", `https://${stored}/x`)).toBe(`https://${shown}/x`);
  expect(valueName("en")("host", stored)).toBe(stored);
});

test.each([
  ["apple in Cyrillic", "xn--80ak6aa92e.com"],
  ["epic in Cyrillic", "xn--e1awd7f.com"],
  ["a Cyrillic letter among Latin ones", "xn--pple-43d.com"],
  ["a Latin letter among Greek ones", "xn--a-ylb.com"],
  ["a Latin letter that no language spells with", "xn--oogle-qmc.com"],
  ["an i without its dot", "xn--wkipedia-tkb.org"],
  ["an emoji", "xn--i-7iq.ws"],
  ["two scripts", "xn--test-3f5fw08b.com"],
  ["what is no encoding of anything", "xn--a.example"],
  ["what encodes plain letters", "xn--google-.com"],
])("a host that could pass for another stays encoded: %s", (_name, host) => {
  expect(readableHost(host)).toBe(host);
});

test("a text that reads like another kind of value is in quotes", () => {
  const name = valueName("en");
  expect([5, "5", true, "true", null, "null", "5 apples"].map((value) => name("v", value))).toEqual([
    "5",
    '"5"',
    "true",
    '"true"',
    "(none)",
    '"null"',
    "5 apples",
  ]);
  expect(name("$browser.version", "122")).toBe("122");
});
