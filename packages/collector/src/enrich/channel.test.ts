import type { Context } from "@millrace/core";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { accepted } from "../testing/events.ts";
import { createEnricher } from "./enricher.ts";

const enrich = createEnricher();

function arrival(query: string, referrer?: string): Context {
  const raw = { url: `https://www.site.example/x${query}`, ...(referrer !== undefined && { referrer }) };
  return enrich(accepted({ raw })).context;
}

type Row = [channel: string, query: string, referrer: string | undefined, source: string | undefined];

test.each<Row>([
  ["Direct", "", undefined, undefined],
  ["Referral", "?ref=abc", undefined, "abc"],
  ["Organic Search", "", "https://www.google.co.uk/", "Google"],
  ["Organic Search", "", "https://www.google.com/", "Google"],
  ["Organic Search", "", "android-app://com.google.android.googlequicksearchbox/", "Google"],
  ["Organic Search", "", "https://duckduckgo.com/", "DuckDuckGo"],
  ["Organic Search", "?utm_source=bing&utm_medium=organic", undefined, "Bing"],
  ["Referral", "", "https://docs.google.com/document/d/1", "docs.google.com"],
  ["Referral", "", "https://blog.example.org/post", "blog.example.org"],
  ["Referral", "", "https://notgoogle.com/", "notgoogle.com"],
  ["Referral", "", "https://google.evil.example/", "google.evil.example"],
  ["Referral", "?utm_source=partner&utm_medium=referral", undefined, "partner"],
  ["Organic Social", "", "https://l.facebook.com/l.php", "Facebook"],
  ["Organic Social", "", "https://t.co/abc", "X"],
  ["Organic Social", "?utm_source=fb", undefined, "Facebook"],
  ["Organic Social", "?utm_source=x1&utm_medium=social", undefined, "x1"],
  ["Organic Social", "?fbclid=1", "https://m.facebook.com/", "Facebook"],
  ...["social", "socialnetwork", "social-network", "social network", "socialmedia", "social-media", "sm"].map(
    (medium): Row => ["Organic Social", `?utm_source=x1&utm_medium=${medium}`, undefined, "x1"],
  ),
  ["Unassigned", "?utm_source=x1&utm_medium=socials", undefined, "x1"],
  ["Organic Search", "?utm_source=x1&utm_medium=organic", undefined, "x1"],
  ["Audio", "?utm_source=x1&utm_medium=audio", undefined, "x1"],
  ["Affiliates", "?utm_source=x1&utm_medium=affiliates", undefined, "x1"],
  ["Mobile Push Notifications", "?utm_source=firebase", undefined, "firebase"],
  ["Mobile Push Notifications", "?utm_source=x1&utm_medium=notification", undefined, "x1"],
  ...["email", "e-mail", "e_mail", "e mail"].map((medium): Row => [
    "Email",
    `?utm_source=x1&utm_medium=${medium}`,
    undefined,
    "x1",
  ]),
  ["Organic Video", "?utm_source=x1&utm_medium=video", undefined, "x1"],
  ["Organic Shopping", "?utm_source=x1&utm_medium=b&utm_campaign=shop", undefined, "x1"],
  // Whoever has a workshop sells something else.
  ["Unassigned", "?utm_source=x1&utm_medium=b&utm_campaign=bishop", undefined, "x1"],
  ...["app", "link"].map((medium): Row => ["Referral", `?utm_source=x1&utm_medium=${medium}`, undefined, "x1"]),
  ["Organic Video", "", "https://www.youtube.com/", "YouTube"],
  ["Organic Shopping", "", "https://www.amazon.de/dp/1", "Amazon"],
  ["AI Assistants", "", "https://chatgpt.com/", "ChatGPT"],
  ["AI Assistants", "?utm_source=chatgpt.com", undefined, "ChatGPT"],
  ["Email", "", "https://mail.google.com/", "Gmail"],
  ["Email", "?utm_source=news&utm_medium=E-Mail", undefined, "news"],
  ["Paid Search", "?utm_source=google&utm_medium=cpc", "https://www.google.com/", "Google"],
  ["Paid Search", "?gclid=1", "https://www.google.com/", "Google"],
  ["Paid Search", "?msclkid=1", undefined, "Bing"],
  ["Paid Social", "?utm_source=facebook&utm_medium=paid_social", undefined, "Facebook"],
  ["Paid Social", "?ttclid=1", undefined, "TikTok"],
  ["Paid Video", "?utm_source=youtube&utm_medium=cpv", undefined, "YouTube"],
  ["Paid Shopping", "?utm_source=amazon&utm_medium=cpc", undefined, "Amazon"],
  ["Paid Other", "?utm_source=somebody&utm_medium=ppc", undefined, "somebody"],
  ["Display", "?utm_source=somebody&utm_medium=banner", undefined, "somebody"],
  ["Display", "?dclid=1", undefined, "Google"],
  ["Affiliates", "?utm_source=a&utm_medium=affiliate", undefined, "a"],
  ["SMS", "?utm_source=sms", undefined, "sms"],
  ["Mobile Push Notifications", "?utm_source=app1&utm_medium=web-push", undefined, "app1"],
  ["Cross-network", "?utm_source=google&utm_medium=cpc&utm_campaign=Cross-Network-1", undefined, "Google"],
  ["Unassigned", "?utm_source=a&utm_medium=b", undefined, "a"],
])("%s: %s from %s", (channel, query, referrer, source) => {
  expect(arrival(query, referrer)).toMatchObject({ channel, ...(source !== undefined && { source }) });
  if (source === undefined) expect(arrival(query, referrer)).not.toHaveProperty("source");
});

test.each(["https://www.site.example/other", "http://site.example/", "https://app.site.example/"])(
  "a click inside the site is no referrer and no channel: %s",
  (referrer) => {
    const context = arrival("", referrer);
    expect(context).toMatchObject({ referrer_host: null, referrer_path: null });
    expect(context).not.toHaveProperty("channel");
    expect(context).not.toHaveProperty("source");
  },
);

test("a campaign counts even where the last hop was inside the site", () => {
  expect(arrival("?utm_source=news&utm_medium=email", "https://site.example/")).toMatchObject({
    channel: "Email",
    referrer_host: null,
  });
});

test.each(["javascript:alert(1)", "about:blank", "not a url", "data:text/html,x", "https://"])(
  "a referrer that is no page is no referrer: %s",
  (referrer) => {
    const context = arrival("", referrer);
    expect(context).not.toHaveProperty("referrer_host");
    expect(context.channel).toBe("Direct");
  },
);

test("an event that is on no page has no channel", () => {
  expect(enrich(accepted({ raw: { userAgent: "x", ip: "1.2.3.0" } })).context).not.toHaveProperty("channel");
});

test("a page known by its path alone has a channel", () => {
  const event = accepted({ context: { page_path: "/x" }, raw: { referrer: "https://www.bing.com/" } });
  expect(enrich(event).context).toMatchObject({ channel: "Organic Search", source: "Bing" });
});

const [, ...SITUATIONS] = readFileSync(new URL("../../fixtures/referrers.tsv", import.meta.url), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => line.split("\t"));

test.each(SITUATIONS)("from the field: %s", (_name, path = "", referrer = "", source = "", channel = "") => {
  const raw = { url: `https://shop.example.com${path}`, ...(referrer !== "" && { referrer }) };
  const context = enrich(accepted({ raw })).context;
  expect({ source: context.source ?? "-", channel: context.channel ?? "-" }).toEqual({ source, channel });
});
