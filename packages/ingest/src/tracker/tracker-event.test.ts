import type { Grant } from "@millrace/access";
import { LIMITS, type Json } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { readTrackerEvents } from "./tracker-event.ts";
import { readTrackerBatch, readTrackerEvent } from "./tracker-wire.ts";

const NOON = Date.UTC(2026, 10, 1, 12);
const DAY = 86_400_000;
const LOAD = `${NOON.toString(16)
  .padStart(12, "0")
  .replace(/^(.{8})/, "$1-")}-7abc-8def-0123456789ab`;
const grant = { project: {} } as Grant;

const batchOf = (events: readonly unknown[], more: object = {}) =>
  readTrackerBatch({ v: 1, k: "key", i: LOAD, s: NOON, c: {}, e: events, ...more });
const read = (events: readonly unknown[], more: object = {}, client: object = {}) =>
  readTrackerEvents(batchOf(events, more), { optedOut: false, ...client }, NOON, grant);
const event = (more: object = {}) => ({ q: 1, n: "c", t: 0, ...more });

describe("what a batch says of its page and its browser", () => {
  test("is nothing when it says nothing: not even that something is unknown", () => {
    expect(read([event()]).shared).toStrictEqual({ context: {}, raw: {} });
  });

  test.each<[string, object, object, object]>([
    ["a language", { c: { l: "de" } }, { language: "de" }, {}],
    ["a screen", { c: { w: [1512, 982, 1440, 789] } }, { screen: "1512x982" }, {}],
    ["a user", { d: { id: "u1" } }, { user_id: "u1" }, {}],
    ["no user", { d: {} }, {}, {}],
    ["a program that drives it", { c: { b: true } }, { bot_reasons: ["webdriver"] }, {}],
    ["nobody that drives it", { c: { b: false } }, {}, {}],
    ["a time zone", { c: { z: "Europe/Berlin" } }, {}, { timezone: "Europe/Berlin" }],
    ["a referrer", { c: { r: "https://a.example/x?q=1" } }, {}, { referrer: "https://a.example/x" }],
    ["an empty referrer", { c: { r: "" } }, {}, {}],
    ["a screen that feels fingers", { c: { p: 5 } }, {}, { touchPoints: 5 }],
    ["a screen that feels none", { c: { p: 0 } }, {}, { touchPoints: 0 }],
    ["a system's version", { c: { h: "15.0" } }, {}, { platformVersion: "15.0" }],
    // Context is a help: what is wrong in it is left out.
    ["too long a language", { c: { l: "x".repeat(LIMITS.languageChars + 1) } }, {}, {}],
    ["a screen of one side", { c: { w: [1] } }, {}, {}],
    ["a screen with half a dot", { c: { w: [1.5, 2] } }, {}, {}],
    ["more fingers than anybody", { c: { p: 257 } }, {}, {}],
    ["a context that is none", { c: "x" }, {}, {}],
    ["a user that is none", { d: 5 }, {}, {}],
  ])("may be %s", (_, more, context, raw) => {
    expect(read([event()], more).shared).toStrictEqual({ context, raw });
  });

  test("is beside what the request says of the sender", () => {
    const client = { cutAddress: "203.0.113.0", userAgent: "Firefox", viewer: { country: "DE" } };
    expect(read([event()], { c: { z: "UTC" } }, client).shared.raw).toStrictEqual({
      ip: "203.0.113.0",
      userAgent: "Firefox",
      country: "DE",
      timezone: "UTC",
    });
  });
});

