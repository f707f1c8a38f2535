import { beforeAll, describe, expect, test } from "vitest";
import type { StoredEvent } from "../../event/event.ts";
import { parseZone } from "../../time/zone.ts";
import type { Json } from "../../values/json.ts";
import { funnelPlan, NOON, orderedFunnelPlan, pathsPlan, retentionPlan, storedEvent } from "../fixtures.ts";
import { createReferenceStore } from "../reference.ts";
import { FUNNEL, ORDERED, PATHS, RETENTION, type ActorAnswers, type ActorKind } from "./kinds.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const WHO: readonly Json[] = ["ann", "bob", "", "5", 5, -0.5, true, false, null, ["ann"], "ä😀"];

/** Two hundred deeds of few, many in the same minute and some in the same millisecond, as a small generator of numbers has it. */
export const DEEDS: readonly StoredEvent[] = Array.from({ length: 200 }, (_, i) => {
  const pick = (salt: number, most: number) => Math.floor(Math.abs(Math.sin(i * 12.9898 + salt) * 43_758.5453)) % most;
  const minutes = pick(1, 8) * MINUTE + (i % 5 === 0 ? pick(2, 30) * DAY : 0);
  return storedEvent({
    project: "p",
    collection: pick(3, 5) === 0 ? "clicks" : "visits",
    timestamp: NOON - 20 * DAY + minutes,
    ordinal: i,
    context: { visit_id: `v${pick(4, 9)}`, page_path: `/${"abcd"[pick(5, 4)]}`, visitor: "xyz"[pick(6, 3)] ?? "" },
    properties: { who: WHO[pick(7, WHO.length)] ?? null, did: ["view", "cart", "buy", 1][pick(8, 4)] ?? "" },
  });
});

/** A step of those who did this. */
export const did = (value: string) => ({ filter: { kind: "eq", field: "did", value } }) as const;

const timeframe = { kind: "absolute", start: NOON - 21 * DAY, end: NOON + 12 * DAY } as const;

const FUNNELS = [
  [did("view"), { ...did("cart"), withActors: true }, did("buy")],
  [{ withActors: true }, { ...did("buy"), inverted: true }, { ...did("cart"), optional: true }, did("view")],
  [{ actor: "$visitor" }, { ...did("buy"), actor: "$visitor", withActors: true }],
  [{ actor: "$visitor" }, { actor: "who", withActors: true }],
  [{ actor: "never", withActors: true }, did("buy")],
];

const ORDERED_FUNNELS = [
  { steps: [did("view"), did("cart"), did("buy")] },
  { steps: [did("view"), did("cart")], windowMs: 2 * MINUTE },
  { steps: [did("view"), did("cart"), did("buy")], windowMs: DAY, breakdown: "did" },
  { steps: [{}, { collections: ["clicks"] }], breakdown: "$page.path" },
  { steps: [{ actor: "$visitor" }, { ...did("buy"), actor: "$visitor" }], breakdown: "never" },
];

const RETENTIONS = [
  { timeframe, first: did("view"), returning: did("buy") },
  { timeframe, returning: { collections: ["clicks"] }, unbounded: true },
  { timeframe, period: "week", unbounded: true },
  // The clocks change in it: periods of three lengths.
  { timeframe, period: "month", zone: parseZone("Europe/Berlin"), actor: "$visitor" },
  { timeframe, zone: parseZone("America/New_York"), actor: "$visitor" },
] as const;

const PATHS_ASKED = [
  {},
  { top: 2, depth: 2 },
  { collapse: false, depth: 4, step: "did" },
  { direction: "previous", depth: 2, collapse: false },
  { anchor: "/b", depth: 2 },
  { anchor: "/b", direction: "previous", top: 1 },
  { anchor: 1, step: "did", session: "who" },
  { anchor: "nowhere" },
  { step: "who", session: "$visitor", top: 3, depth: 6 },
] as const;

/**
 * Some questions of each kind about {@link DEEDS}: few and quick, where the random ones of `describeActorDifferential` are many and slow.
 * @param create what answers from these events
 */
export function describeActorAnswers(name: string, create: () => ActorAnswers | Promise<ActorAnswers>): void {
  describe(name, () => {
    const reference = createReferenceStore();
    let store: ActorAnswers;
    beforeAll(async () => {
      await reference.append(DEEDS);
      store = await create();
    });

    async function expectAgreement<Input, Plan, Result>(of: ActorKind<Input, Plan, Result>, plan: Plan): Promise<void> {
      const found = await of.ask(store, plan);
      expect(of.comparable(found)).toEqual(of.comparable(await of.ask(reference, plan)));
    }

    test.each(FUNNELS)("funnel %#", (...steps) => expectAgreement(FUNNEL, funnelPlan("p", steps)));
    test.each(ORDERED_FUNNELS)("funnel in order %#", (question) =>
      expectAgreement(ORDERED, orderedFunnelPlan("p", question)),
    );
    test.each(RETENTIONS)("retention %#", (question) => expectAgreement(RETENTION, retentionPlan("p", question)));
    test.each(PATHS_ASKED)("paths %#", (question) => expectAgreement(PATHS, pathsPlan("p", question)));
  });
}
