import { expect, test } from "vitest";
import { cleanUrl } from "../src/url.ts";

test.each([
  ["https://shop.example/a/b", "https://shop.example/a/b"],
  ["https://shop.example/?q=1#top", "https://shop.example/"],
  ["https://shop.example/#a?utm_source=x", "https://shop.example/"],
  ["https://ann:pw@shop.example/a@b", "https://shop.example/a@b"],
  ["http://127.0.0.1:3000/p?utm_source=x&token=y&gclid=z", "http://127.0.0.1:3000/p?utm_source=x&gclid=z"],
  ["https://shop.example/?xutm_source=2&refs=3&sources=4&UTM_Source=5&ref", "https://shop.example/?UTM_Source=5&ref"],
  [
    "https://shop.example/?source=a&MSCLKID=b&gad_source=c&clid=d",
    "https://shop.example/?source=a&MSCLKID=b&gad_source=c",
  ],
  ["mailto:ann@shop.example?subject=utm_source", ""],
  ["javascript:location='https://x'", ""],
  ["android-app://com.example/", "android-app://com.example/"],
  ["", ""],
])("of %s leaves %s", (href, clean) => {
  expect(cleanUrl(href)).toBe(clean);
});

test("no URL is longer than 2,000 characters", () => {
  expect(cleanUrl(`https://shop.example/${"a".repeat(5000)}?ref=x`)).toHaveLength(2000);
});
