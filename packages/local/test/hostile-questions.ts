import { beforeAll, describe, expect, test } from "vitest";
import type { Demo } from "../src/demo.ts";
import { inProject, request } from "./client.ts";
import { ask, settled } from "./harness.ts";

const DAY_MS = 86_400_000;
const FIRST = Date.UTC(2025, 2, 1);
const at = (ms: number) => new Date(FIRST + ms).toISOString();
const DAY = { start: at(0), end: at(DAY_MS) };

/** One actor that goes round five pages, ten thousand times; and a crowd of actors of one page each. */
const BOT_EVENTS = 50_000;
const CROWD = 20_000;
const PAGES = 5;
/** As many periods as retention has at most. */
const YEAR = 366;
/** Of a busy machine. */
const PATIENCE_MS = 120_000;
/** What one request may hold. */
const BULK = 5_000;

const page = (n: number) => `/p${n % PAGES}`;

function* events() {
  for (let n = 0; n < BOT_EVENTS; n++) {
    yield { actor: "bot", page: page(n), n, keen: { timestamp: at(n * 1_000) } };
  }
  for (let n = 0; n < CROWD; n++) yield { actor: `a${n}`, page: page(0), keen: { timestamp: at(n) } };
}

const set = { event_collection: "crowd", timeframe: DAY };
const on = (n: number) => [{ property_name: "page", operator: "eq", property_value: page(n) }];
const steps = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, n) => ({ ...set, actor_property: "actor", filters: on(n), ...more }));
const everybody = (count: number) =>
  Array.from({ length: count }, () => ({ ...set, actor_property: "actor", with_actors: true }));
const cohorts = { actor_property: "actor", first: { event_collection: "crowd" } };
const list = (count: number) => Array.from({ length: count }, (_, n) => `a${n}`);
/** How many actors come to each of so many steps: all to the first, then the bot alone. */
const arrived = (count: number) => [CROWD + 1, ...Array<number>(count - 1).fill(1)];

/** Too much in each way there is, with what its refusal names. */
const REFUSED: [name: string, analysis: string, asks: object, says: RegExp][] = [
  ["a funnel of 100 steps", "funnel", { steps: steps(100) }, /steps/],
  ["an ordered funnel of 100 steps", "funnel", { ordered: true, steps: steps(100) }, /steps/],
  ["actors of six steps, more than an answer may list", "funnel", { steps: everybody(6) }, /actors/],
  [
    "retention of ten years of days",
    "retention",
    { ...cohorts, interval: "daily", timeframe: { start: at(0), end: at(3_650 * DAY_MS) } },
    /366/,
  ],
  ["retention by the minute", "retention", { ...cohorts, interval: "minutely", timeframe: DAY }, /interval/],
  [
    "paths of a hundred steps",
    "paths",
    { ...set, step_property: "page", session_property: "actor", depth: 100 },
    /depth/,
  ],
  [
    "paths of a thousand values",
    "paths",
    { ...set, step_property: "page", session_property: "actor", values: 1_000 },
    /values/,
  ],
  ["every actor in every minute", "count", { ...set, group_by: "actor", interval: "minutely" }, /cells/],
  [
    "a year of minutes",
    "count",
    { ...set, interval: "minutely", timeframe: { start: at(0), end: at(YEAR * DAY_MS) } },
    /buckets/,
  ],
  [
    "a list of 10,001 actors",
    "count",
    { ...set, filters: [{ property_name: "actor", operator: "in", property_value: list(10_001) }] },
    /10,?000/,
  ],
  ["201 filters", "count", { ...set, filters: Array.from({ length: 201 }, () => on(0)[0]) }, /200/],
  ["six properties to group by", "count", { ...set, group_by: ["a", "b", "c", "d", "e", "f"] }, /group_by/],
  ["more events than an extraction gives", "extraction", { ...set, latest: 100_001 }, /latest|100,?000/],
];

/** Much, and answered: the bot's fifty thousand events are read, and do not become anybody's else. */
const ANSWERED: [name: string, analysis: string, asks: object, result: unknown][] = [
  ["a funnel of 20 steps", "funnel", { steps: steps(20) }, arrived(20)],
  ["an ordered funnel of 20 steps", "funnel", { ordered: true, steps: steps(20) }, arrived(20)],
  [
    "paths over the bot",
    "paths",
    { ...set, step_property: "page", session_property: "actor", depth: 10 },
    [
      { step: 1, from: { value: page(0) }, to: { ended: true }, result: CROWD },
      ...Array.from({ length: 10 }, (_, n) => ({
        step: n + 1,
        from: { value: page(n) },
        to: { value: page(n + 1) },
        result: 1,
      })),
    ],
  ],
  [
    "retention of a year of days",
    "retention",
    { ...cohorts, interval: "daily", timeframe: { start: at(0), end: at(YEAR * DAY_MS) } },
    Array.from({ length: YEAR }, (_, day) => ({
      timeframe: { start: at(day * DAY_MS), end: at((day + 1) * DAY_MS) },
      value: {
        size: day === 0 ? CROWD + 1 : 0,
        returned: Array.from({ length: YEAR - day }, (__, n) => (day + n === 0 ? 1 : 0)),
      },
    })),
  ],
  ["what every actor did", "count_unique", { ...set, target_property: "actor" }, CROWD + 1],
  [
    "a list of 10,000 actors",
    "count",
    { ...set, filters: [{ property_name: "actor", operator: "in", property_value: list(10_000) }] },
    10_000,
  ],
];

/**
 * Questions that would cost without end if one let them: each is refused by the name of its limit, or answered right; and the server
 * answers the next one.
 */
export function hostileQuestions(use: () => Demo): void {
  describe("hostile questions", () => {
    const post = async (analysis: string, body: object) => {
      const answer = await request(use(), inProject(use(), `/queries/${analysis}`), { key: use().readKey, body });
      return {
        ...answer,
        body: JSON.parse(answer.text) as { result?: unknown; message?: string; error_code?: string },
      };
    };

    beforeAll(async () => {
      const demo = use();
      const all = [...events()];
      for (let from = 0; from < all.length; from += BULK) {
        const body = { crowd: all.slice(from, from + BULK) };
        const { status, text } = await request(demo, inProject(demo, "/events"), { key: demo.writeKey, body });
        expect(status, text.slice(0, 300)).toBe(200);
      }
      await settled(demo, PATIENCE_MS);
    }, 2 * PATIENCE_MS);

    test.each(REFUSED)(
      "%s: a clear 4xx",
      async (_name, analysis, asks, says) => {
        const { status, body } = await post(analysis, asks);
        expect([status, body]).toEqual([400, { error_code: expect.any(String), message: expect.stringMatching(says) }]);
        expect(await ask(use(), "count", { ...set, filters: on(1) })).toBe(BOT_EVENTS / PAGES);
      },
      PATIENCE_MS,
    );

    test.each(ANSWERED)(
      "%s: answered right",
      async (_name, analysis, asks, result) => {
        const { status, body } = await post(analysis, asks);
        expect([status, body.message, body.result]).toEqual([200, undefined, result]);
      },
      PATIENCE_MS,
    );
  });
}
