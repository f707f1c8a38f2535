import { compareValues, parseZone, shapePaths, type Json, type StoredEvent } from "@millrace/core";
import {
  createReferenceStore,
  funnelPlan,
  NOON,
  orderedFunnelPlan,
  pathsPlan,
  retentionPlan,
  storedEvent,
} from "@millrace/core/contract";
import { describe, expect, test } from "vitest";
import { searcherOver } from "../../../test/engine/searcher.ts";
import { runFunnel } from "./funnel.ts";
import { runOrderedFunnel } from "./ordered-funnel.ts";
import { runPaths } from "./paths.ts";
import { runRetention } from "./retention.ts";
import type { Allowance } from "./stream.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const WHO: readonly Json[] = ["ann", "bob", "", "5", 5, -0.5, true, false, null, ["ann"], "ä😀"];

/** Two hundred deeds of few, many in the same minute and some in the same millisecond, as a small generator of numbers has it. */
const EVENTS: readonly StoredEvent[] = Array.from({ length: 200 }, (_, i) => {
  const pick = (salt: number, most: number) => Math.floor(Math.abs(Math.sin(i * 12.9898 + salt) * 43_758.5453)) % most;
  const minutes = pick(1, 8) * MINUTE + (i % 5 === 0 ? pick(2, 30) * DAY : 0);
  return storedEvent({
    project: "p",
    collection: pick(3, 5) === 0 ? "clicks" : "visits",
    timestamp: NOON - 20 * DAY + minutes,
    context: { visit_id: `v${pick(4, 9)}`, page_path: `/${"abcd"[pick(5, 4)]}`, visitor: "xyz"[pick(6, 3)] ?? "" },
    properties: { who: WHO[pick(7, WHO.length)] ?? null, did: ["view", "cart", "buy", 1][pick(8, 4)] ?? "" },
  });
});

const reference = createReferenceStore();
await reference.append(EVENTS);
const did = (value: string) => ({ filter: { kind: "eq", field: "did", value } }) as const;

/** Pages of two rows and of thousands: what an answer is must not depend on where a page ends. */
const PAGES = [
  ["in small pages", 9],
  ["in one page", 400_000],
] as const;
const allowing = (atOnce: number): Allowance => ({ left: 1e6, most: 1e6, atOnce });

describe.each(PAGES)("answers are the reference's, %s", (_, atOnce) => {
  test.each([
    [[did("view"), { ...did("cart"), withActors: true }, did("buy")]],
    [[{ withActors: true }, { ...did("buy"), inverted: true }, { ...did("cart"), optional: true }, did("view")]],
    [[{ actor: "$visitor" }, { ...did("buy"), actor: "$visitor", withActors: true }]],
    [[{ actor: "$visitor" }, { actor: "who", withActors: true }]],
    [[{ actor: "never", withActors: true }, did("buy")]],
  ])("funnel %#", async (steps) => {
    const plan = funnelPlan("p", steps);
    const comparable = ({ counts, actors }: Awaited<ReturnType<typeof runFunnel>>) => ({
      counts,
      actors: actors.map((list) => list?.toSorted(compareValues)),
    });
    const found = await runFunnel(searcherOver(EVENTS).searcher, plan, allowing(atOnce));
    expect(comparable(found)).toEqual(comparable(await reference.funnel(plan)));
  });

  test.each([
    [{ steps: [did("view"), did("cart"), did("buy")] }],
    [{ steps: [did("view"), did("cart")], windowMs: 2 * MINUTE }],
    [{ steps: [did("view"), did("cart"), did("buy")], windowMs: DAY, breakdown: "did" }],
    [{ steps: [{}, { collections: ["clicks"] }], breakdown: "$page.path" }],
    [{ steps: [{ actor: "$visitor" }, { ...did("buy"), actor: "$visitor" }], breakdown: "never" }],
  ])("funnel in order %#", async (question) => {
    const plan = orderedFunnelPlan("p", question);
    const comparable = ({ total, groups }: Awaited<ReturnType<typeof runOrderedFunnel>>) => ({
      total,
      groups: groups.toSorted((a, b) => compareValues(a.value, b.value)),
    });
    const found = await runOrderedFunnel(searcherOver(EVENTS).searcher, plan, allowing(atOnce));
    expect(comparable(found)).toEqual(comparable(await reference.orderedFunnel(plan)));
  });

  const timeframe = { kind: "absolute", start: NOON - 21 * DAY, end: NOON + 12 * DAY } as const;
  test.each([
    [{ timeframe, first: did("view"), returning: did("buy") }],
    [{ timeframe, returning: { collections: ["clicks"] }, unbounded: true }],
    [{ timeframe, period: "week", unbounded: true }],
    // The clocks change in it: periods of three lengths.
    [{ timeframe, period: "month", zone: parseZone("Europe/Berlin"), actor: "$visitor" }],
    [{ timeframe, zone: parseZone("America/New_York"), actor: "$visitor" }],
  ] as const)("retention %#", async (question) => {
    const plan = retentionPlan("p", question);
    const found = await runRetention(searcherOver(EVENTS).searcher, plan, allowing(atOnce));
    expect(found).toEqual(await reference.retention(plan));
  });

  test.each([
    [{}],
    [{ top: 2, depth: 2 }],
    [{ collapse: false, depth: 4, step: "did" }],
    [{ direction: "previous", depth: 2, collapse: false }],
    [{ anchor: "/b", depth: 2 }],
    [{ anchor: "/b", direction: "previous", top: 1 }],
    [{ anchor: 1, step: "did", session: "who" }],
    [{ anchor: "nowhere" }],
    [{ step: "who", session: "$visitor", top: 3, depth: 6 }],
  ] as const)("paths %#", async (question) => {
    const plan = pathsPlan("p", question);
    const found = await runPaths(searcherOver(EVENTS).searcher, plan, allowing(atOnce));
    expect(shapePaths(found)).toEqual(shapePaths(await reference.paths(plan)));
  });
});

test("all pages are of one snapshot", async () => {
  const { searcher, asked } = searcherOver(EVENTS);
  await runFunnel(searcher, funnelPlan("p", [did("view"), did("buy")]), allowing(9));
  expect(asked.length).toBeGreaterThan(4);
  expect(asked.every(({ snapshot }) => snapshot)).toBe(true);
});

test("more rows than there may be is an error that says how many; as many are not", async () => {
  const [plan] = [funnelPlan("p", [{}])];
  const rows = new Set(
    EVENTS.flatMap(({ collection, properties: { who } }) =>
      collection === "visits" && who !== null ? [JSON.stringify(who)] : [],
    ),
  );
  const ask = (most: number) => runFunnel(searcherOver(EVENTS).searcher, plan, { left: most, most, atOnce: 100 });
  await expect(ask(rows.size)).resolves.toMatchObject({ counts: [rows.size] });
  await expect(ask(rows.size - 1)).rejects.toMatchObject({
    code: "TooManyResultsError",
    message: `The question is about more than ${rows.size - 1} actors and moments, the most that are told apart exactly here. Use filters, a shorter timeframe or fewer steps.`,
  });
});
