import type { JsonObject } from "@millrace/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestApp, withForcedFilter, type TestApp } from "../../../test/setup.ts";
import { VISITOR_DAYS_NOTE } from "../notes.ts";

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
  await record(t);
});
afterAll(() => t.close());

async function record(app: TestApp): Promise<void> {
  const page = (user: string, path: string, at: string, plan = "free") => ({
    collection: "views",
    at: `2021-03-${at}Z`,
    properties: { user, plan },
    context: { visitor: user, visit_id: `${user}-${at.slice(0, 2)}`, page_path: path },
  });
  await app.record(
    page("ann", "/", "08T10:00:00", "pro"),
    page("ann", "/pricing", "08T10:01:00"),
    page("ann", "/signup", "08T10:05:00"),
    page("ann", "/", "10T09:00:00"),
    page("bob", "/", "08T11:00:00"),
    page("bob", "/signup", "08T11:30:00"),
    page("cid", "/", "09T11:00:00", "pro"),
  );
}

const on = (path: string) => [{ property_name: "$page.path", operator: "eq", property_value: path }];
const step = (path: string) => ({ event_collection: "views", actor_property: "user", filters: on(path) });
const STEPS = [step("/"), step("/pricing"), step("/signup")];
const WEEK = { start: "2021-03-08T00:00:00Z", end: "2021-03-11T00:00:00Z" };
const ask = (analysis: string, parameters: JsonObject, app = t) =>
  app.query(analysis, { event_collection: null, ...parameters });

describe("funnels in order", () => {
  test("tell how long each step took, in seconds", async () => {
    const { body } = await ask("funnel", { ordered: true, steps: STEPS });
    expect(body).toMatchObject({
      result: [3, 1, 1],
      time_to_convert: [null, { average: 60, median: 60, p90: 60 }, { average: 240, median: 240, p90: 240 }],
      steps: [{ event_collection: "views" }, {}, {}],
    });
    expect(body).not.toHaveProperty("groups");
  });

  test("within a window, and by a property of the first step", async () => {
    const within = async (window: string) =>
      (await ask("funnel", { ordered: "true", window, steps: STEPS })).body.result;
    expect([await within("5_minutes"), await within("4_minutes"), await within("1_week")]).toEqual([
      [3, 1, 1],
      [3, 1, 0],
      [3, 1, 1],
    ]);
    const { body } = await ask("funnel", { ordered: true, breakdown: "plan", steps: [step("/"), step("/signup")] });
    expect(body).toMatchObject({
      result: [3, 2],
      groups: [
        { plan: "free", result: [1, 1], time_to_convert: [null, { median: 1_800 }] },
        { plan: "pro", result: [2, 1], time_to_convert: [null, { median: 300 }] },
      ],
    });
  });

  test.each<[message: RegExp, parameters: JsonObject]>([
    [/^window is possible with ordered: true/, { window: "1_day" }],
    [/^breakdown is possible with ordered: true/, { breakdown: "plan" }],
    [/^window "a_month" is not known/, { ordered: true, window: "a_month" }],
    [/^window "1_month" is not known/, { ordered: true, window: "1_month" }],
    [/^breakdown "result" has the name/, { ordered: true, breakdown: "result" }],
    [
      /^steps\[1\]\.inverted is not possible with ordered/,
      { ordered: true, steps: [step("/"), { ...step("/"), inverted: true }] },
    ],
    [/^steps\[0\]\.with_actors is not possible/, { ordered: true, steps: [{ ...step("/"), with_actors: true }] }],
    [/^breakdown needs a text, a number or a boolean/, { ordered: true, breakdown: "keen.timestamp" }],
  ])("%s", async (message, parameters) => {
    const { status, body } = await ask("funnel", { steps: STEPS, ...parameters });
    expect([status, body.message]).toEqual([400, expect.stringMatching(message)]);
  });
});

