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
])("the referrer %s is kept as %s", (text, expected) => {
  expect(reduceReferrer(text)).toBe(expected);
});

test("a target loses query and fragment", () => {
  expect(targetWithoutQuery("https://x.example/a?b#c")).toBe("https://x.example/a");
  expect(targetWithoutQuery("menu button")).toBe("menu button");
});
