import { LIMITS_QUERY, type JsonObject } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { parseQuery } from "../parse-query.ts";
import { echoSteps } from "./parse-funnel.ts";

type Refused = [error: string, raw: JsonObject];

/** `code: message`, whole: callers see nothing else of what went wrong. */
function refusal(analysis: string, raw: JsonObject): string {
  try {
    parseQuery(analysis, raw);
  } catch (error) {
    if (error instanceof Error && "code" in error) return `${String(error.code)}: ${error.message}`;
    throw error;
  }
  return "";
}

describe("funnel", () => {
  const step = (more: JsonObject = {}) => ({ event_collection: "visits", actor_property: "user.id", ...more });
  const funnel = (...steps: JsonObject[]) => parseQuery("funnel", { steps });
  const read = { collections: ["visits"], actor: "user.id", bots: "include", filter: { kind: "all", of: [] } };
  const plain = { ...read, inverted: false, optional: false, withActors: false };

  test("a step is what it says; its time, zone and bots are the question's where it says nothing", () => {
    expect(funnel(step())).toMatchObject({ kind: "funnel", steps: [plain] });
    const raw = {
      timeframe: "this_week",
      timezone: "Asia/Tokyo",
      bots: "exclude",
      steps: [step(), step({ timeframe: "today", timezone: "UTC", bots: "only", filters: null, optional: "true" })],
    };
    expect(parseQuery("funnel", raw)).toMatchObject({
      steps: [
        { ...plain, timeframe: { unit: "week" }, zone: { name: "Asia/Tokyo" }, bots: "exclude" },
        { ...plain, timeframe: { unit: "day" }, zone: { name: "UTC" }, bots: "only", optional: true },
      ],
    });
  });

  test("steps may be JSON text, with JSON text inside; an actor may be a list of one; a label is let through", () => {
    const timeframe = JSON.stringify({ start: "2026-01-01", end: "2026-02-01" });
    const asText = JSON.stringify([step({ timeframe, actor_property: ["user.id"], step_label: "First" })]);
    expect(parseQuery("funnel", { steps: asText })).toMatchObject({
      steps: [{ ...plain, timeframe: { kind: "absolute", start: Date.UTC(2026, 0, 1), end: Date.UTC(2026, 1, 1) } }],
    });
  });

  test("in order it has a window and a breakdown, and steps without flags", () => {
    expect(parseQuery("funnel", { steps: [step(), step()], ordered: "false" })).toMatchObject({ kind: "funnel" });
    const ordered = parseQuery("funnel", { steps: [step({ inverted: false })], ordered: true });
    expect(ordered).toStrictEqual({ kind: "ordered_funnel", steps: [{ ...read, zone: expect.anything() }] });
    expect(parseQuery("funnel", { steps: [step()], ordered: true, breakdown: "country" })).toMatchObject({
      breakdown: "country",
    });
  });

  test.each([
    ["1_minute", 60_000],
    ["90_minutes", 5_400_000],
    ["2_hours", 7_200_000],
    ["999999_days", 999_999 * 86_400_000],
    ["1_weeks", 604_800_000],
  ])("the window %s is %i ms", (window, windowMs) => {
    expect(parseQuery("funnel", { steps: [step()], ordered: true, window })).toMatchObject({ windowMs });
  });

  const steps = [step()];
  const ordered = { steps, ordered: true };
  const badWindow = (text: string) =>
    `InvalidParameterError: window "${text}" is not known. Use a number of minutes, hours, days or weeks, such as "7_days".`;
  test.each<Refused>([
    ["MissingParameterError: steps is required.", {}],
    ["InvalidParameterError: steps: must be a list of steps, or JSON text of one.", { steps: "first" }],
    ["InvalidParameterError: steps: must have at least one step.", { steps: [] }],
    [
      `InvalidParameterError: steps: must have at most ${LIMITS_QUERY.funnelSteps} steps.`,
      { steps: Array(LIMITS_QUERY.funnelSteps + 1).fill(step()) },
    ],
    ["InvalidParameterError: steps[1] must be an object.", { steps: [step(), "visits"] }],
    [
      'InvalidParameterError: "filter" is not a parameter of steps[0]. Did you mean "filters"?',
      { steps: [step({ filter: [] })] },
    ],
    ["InvalidParameterError: steps[0].actor_property: must be a name.", { steps: [{ event_collection: "visits" }] }],
    ["InvalidFilterError: steps[1]: filters[0] must be an object.", { steps: [step(), step({ filters: "[5]" })] }],
    [
      "InvalidParameterError: steps[0] cannot be inverted: the first step says who is counted at all.",
      { steps: [step({ inverted: true, optional: true }), step()] },
    ],
    [
      "InvalidParameterError: steps[0] cannot be optional: the first step says who is counted at all.",
      { steps: [step({ optional: true })] },
    ],
    ["InvalidParameterError: ordered: must be true or false.", { steps, ordered: "yes" }],
    ["InvalidParameterError: window is possible with ordered: true.", { steps, window: "7_days" }],
    ["InvalidParameterError: breakdown is possible with ordered: true.", { steps, ordered: false, breakdown: "a" }],
    [
      "InvalidParameterError: steps[1].inverted is not possible with ordered: true.",
      { ordered: true, steps: [step(), step({ inverted: true, optional: true })] },
    ],
    [
      "InvalidParameterError: steps[1].optional is not possible with ordered: true.",
      { ordered: true, steps: [step(), step({ optional: true, with_actors: true })] },
    ],
    [
      "InvalidParameterError: steps[0].with_actors is not possible with ordered: true.",
      { ordered: true, steps: [step({ with_actors: true })] },
    ],
    ['InvalidParameterError: window: must be text such as "7_days".', { ...ordered, window: 7 }],
    ...["7_months", "0_days", "7 days", "1000000_days", "a7_days", "7_days_", "7"].map((window): Refused => [
      badWindow(window),
      { ...ordered, window },
    ]),
    ...["result", "time_to_convert"].map((breakdown): Refused => [
      `InvalidParameterError: breakdown "${breakdown}" has the name of a value in the answer's rows.`,
      { ...ordered, breakdown },
    ]),
  ])("%s", (error, raw) => {
    expect(refusal("funnel", raw)).toBe(error);
  });

  test("the steps come back as they were sent, with what they did not say", () => {
    const filters = [{ property_name: "a", operator: "eq", property_value: 1 }];
    expect(
      echoSteps({
        timezone: "UTC",
        steps: [
          { ...step(), actor_property: ["user.id"] },
          { ...step({ filters, optional: true }), timeframe: "today" },
        ],
      }),
    ).toStrictEqual([
      {
        event_collection: "visits",
        actor_property: "user.id",
        timeframe: null,
        timezone: "UTC",
        filters: [],
        inverted: false,
        optional: false,
        with_actors: false,
      },
      {
        event_collection: "visits",
        actor_property: "user.id",
        timeframe: "today",
        timezone: "UTC",
        filters,
        inverted: false,
        optional: true,
        with_actors: false,
      },
    ]);
  });
});

