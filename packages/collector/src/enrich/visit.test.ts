import { mintId, type VisitEntry } from "@millrace/core";
import { expect, test } from "vitest";
import { accepted } from "../testing/events.ts";
import { createEnricher } from "./enricher.ts";

const enrich = createEnricher();
const visitOf = (visit: VisitEntry | undefined) => {
  const { context } = enrich(accepted({ collection: "purchases", raw: visit ? { visit } : {} }));
  return [context.visit_source, context.visit_channel, context.visit_campaign, context.visit_entry];
};
const SEARCH = "https://www.google.com/search";

test.each<[VisitEntry, unknown[]]>([
  [{ url: "https://shop.example/a?utm_source=news&utm_medium=email&utm_campaign=may" }, ["news", "Email", "may", "/a"]],
  [{ url: "https://shop.example/a", referrer: SEARCH }, ["Google", "Organic Search", undefined, "/a"]],
  [
    { url: "https://shop.example/", referrer: "https://blog.example/post" },
    ["blog.example", "Referral", undefined, "/"],
  ],
  [{ url: "https://shop.example/a" }, [undefined, "Direct", undefined, "/a"]],
  [{ url: "https://shop.example/a", referrer: "https://www.shop.example/b" }, [undefined, undefined, undefined, "/a"]],
  [{ url: "/only?utm_campaign=may", referrer: SEARCH }, ["Google", "Organic Search", "may", "/only"]],
  [{}, [undefined, undefined, undefined, undefined]],
])("the visit that began with %j came from %j, said on every event of it", (visit, expected) => {
  expect(visitOf(visit)).toEqual(expected);
  expect(visitOf(visit)).toEqual(expected);
});

test("the words of the address that began the visit are on every event of it, as they are written", () => {
  const visit = {
    url: "https://shop.example/?utm_source=NewsLetter&utm_medium=email&utm_term=red+shoes&utm_content=top",
  };
  const { context } = enrich(accepted({ collection: "purchases", raw: { visit } }));
  expect([context.visit_utm_source, context.visit_medium, context.visit_term, context.visit_content]).toEqual([
    "NewsLetter",
    "email",
    "red shoes",
    "top",
  ]);
});

test("an event of no visit came from nowhere known, not directly", () => {
  expect(visitOf(undefined)).toEqual([undefined, undefined, undefined, undefined]);
});

test("when a visit began stands in its id, on every event of it", () => {
  const begun = Date.UTC(2026, 4, 1, 10);
  const start = (visit_id: string, timestamp: number) =>
    enrich(accepted({ timestamp, context: { visit_id } })).context.visit_start;
  const visit = mintId(begun, new Uint8Array(10));
  expect(start(visit, begun)).toBe(begun);
  expect(start(visit, begun + 3 * 3_600_000)).toBe(begun);
  // A clock may be behind by a little, and a tab may be open for a week; beyond that it is no visit that runs.
  const [half, week] = [30 * 60_000, 7 * 86_400_000];
  for (const at of [begun - half, begun + week]) expect(start(visit, at)).toBe(begun);
  for (const at of [begun - half - 1, begun + week + 1]) expect(start(visit, at)).toBe(at);
  // Another product's ids say nothing, even those that look like ours: each event stands for itself.
  for (const other of ["visit-7", "d41d8cd98f00b204e9800998ecf8427e"]) expect(start(other, begun)).toBe(begun);
  expect(enrich(accepted({ timestamp: begun })).context.visit_start).toBeUndefined();
});

test("a page view that begins a visit says the same of both", () => {
  const url = "https://shop.example/landing?utm_campaign=spring&gclid=1";
  const { context } = enrich(accepted({ raw: { url, referrer: SEARCH, visit: { url, referrer: SEARCH } } }));
  expect([context.visit_source, context.visit_channel, context.visit_campaign, context.visit_entry]).toEqual([
    context.source,
    context.channel,
    context.utm_campaign,
    context.page_path,
  ]);
  expect(context.visit_channel).toBe("Paid Search");
});
