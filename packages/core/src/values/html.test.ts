import { expect, test } from "vitest";
import { escapeHtml } from "./html.ts";

test("what would end a text or an attribute of HTML is written as an entity, everything else as it is", () => {
  expect(escapeHtml(`<a href="x" id='y'>Ä & b</a>`)).toBe(
    "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;Ä &amp; b&lt;/a&gt;",
  );
});

test("an entity is text too: what is escaped twice is read twice", () => {
  expect(escapeHtml("&lt;")).toBe("&amp;lt;");
});