describe("retention", () => {
  const set = { event_collection: "signups" };
  const least = { actor_property: "user.id", first: set, timeframe: "previous_6_weeks", interval: "weekly" };

  test("who does not say what came after asks who did the same again", () => {
    const first = { collections: ["signups"], bots: "include", timeframe: { count: 6, unit: "week" } };
    expect(parseQuery("retention", least)).toMatchObject({
      kind: "retention",
      actor: "user.id",
      first,
      returning: first,
      period: "week",
      unbounded: false,
    });
  });

  test("both sides have the question's time, zone and bots, and each its own events", () => {
    const filters = [{ property_name: "plan", operator: "exists", property_value: true }];
    const raw = {
      ...least,
      timezone: "Asia/Tokyo",
      bots: "only",
      interval: "monthly",
      unbounded: "true",
      returning: JSON.stringify({ event_collection: ["visits"], filters }),
    };
    const shared = { timeframe: { unit: "week" }, zone: { name: "Asia/Tokyo" }, bots: "only" };
    expect(parseQuery("retention", raw)).toMatchObject({
      first: { ...shared, collections: ["signups"], filter: { kind: "all" } },
      returning: { ...shared, collections: ["visits"], filter: { kind: "exists", field: "plan" } },
      period: "month",
      unbounded: true,
    });
    expect(parseQuery("retention", { ...raw, interval: "daily" })).toMatchObject({ period: "day" });
  });

  test.each<Refused>([
    ["MissingParameterError: actor_property is required.", { ...without(least, "actor_property") }],
    ["MissingParameterError: first is required.", { ...without(least, "first") }],
    ["MissingParameterError: timeframe is required.", { ...without(least, "timeframe") }],
    ["MissingParameterError: interval is required.", { ...without(least, "interval") }],
    ["InvalidParameterError: first must be an object.", { ...least, first: "signups" }],
    [
      'InvalidParameterError: "timeframe" is not a parameter of returning. Known are event_collection, filters.',
      { ...least, returning: { ...set, timeframe: "today" } },
    ],
    ["InvalidFilterError: returning: filters[0] must be an object.", { ...least, returning: { ...set, filters: [1] } }],
    [
      'InvalidIntervalError: interval "hourly" is not possible with retention. Use daily, weekly, monthly.',
      { ...least, interval: "hourly" },
    ],
    ["InvalidParameterError: unbounded: must be true or false.", { ...least, unbounded: 1 }],
  ])("%s", (error, raw) => {
    expect(refusal("retention", raw)).toBe(error);
  });
});

describe("paths", () => {
  const least = { event_collection: "pageviews", step_property: "$page.path" };

  test("what is not said: three steps forward within visits, ten values each, and a repeat is one step", () => {
    expect(parseQuery("paths", least)).toStrictEqual({
      kind: "paths",
      collections: ["pageviews"],
      zone: expect.anything(),
      filter: { kind: "all", of: [] },
      bots: "include",
      step: "$page.path",
      session: "$visit.id",
      direction: "next",
      depth: 3,
      top: 10,
      collapse: true,
    });
  });

  test("what is said", () => {
    const said = {
      session_property: "s",
      direction: "previous",
      anchor: 0,
      depth: "2",
      values: 5,
      collapse_repeats: "false",
    };
    expect(parseQuery("paths", { ...least, ...said })).toMatchObject({
      session: "s",
      direction: "previous",
      anchor: 0,
      depth: 2,
      top: 5,
      collapse: false,
    });
  });

  test.each<[parameter: string, raw: JsonObject]>([
    ["step_property", { step_property: 5 }],
    ["session_property", { session_property: 5 }],
    ["direction", { direction: "back" }],
    ["anchor", { anchor: {} }],
    ["depth", { depth: LIMITS_QUERY.pathDepth + 1 }],
    ["values", { values: 0 }],
    ["collapse_repeats", { collapse_repeats: "no" }],
  ])("%s is named where it is wrong", (parameter, raw) => {
    expect(refusal("paths", { ...least, ...raw })).toMatch(new RegExp(`^InvalidParameterError: ${parameter}: `));
  });
});

function without<T extends JsonObject>(raw: T, name: keyof T & string): JsonObject {
  return Object.fromEntries(Object.entries(raw).filter(([each]) => each !== name));
}