describe("retention", () => {
  const asked = { actor_property: "user", timeframe: WEEK, interval: "daily", first: { event_collection: "views" } };

  test("is one entry a cohort, in the shape of intervals; who does not say otherwise asks who did the same again", async () => {
    const { body } = await ask("retention", asked);
    expect(body).toEqual({
      result: [
        {
          value: { size: 2, returned: [2, 0, 1] },
          timeframe: { start: "2021-03-08T00:00:00.000Z", end: "2021-03-09T00:00:00.000Z" },
        },
        { value: { size: 1, returned: [0, 0] }, timeframe: expect.anything() as unknown },
        { value: { size: 0, returned: [0] }, timeframe: expect.anything() as unknown },
      ],
    });
  });

  test("by an event of its own, in that period or later; by GET too", async () => {
    const returning = { event_collection: "views", filters: on("/signup") };
    const { body } = await ask("retention", { ...asked, returning, unbounded: true });
    expect(body.result).toMatchObject([{ value: { size: 2, returned: [2, 0, 0] } }, {}, {}]);
    const query = new URLSearchParams({
      actor_property: "user",
      interval: "weekly",
      timeframe: JSON.stringify(WEEK),
      first: JSON.stringify({ event_collection: "views" }),
    });
    const byGet = await t.get<{ result: unknown }>(`/queries/retention?${query.toString()}`);
    expect(byGet.body.result).toMatchObject([{ value: { size: 3, returned: [2] } }]);
  });

  test("of visitors over several days is of visitor-days, and says so", async () => {
    const { body } = await ask("retention", { ...asked, actor_property: "$visitor" });
    expect(body.meta).toMatchObject({ notes: [VISITOR_DAYS_NOTE] });
  });

  test.each<[message: RegExp, parameters: JsonObject]>([
    [/^actor_property is required/, { actor_property: null }],
    [/^first is required/, { first: null }],
    [/^timeframe is required/, { timeframe: null }],
    [/^interval is required/, { interval: null }],
    [/^interval "hourly" is not possible with retention\. Use daily, weekly, monthly/, { interval: "hourly" }],
    [/^retention would have \d+ periods; the most is 366/, { timeframe: "previous_5_years" }],
    [/^first must be an object/, { first: "views" }],
    [/"timeframe" is not a parameter of returning/, { returning: { event_collection: "views", timeframe: "today" } }],
    [/^first: filters\[0\]/, { first: { event_collection: "views", filters: [{}] } }],
  ])("%s", async (message, parameters) => {
    const { status, body } = await ask("retention", { ...asked, ...parameters });
    expect([status, body.message]).toEqual([400, expect.stringMatching(message)]);
  });
});

describe("paths", () => {
  const asked = { event_collection: "views", step_property: "$page.path" };

  test("are pairs of places, step by step, with how many sessions there are", async () => {
    const { body } = await ask("paths", { ...asked, depth: 1 });
    expect(body).toEqual({
      result: [
        { step: 1, from: { value: "/" }, to: { ended: true }, result: 2 },
        { step: 1, from: { value: "/" }, to: { value: "/pricing" }, result: 1 },
        { step: 1, from: { value: "/" }, to: { value: "/signup" }, result: 1 },
      ],
      sessions: 4,
    });
  });

  test("from a place, backwards, with the rest as others", async () => {
    const { body } = await ask("paths", { ...asked, anchor: "/signup", direction: "previous", depth: 1, values: 1 });
    expect(body).toEqual({
      result: [
        { step: 1, from: { value: "/signup" }, to: { value: "/" }, result: 1 },
        { step: 1, from: { value: "/signup" }, to: { other: true }, result: 1 },
      ],
      sessions: 2,
    });
    const query = "event_collection=views&step_property=$page.path&anchor=/signup&depth=1&collapse_repeats=false";
    expect((await t.get(`/queries/paths?${query}`)).body).toMatchObject({ sessions: 2 });
  });

  test.each<[message: RegExp, parameters: JsonObject]>([
    [/^step_property is required/, { step_property: null }],
    [/^direction/, { direction: "sideways" }],
    [/^depth/, { depth: 11 }],
    [/^values/, { values: 51 }],
    [/^anchor must be|^anchor: must be/, { anchor: ["/"] }],
    [/session_property needs a text/, { session_property: "$bot.reasons" }],
    [/"limit" is not a parameter of paths/, { limit: 5 }],
  ])("%s", async (message, parameters) => {
    const { status, body } = await ask("paths", { ...asked, ...parameters });
    expect([status, body.message]).toEqual([400, expect.stringMatching(message)]);
  });
});