describe("what an event says of itself", () => {
  test.each<[object, object]>([
    [{}, {}],
    [{ m: 1_500 }, { engaged_ms: 1_500 }],
    [{ m: 0 }, { engaged_ms: 0 }],
    [{ m: 2 * DAY }, { engaged_ms: DAY }],
    [{ y: 55 }, { scroll: 55 }],
    [{ y: 101 }, { scroll: 100 }],
    [{ x: "https://a.example/b?c=d#e" }, { target: "https://a.example/b" }],
    [{ x: "/b#e\n?" }, { target: "/b" }],
    [{ w: "poll" }, { widget: "poll" }],
    [{ V: "2" }, { widget_version: "2" }],
    [{ P: "footer" }, { widget_placement: "footer" }],
    [{ a: "loaded" }, { widget_action: "loaded" }],
    [{ L: 2 * DAY }, { widget_ms: DAY }],
    [{ V: 5, P: 5, a: 5 }, {}],
  ])("%j is %j and no more", (more, context) => {
    expect(read([event(more)]).events).toStrictEqual([
      { id: expect.stringMatching(/^[0-9a-f]{32}\.1$/), collection: "c", timestamp: NOON, properties: {}, context },
    ]);
  });

  test("its page is the last that was told of under its number", () => {
    const { pages, events } = read([
      event({ g: 1, u: "https://a.example/1", T: "One" }),
      event({ q: 2, u: "https://a.example/0" }),
      event({ q: 3, g: 1 }),
      event({ q: 4 }),
      event({ q: 5, g: 7 }),
      event({ q: 6, g: 1, u: "https://a.example/1", r: "#/cart" }),
      event({ q: 7, g: 1 }),
    ]);
    expect(events.map(({ page }) => page)).toEqual([0, 1, 0, 1, undefined, 2, 2]);
    expect(pages).toStrictEqual([
      {
        context: { page_host: "a.example", page_path: "/1", page_title: "One" },
        raw: { url: "https://a.example/1" },
      },
      { context: { page_host: "a.example", page_path: "/0" }, raw: { url: "https://a.example/0" } },
      { context: { page_host: "a.example", page_path: "/1#/cart" }, raw: { url: "https://a.example/1" } },
    ]);
  });

  test("of an address that is none only the title is left", () => {
    expect(read([event({ u: "mailto:x", r: "#/cart", T: "x".repeat(LIMITS.titleChars + 9) })]).pages).toStrictEqual([
      { context: { page_title: "x".repeat(LIMITS.titleChars) } },
    ]);
  });
});

describe("an event that is refused harms only itself", () => {
  test.each<[unknown, string, string]>([
    [event({ q: -1 }), "c", "q: "],
    [event({ t: -1 }), "c", "t: "],
    [event({ n: 5 }), "", "n: "],
    ["x", "", "it: "],
    [event({ p: { keen: {} } }), "c", '"keen" is reserved.'],
    [event({ n: "x".repeat(500) }), "x".repeat(LIMITS.collectionNameChars), ""],
  ])("%j", (bad, name, said) => {
    const { events, refused } = read([event(), bad, event({ q: 3 })]);
    expect(events.map(({ id }) => id.split(".")[1])).toEqual(["1", "3"]);
    expect(refused).toMatchObject([{ index: 1, name }]);
    expect(refused[0]?.error.message).toContain(said);
  });

  test("and one that is not the tracker's says so; so does a batch", () => {
    expect(() => readTrackerEvent({})).toThrow(/^The event is not one of the tracker's: q: .+\.$/);
    expect(() => readTrackerBatch({})).toThrow(/^The batch is not one of the tracker's: v: .+\.$/);
    expect(() => readTrackerBatch("x" as Json)).toThrow(/^The batch is not one of the tracker's: it: .+\.$/);
    expect(() => batchOf([])).toThrow("e: ");
    expect(() => batchOf(Array.from({ length: 501 }, () => event()))).toThrow("e: ");
    expect(batchOf(Array.from({ length: 500 }, () => event())).e).toHaveLength(500);
    expect(() => batchOf([event()], { i: LOAD.replace("-7", "-4") })).toThrow("i: ");
    expect(batchOf([event()], { l: 1_000_000 }).l).toBe(100_000);
  });
});
