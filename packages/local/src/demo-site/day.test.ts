import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { identityTime, isObject } from "@millrace/core";
import { dayOf, hoursOf } from "./day.ts";

const END = Date.UTC(2026, 4, 2, 12);
let seed = 1;
/** A simple generator, so that every run makes the same day. */
const chance = () => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed / 2_147_483_647;
};
const random = (length: number) => Uint8Array.from({ length }, () => Math.floor(chance() * 256));
const events = dayOf({ end: END, url: "http://localhost:3000", visits: 200, chance, random });

test("a day is in the order in which it happened, and is over", () => {
  const times = events.map(({ at }) => at);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times[0]).toBeGreaterThan(END - 86_400_000);
  expect(times.at(-1)).toBeLessThanOrEqual(END);
  expect(hoursOf(events).length).toBeGreaterThan(18);
  expect(hoursOf(events).flat()).toEqual(events);
});

test("every visit begins with page 1, at the time in its id, and goes on in order", () => {
  const pages = new Map<string, number[]>();
  for (const { at, collection, event } of events) {
    const context = event["$context"];
    if (collection !== "pageviews" || !isObject(context)) continue;
    const visit = context["visit_id"] as string;
    if (context["visit_page"] === 1) expect(identityTime(visit)).toBe(Math.trunc(at));
    pages.set(visit, [...(pages.get(visit) ?? []), Number(context["visit_page"])]);
  }
  expect(pages.size).toBeGreaterThan(190);
  for (const numbers of pages.values()) expect(numbers).toEqual(numbers.map((_, index) => index + 1));
});

test("both widgets are shown, seen, used and convert, fewer at each step, and every submission and file is there", () => {
  const steps = new Map<string, number>();
  for (const { collection, event } of events) {
    const context = event["$context"];
    if (!isObject(context) || collection !== "widgets") continue;
    const name = `${context["widget"] as string} ${context["widget_action"] as string}`;
    steps.set(name, (steps.get(name) ?? 0) + 1);
  }
  const counts = (widget: string, actions: readonly string[]) =>
    actions.map((action) => steps.get(`${widget} ${action}`) ?? 0);
  for (const funnel of [
    counts("plan-calculator", ["shown", "seen", "interacted", "converted"]),
    counts("helpful-poll", ["shown", "seen", "interacted"]),
  ]) {
    expect(funnel).toEqual(funnel.toSorted((a, b) => b - a));
    expect(Math.min(...funnel)).toBeGreaterThan(0);
    expect(new Set(funnel).size).toBe(funnel.length);
  }
  const of = (collection: string) => events.filter((event) => event.collection === collection);
  expect(of("trials")).toHaveLength(steps.get("plan-calculator converted") ?? 0);
  expect(of("poll_votes")).toHaveLength(steps.get("helpful-poll voted") ?? 0);
  expect(of("form_submissions")).toHaveLength(of("contact_requests").length);
  expect(new Set(of("downloads").map(({ event }) => (event["$context"] as { target: string }).target)).size).toBe(2);
});

test("each visit tells how quick its first page was: most are good, some are not", () => {
  const told = events.filter(({ collection }) => collection === "web_vitals").map(({ event }) => event);
  expect(told.length).toBeGreaterThan(190);
  const good = told.filter(({ lcp }) => Number(lcp) <= 2_500).length;
  expect(good).toBeGreaterThan(told.length / 2);
  expect(good).toBeLessThan(told.length);
  for (const { ttfb, fcp, lcp } of told) {
    expect(Number(fcp)).toBeGreaterThan(Number(ttfb));
    expect(Number(lcp)).toBeGreaterThanOrEqual(Number(fcp));
  }
});

test("what is done with a widget says which one, as the page does", () => {
  const pages = new Map([
    ["plan-calculator", "pricing.html"],
    ["helpful-poll", "guides.html"],
  ]);
  for (const [widget, file] of pages) {
    const html = readFileSync(new URL(`../../demo/${file}`, import.meta.url), "utf8");
    const [event] = events.filter(({ event: { $context } }) => isObject($context) && $context["widget"] === widget);
    const { widget_version: version, widget_placement: placement } = (event?.event["$context"] ?? {}) as Record<
      string,
      string
    >;
    expect(html).toContain(`data-widget="${widget}"`);
    expect(html).toContain(`data-widget-version="${version}"`);
    expect(html).toContain(`data-widget-placement="${placement}"`);
  }
});

test("addresses are nobody's, in no country", () => {
  for (const { event } of events) {
    expect(event["$context"]).toMatchObject({
      ip: expect.stringMatching(/^198\.18\.\d+\.\d+$/),
    });
  }
});