test("all of them in one batch, of one moment", async () => {
  const first = { event_collection: "views" };
  const response = await t.app.request(`${t.shop.url}/queries/batch`, {
    method: "POST",
    headers: { Authorization: t.shop.readKey },
    body: JSON.stringify({
      queries: {
        funnel: { analysis_type: "funnel", ordered: true, steps: STEPS },
        retention: { analysis_type: "retention", actor_property: "user", timeframe: WEEK, interval: "monthly", first },
        paths: { analysis_type: "paths", event_collection: "views", step_property: "$page.path", depth: 1 },
      },
    }),
  });
  expect(await response.json()).toMatchObject({
    result: { funnel: { result: [3, 1, 1] }, retention: { result: [{ value: { size: 3 } }] }, paths: { sessions: 4 } },
  });
});

test("a key's forced filter holds in every set of events of each of them", async () => {
  const forced = await createTestApp((deps) => withForcedFilter(deps, { kind: "eq", field: "plan", value: "pro" }));
  await record(forced);
  const everything = [{ operator: "or", operands: [{ property_name: "plan", operator: "ne", property_value: "x" }] }];
  const views = { event_collection: "views", filters: everything };
  const steps = [views, views].map((set) => ({ ...set, actor_property: "user" }));
  const funnel = await ask("funnel", { ordered: true, breakdown: "plan", steps }, forced);
  expect(funnel.body).toMatchObject({ result: [2, 0], groups: [{ plan: "pro" }] });
  const retention = await ask(
    "retention",
    { actor_property: "user", timeframe: WEEK, interval: "monthly", first: views, returning: views },
    forced,
  );
  expect(retention.body.result).toMatchObject([{ value: { size: 2, returned: [0] } }]);
  const paths = await ask("paths", { ...views, step_property: "$page.path", depth: 1 }, forced);
  expect(paths.body).toMatchObject({ sessions: 2, result: [{ to: { ended: true }, result: 2 }] });
  await forced.close();
});

describe("the question as it was understood", () => {
  test.each<[analysis: string, parameters: JsonObject]>([
    [
      "retention",
      {
        actor_property: "user",
        timeframe: WEEK,
        interval: "daily",
        unbounded: true,
        first: { event_collection: "views", filters: on("/") },
        returning: { event_collection: "views" },
      },
    ],
    [
      "paths",
      {
        event_collection: "views",
        timeframe: { start: "2021-03-08", end: "2021-03-11" },
        timezone: "Europe/Berlin",
        step_property: "$page.path",
        session_property: "user",
        anchor: "/",
        depth: 2,
        filters: [{ property_name: "user", operator: "in", property_value: ["ann", "bob"] }],
      },
    ],
  ])("of %s is in meta, and asked again it has the same answer", async (analysis, parameters) => {
    const { body } = await ask(analysis, { ...parameters, include_metadata: true });
    const { query } = body.meta as { query: JsonObject };
    expect(query).toMatchObject({ analysis_type: analysis, timezone: parameters["timezone"] ?? "UTC" });
    const { analysis_type: _, ...again } = query;
    expect((await ask(analysis, again)).body.result).toEqual(body.result);
  });
});
