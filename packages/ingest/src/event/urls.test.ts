import { LIMITS } from "@millrace/core";
import { expect, test } from "vitest";
import { pageContext, reduceReferrer, reduceUrl, targetWithoutQuery } from "./urls.ts";

test.each([
  [
    "https://user:pass@shop.example:8443/a/b?email=a@b.c&utm_source=x#frag",
    "https://shop.example:8443/a/b?utm_source=x",
  ],
  ["https://SHOP.example/?ref=hn&GCLID=1&token=t&utm_custom=y", "https://shop.example/?ref=hn&GCLID=1&utm_custom=y"],
  ["https://shop.example/?a=1", "https://shop.example/"],
  ["https://shop.example/ü", "https://shop.example/%C3%BC"],
  ["https://shop.example/?ref", "https://shop.example/?ref"],
])("%s is kept as %s", (text, expected) => {
  expect(reduceUrl(text)?.url).toBe(expected);
});

test("a path alone gets the host of the page that sent it, or none", () => {
  expect(reduceUrl("/p?ref=x", "https://shop.example/other?y=1")).toMatchObject({ host: "shop.example", path: "/p" });
  const alone = reduceUrl("/p?ref=x");
  expect(alone).toMatchObject({ url: "/p?ref=x", path: "/p" });
  expect(alone).not.toHaveProperty("host");
  expect(reduceUrl("/p", "not a url")).not.toHaveProperty("host");
});

test("nothing is no page, not even the home page of the site that sent it", () => {
  expect(reduceUrl("", "https://shop.example/")).toBeUndefined();
  expect(reduceUrl(" \t", "https://shop.example/")).toBeUndefined();
});

test("a page has the fields it has: no host and no query are none, not empty ones", () => {
  expect(reduceUrl("/p")).toStrictEqual({ url: "/p", path: "/p" });
  expect(pageContext({ url: "/p", path: "/p" })).toStrictEqual({ page_path: "/p" });
  const home = { url: "https://x.example/", host: "x.example", path: "/" };
  expect(reduceUrl(home.url)).toStrictEqual(home);
  expect(pageContext(home)).toStrictEqual({ page_host: "x.example", page_path: "/" });
  const campaign = { ...home, query: "utm_source=a" };
  expect(pageContext(campaign)).toStrictEqual({
    page_host: "x.example",
    page_path: "/",
    page_query: "utm_source=a",
    utm_source: "a",
  });
});

test("the longest address that is kept has 2,048 characters", () => {
  const longest = `https://x.example/${"x".repeat(LIMITS.urlChars - 18)}`;
  expect(reduceUrl(longest)?.url).toBe(longest);
});

test("a path that begins with two slashes names no host", () => {
  expect(reduceUrl("//evil.example/x")).toEqual({ url: "//evil.example/x", path: "//evil.example/x" });
  expect(reduceUrl("//evil.example/x", "https://shop.example/")).toMatchObject({ host: "shop.example" });
});

test.each([
  "file:///etc/passwd",
  "javascript:alert(1)",
  "mailto:a@b.c",
  "http://",
  `https://x.example/${"ü".repeat(2_000)}`,
  `https://x.example/${"x".repeat(LIMITS.urlChars - 17)}`,
])("%s is no page", (text) => {
  expect(reduceUrl(text)).toBeUndefined();
});

test("utm values are decoded; empty ones are left out", () => {
  const page = reduceUrl("https://x.example/?utm_source=a%20b+c&utm_medium=&utm_campaign=%ff");
  expect(page && pageContext(page)).toEqual({
    page_host: "x.example",
    page_path: "/",
    page_query: "utm_source=a%20b+c&utm_medium=&utm_campaign=%ff",
    utm_source: "a b c",
    utm_campaign: "\uFFFD",
  });
});

test.each([
  ["android-app://com.google.android.gm/", "android-app://com.google.android.gm/"],
  ["https://r.example/a?email=x&ref=y", "https://r.example/a?ref=y"],
  ["file:///home/me/page.html", undefined],
  [`android-app://${"a".repeat(LIMITS.stringChars)}`, `android-app://${"a".repeat(LIMITS.stringChars - 14)}`],
])("the referrer %.80s is kept as %.80s", (text, expected) => {
  expect(reduceReferrer(text)).toBe(expected);
});

test("a target loses query and fragment", () => {
  expect(targetWithoutQuery("https://x.example/a?b#c")).toBe("https://x.example/a");
  expect(targetWithoutQuery("?b\n#c\nd")).toBe("");
  expect(targetWithoutQuery("menu button")).toBe("menu button");
});
