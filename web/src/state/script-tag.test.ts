import { expect, test } from "vitest";
import { pageToCheck, scriptTag } from "./script-tag.ts";

test("the name of the script says its parts, in the order that the server knows", () => {
  const of = (...parts: Parameters<typeof scriptTag>[2]) => scriptTag("https://stats.example.com", "KEY", parts);
  expect(of()).toBe('<script defer src="https://stats.example.com/t.js" data-key="KEY"></script>');
  expect(of("widgets", "actions", "scroll")).toContain('src="https://stats.example.com/t.actions.scroll.widgets.js"');
});

test.each([
  ["shop.example", "https://shop.example/"],
  ["  shop.example:8080/a?b=c ", "https://shop.example:8080/a?b=c"],
  ["http://localhost:3000/demo", "http://localhost:3000/demo"],
  ["localhost:5173/cart", "http://localhost:5173/cart"],
  ["127.0.0.1", "http://127.0.0.1/"],
  ["localhost.example", "https://localhost.example/"],
  ["HTTPS://Shop.example", "https://shop.example/"],
])("%s is the page %s", (typed, page) => {
  expect(pageToCheck(typed)?.href).toBe(page);
});

test.each(["", "   ", "javascript:alert(1)//x", "javascript://x/%0aalert(1)", "ftp://shop.example", "a b"])(
  "%j is no page of the web",
  (typed) => {
    expect(pageToCheck(typed)).toBeUndefined();
  },
);
