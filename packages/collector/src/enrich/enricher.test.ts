import type { AcceptedEvent, Context } from "@millrace/core";
import { expect, test } from "vitest";
import { accepted } from "../testing/events.ts";
import { createEnricher, EnrichmentFailed, enrichmentSteps } from "./enricher.ts";
import { openGeoDatabase } from "./geo-database.ts";

const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";
const GEO_FILE = new URL("../../fixtures/GeoIP2-City-Test.mmdb", import.meta.url).pathname;
const enrich = createEnricher({ geo: await openGeoDatabase(GEO_FILE) });

function contextOf(raw: NonNullable<AcceptedEvent["raw"]>, context: Context = {}): Context {
  return enrich(accepted({ raw: { userAgent: CHROME, ...raw }, context })).context;
}

test("the steps run in this order", () => {
  expect(enrichmentSteps().map(({ name }) => name)).toEqual([
    "url",
    "referrer",
    "source",
    "channel",
    "visit",
    "user-agent",
    "bot",
    "geo",
    "add-ons",
  ]);
});

test("a page view of a person is described in full", () => {
  expect(
    contextOf({
      url: "https://shop.example:8443/a/b?utm_source=news&utm_medium=email&utm_campaign=may",
      referrer: "https://mail.google.com/mail/u/0/",
      ip: "81.2.69.0",
    }),
  ).toEqual({
    page_host: "shop.example:8443",
    page_path: "/a/b",
    page_query: "utm_source=news&utm_medium=email&utm_campaign=may",
    utm_source: "news",
    utm_medium: "email",
    utm_campaign: "may",
    referrer_host: "mail.google.com",
    referrer_path: "/mail/u/0/",
    source: "news",
    channel: "Email",
    browser_name: "Chrome",
    browser_version: "141",
    os_name: "Windows",
    os_version: "10",
    device: "desktop",
    bot_is: false,
    bot_reasons: [],
  });
});

test("what ingest or an importer said is never overruled", () => {
  const said: Context = {
    page_host: "said.example",
    browser_name: "Said",
    geo_country: "AQ",
    channel: "Said",
    source: "Said",
    device: "tv",
  };
  expect(contextOf({ url: "https://a.example/x", timezone: "Europe/Paris" }, said)).toMatchObject(said);
});

test("an event without raw context gets no web fields, and is not called a bot", () => {
  expect(enrich(accepted()).context).toEqual({ bot_is: false, bot_reasons: [] });
});

test("the accepted event itself is left as it came, for replay", () => {
  const event = accepted({
    raw: { url: "https://a.example/", userAgent: CHROME },
    context: { visitor: "v" },
    properties: { at: "2026-03-10" },
    addons: [{ name: "keen:date_time_parser", input: { date_time: "at" }, output: "parsed" }],
  });
  const before = structuredClone(event);
  expect(enrich(event).properties["parsed"]).toMatchObject({ year: 2026 });
  expect(event).toEqual(before);
});

test("a step that fails names itself", () => {
  const broken = createEnricher({
    userAgents: () => {
      throw new RangeError("parser broke");
    },
  });
  expect(() => broken(accepted({ raw: { userAgent: CHROME } }))).toThrow(EnrichmentFailed);
  expect(() => broken(accepted({ raw: { userAgent: CHROME } }))).toThrow('"user-agent"');
});

test.each([
  ["viewer headers win over the file", { country: "FR", city: "Lyon", ip: "175.16.199.0" }, ["FR", "Lyon", "header"]],
  ["the file is asked with the cut address", { ip: "175.16.199.0" }, ["CN", "Changchun", "database"]],
  ["the file wins over the time zone", { ip: "175.16.199.0", timezone: "Asia/Tokyo" }, ["CN", "Changchun", "database"]],
  [
    "an address that is in no place leaves it to the time zone",
    { ip: "2002:5102:458e::", timezone: "Asia/Tokyo" },
    ["JP", undefined, "timezone"],
  ],
  ["the time zone is an estimate", { ip: "192.168.1.0", timezone: "Asia/Tokyo" }, ["JP", undefined, "timezone"]],
  ["an old name of a zone counts", { timezone: "Europe/Kiev" }, ["UA", undefined, "timezone"]],
  ["a shared zone gives the country of its city", { timezone: "Europe/Zurich" }, ["CH", undefined, "timezone"]],
  ["UTC is nowhere", { timezone: "UTC" }, [undefined, undefined, undefined]],
  ["the name of a JavaScript property is no zone", { timezone: "constructor" }, [undefined, undefined, undefined]],
  ["an unknown zone is nowhere", { timezone: "Mars/Olympus" }, [undefined, undefined, undefined]],
  [
    "an edge that does not know is not believed",
    { country: "XX", timezone: "Asia/Tokyo" },
    ["JP", undefined, "timezone"],
  ],
  ["Tor has no country", { country: "T1" }, [undefined, undefined, undefined]],
  ["no address, no place", { ip: "not an address" }, [undefined, undefined, undefined]],
])("geo: %s", (_name, raw, [country, city, source]) => {
  const context = contextOf(raw);
  expect([context.geo_country, context.geo_city, context.geo_source]).toEqual([country, city, source]);
});

test("a geo file that is missing or no geo file is refused at the start", async () => {
  await expect(openGeoDatabase("/nowhere.mmdb")).rejects.toThrow();
  await expect(openGeoDatabase(new URL(import.meta.url).pathname)).rejects.toThrow();
});

test.each([
  ["a browser", { userAgent: CHROME, ip: "1.2.3.0" }, []],
  ["a crawler", { userAgent: "Mozilla/5.0 (compatible; Googlebot/2.1)" }, ["user-agent"]],
  ["a driven browser", { userAgent: CHROME.replace("Chrome", "HeadlessChrome") }, ["user-agent", "headless"]],
  ["a web request without the header", { userAgent: "", ip: "1.2.3.0" }, ["no-user-agent"]],
])("bot: %s", (_name, raw, reasons) => {
  const { context } = enrich(accepted({ raw }));
  expect([context.bot_is, context.bot_reasons]).toEqual([reasons.length > 0, reasons]);
});

test("reasons found at ingest are kept beside ours", () => {
  const { context } = enrich(accepted({ raw: { userAgent: "curl/8" }, context: { bot_reasons: ["webdriver"] } }));
  expect(context.bot_reasons).toEqual(["webdriver", "user-agent"]);
});
