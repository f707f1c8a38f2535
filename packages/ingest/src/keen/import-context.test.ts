import { LIMITS, type JsonObject } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { readImportContext } from "./import-context.ts";

const VIEW = {
  url: "https://shop.example/a?utm_source=x&email=a@b.c#f",
  referrer: "https://r.example/?ref=y&q=secret",
};
const reduced = { url: "https://shop.example/a?utm_source=x", referrer: "https://r.example/?ref=y" };

describe("what an import says is read as what the server would have found out", () => {
  test("all of it", () => {
    const given = {
      language: "de",
      visit_id: "v",
      visit_page: 2,
      engaged_ms: 5,
      scroll: 50,
      widget: "w",
      widget_version: "1",
      widget_placement: "top",
      widget_action: "seen",
      widget_ms: 7,
    };
    const rest = { ip: "192.0.2.77", user_agent: "Firefox", timezone: "Europe/Berlin", title: "T", target: "/t?q=1" };
    expect(
      readImportContext({
        ...VIEW,
        ...given,
        ...rest,
        visit_url: "https://shop.example/",
        visit_referrer: VIEW.referrer,
      }),
    ).toStrictEqual({
      context: {
        page_host: "shop.example",
        page_path: "/a",
        page_query: "utm_source=x",
        utm_source: "x",
        page_title: "T",
        target: "/t",
        ...given,
      },
      raw: {
        ip: "192.0.2.0",
        userAgent: "Firefox",
        timezone: "Europe/Berlin",
        ...reduced,
        visit: { url: "https://shop.example/", referrer: reduced.referrer },
      },
      sender: { address: "192.0.2.77", userAgent: "Firefox" },
    });
  });

  test("nothing", () => {
    expect(readImportContext({})).toStrictEqual({ context: {}, raw: {} });
  });

  test("an address without a user agent is somebody all the same; one that is none is not kept", () => {
    expect(readImportContext({ ip: "192.0.2.77" })).toStrictEqual({
      context: {},
      raw: { ip: "192.0.2.0" },
      sender: { address: "192.0.2.77", userAgent: "" },
    });
    expect(readImportContext({ ip: "somewhere" }).raw).toStrictEqual({});
  });

  test("what is too long in an old log is cut, and characters that are none are replaced", () => {
    const long = { user_agent: "u".repeat(LIMITS.userAgentChars + 1), title: "t".repeat(LIMITS.titleChars + 1) };
    const { raw, context } = readImportContext({ ...long, language: "d\ud800" });
    expect(raw.userAgent).toBe("u".repeat(LIMITS.userAgentChars));
    expect(context).toStrictEqual({ page_title: "t".repeat(LIMITS.titleChars), language: "d\ufffd" });
  });

  test("an address that is no page is none", () => {
    expect(readImportContext({ url: "mailto:a@b.c", referrer: "file:///x" })).toStrictEqual({ context: {}, raw: {} });
  });
});

describe("where a visit began", () => {
  const begun = (more: JsonObject) => readImportContext({ visit_id: "v", ...more }).raw.visit;
  test.each<[what: string, given: JsonObject, visit: object | undefined]>([
    ["nobody tells", { visit_page: 2 }, undefined],
    ["is the first page, whoever says so", { ...VIEW, visit_page: 1 }, reduced],
    ["is no other page", { ...VIEW, visit_page: 2 }, undefined],
    [
      "is what is said, of the first page too",
      { ...VIEW, visit_page: 1, visit_url: "https://o.example/x" },
      { url: "https://o.example/x" },
    ],
    ["is a page alone", { visit_url: "https://o.example/x" }, { url: "https://o.example/x" }],
    ["is a referrer alone", { visit_referrer: "https://r.example/" }, { referrer: "https://r.example/" }],
    ["is said in words that are no address", { visit_url: "mailto:a@b.c", visit_referrer: "file:///x" }, {}],
  ])("%s", (_, given, visit) => {
    expect(begun(given)).toStrictEqual(visit);
  });

  test("without a visit there is no beginning", () => {
    expect(readImportContext({ ...VIEW, visit_page: 1 }).raw).toStrictEqual(reduced);
  });
});

test.each<[message: RegExp, given: JsonObject]>([
  [/^\$context\.ip: /, { ip: "1".repeat(LIMITS.idChars + 1) }],
  [/^\$context\.url: /, { url: "x".repeat(LIMITS.stringChars + 1) }],
  [/^\$context\.visit_page: /, { visit_page: 1.5 }],
  [/^\$context\.engaged_ms: /, { engaged_ms: -1 }],
  [/^\$context\.scroll: /, { scroll: 101 }],
  [/^\$context\.widget: /, { widget: "w".repeat(LIMITS.widgetChars + 1) }],
  [/^\$context: .*"page"/, { page: "/" }],
])("%s", (message, given) => {
  expect(() => readImportContext(given)).toThrow(
    expect.objectContaining({ code: "InvalidPropertyValueError", message: expect.stringMatching(message) }),
  );
});
