import { expect, test } from "vitest";
import { isArrivalParameter, readArrival, sourceOf } from "./arrival.ts";
import { isSameSite, siteOf } from "./host.ts";
import { sourceOfHost } from "./known.ts";
import { appReferrer, parseReferrer } from "./referrer.ts";

const nameOf = (query: string, referrer?: string | null) => sourceOf(readArrival(query), referrer)?.name;

test.each([
  ["utm_source=Facebook", undefined, "Facebook"],
  ["utm_source=facebook", undefined, "Facebook"],
  ["utm_source=fb", undefined, "Facebook"],
  ["utm_source=GOOGLE", undefined, "Google"],
  ["UTM_SOURCE=linkedin.com", undefined, "LinkedIn"],
  ["utm_source=%20google%20", undefined, "Google"],
  ["utm_source=linked-in", undefined, "LinkedIn"],
  ["utm_source=facebook_ads", undefined, "Facebook"],
  ["ref=producthunt", undefined, "Product Hunt"],
  ["utm_source=My+Newsletter", undefined, "My Newsletter"],
  ["utm_source=&ref=hn", undefined, "Hacker News"],
  ["source=partner", undefined, "partner"],
  ["ref=a&utm_source=b", undefined, "b"],
  ["ref=menu", null, undefined],
  ["GCLID=1", undefined, "Google"],
  ["gbraid=1", undefined, "Google"],
  ["gad_source=1", undefined, "Google"],
  ["msclkid=1", "search.partner.example", "Bing"],
  ["fbclid=1", undefined, "Facebook"],
  ["fbclid=1", "l.instagram.com", "Instagram"],
  ["fbclid=1", null, undefined],
  ["srsltid=1", undefined, "Google"],
  ["fbclid=1&gclid=2", undefined, "Google"],
  ["", "news.example", "news.example"],
  ["", "www.google.de", "Google"],
  ["", "www.google.de.", "Google"],
  ["", "com.google.android.gm", "Gmail"],
  ["", undefined, undefined],
])("?%s referred by %s comes from %s", (query, referrer, expected) => {
  expect(nameOf(query, referrer)).toBe(expected);
});

test.each([
  ["gclid", "Google", "search"],
  ["gbraid", "Google", "search"],
  ["wbraid", "Google", "search"],
  ["gad_source", "Google", "search"],
  ["dclid", "Google", "display"],
  ["msclkid", "Bing", "search"],
  ["yclid", "Yandex", "search"],
  ["ttclid", "TikTok", "social"],
  ["twclid", "X", "social"],
  ["li_fat_id", "LinkedIn", "social"],
  ["fbclid", "Facebook", undefined],
  ["srsltid", "Google", undefined],
])("the click id %s is of %s, paid for: %s", (name, source, paid) => {
  expect(isArrivalParameter(name)).toBe(true);
  expect(readArrival(`${name}=1`).click).toEqual({ source, paid });
});

test("only paid click ids say that a click was paid", () => {
  expect(readArrival("gclid=1").click?.paid).toBe("search");
  expect(readArrival("fbclid=1").click?.paid).toBeUndefined();
  expect(readArrival("constructor=1&__proto__=2").click).toBeUndefined();
});

test("every word of a campaign is read, by its name in any case", () => {
  const utm = { source: "a", medium: "b", campaign: "c", term: "d", content: "e" };
  const query = Object.entries(utm).map(([name, value]) => `UTM_${name}=${value}`);
  expect(readArrival(`${query.join("&")}&utm_other=f`)).toEqual({ utm });
});

test("words of a campaign lose the blanks around them and nothing else", () => {
  expect(readArrival("?utm_campaign=%20Spring%20Sale%20&utm_medium=%20&utm_term=a%2Bb").utm).toEqual({
    campaign: "Spring Sale",
    term: "a+b",
  });
});

test.each(["utm_source", "UTM_custom", "ref", "source", "gclid", "GAD_SOURCE", "srsltid"])("%s is kept", (name) => {
  expect(isArrivalParameter(name)).toBe(true);
});

test.each(["email", "token", "q", "sourceid", "constructor", ""])("%s is dropped", (name) => {
  expect(isArrivalParameter(name)).toBe(false);
});

test.each([
  ["https://www.google.com/search?q=x", { host: "google.com", path: "/search" }],
  ["https://Shop.Example:8443/a", { host: "shop.example", path: "/a" }],
  ["android-app://com.Slack/", { host: "com.slack", path: "/" }],
  [
    "android-app://com.google.android.gm/https/mail.google.com/?x=1",
    { host: "com.google.android.gm", path: "/https/mail.google.com/" },
  ],
  ["ios-app://1234567890/app", { host: "1234567890", path: "/app" }],
  ["javascript:alert(1)", undefined],
  ["http://a.example", { host: "a.example", path: "/" }],
  ["https://a.example/?u=android-app://com.x/", { host: "a.example", path: "/" }],
  ["ftp://files.example/a", undefined],
  ["about:blank", undefined],
  ["no address", undefined],
  ["android-app://", undefined],
  ["", undefined],
])("%s as a referrer", (text, expected) => {
  expect(parseReferrer(text)).toEqual(expected);
});

test("an app's referrer is kept without its query", () => {
  expect(appReferrer("android-app://com.x/a?secret=1")).toBe("android-app://com.x/a");
  expect(appReferrer("https://x.example/")).toBeUndefined();
  expect(appReferrer("https://x.example/?u=android-app://com.x/a")).toBeUndefined();
});

test.each([
  ["www.shop.example", "shop.example", true],
  ["shop.example.", "shop.example", true],
  ["SHOP.example", "shop.example", true],
  ["shop.example:8443", "shop.example", true],
  ["app.shop.example", "shop.example", true],
  ["shop.example", "app.shop.example", true],
  ["a.shop.example", "b.shop.example", false],
  ["othershop.example", "shop.example", false],
  ["shop.example", null, false],
])("%s and %s are one site: %s", (a, b, same) => {
  expect(isSameSite(a, b)).toBe(same);
  expect(siteOf(a)).not.toMatch(/^www\.|\.$|:\d/);
});

test.each([
  ["docs.google.com", undefined],
  ["google.evil.example", undefined],
  ["m365.cloud.microsoft", "Copilot"],
  ["character.ai", "Character.AI"],
])("%s is %s", (host, name) => {
  expect(sourceOfHost(host)?.name).toBe(name);
});
