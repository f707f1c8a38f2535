import { describe, expectTypeOf, test } from "vitest";
import type { AnalysisName, DeleteEvents, Filter, Parameters } from "./index.ts";

/** What the API would refuse does not compile: the type checker runs these, the test only holds them. */
const question = <A extends AnalysisName>(_analysis: A, _parameters: Parameters[A]): void => {};
const events = { event_collection: "purchases" } as const;
const timed = { ...events, timeframe: "today" } as const;
const grouped = { ...events, group_by: "country" } as const;
const step = { ...events, actor_property: "user" } as const;

describe("what compiles", () => {
  test("is what the API answers", () => {
    const tiers = { property_name: "price", alias: "tier", ranges: [{ to: 1 }, { from: 1 }] } as const;
    question("count", events);
    question("count", { ...timed, interval: "daily", compare_to: "previous_year", time_property: "$visit.start" });
    question("sum", { ...grouped, target_property: "price", order_by: "result", limit: 5, other: "Other" });
    question("percentiles", { ...events, target_property: "price", percentiles: [50, 99] });
    question("count", { ...events, group_by: ["country", tiers] });
    question("extraction", { ...events, latest: 5, standard_fields: true });
    question("funnel", { steps: [step, { ...step, inverted: true }] });
    question("multi_analysis", { ...events, analyses: { n: { analysis_type: "count" } } });
  });

  test("is nothing that needs what is not there", () => {
    // @ts-expect-error an interval needs a timeframe
    question("count", { ...events, interval: "daily" });
    // @ts-expect-error so does another time
    question("count", { ...events, compare_to: "previous_period" });
    // @ts-expect-error and the start of visits
    question("count", { ...events, time_property: "$visit.start" });
    // @ts-expect-error an order needs groups
    question("count", { ...events, order_by: "result" });
    // @ts-expect-error a limit needs an order
    question("count", { ...grouped, limit: 5 });
    // @ts-expect-error the others need a limit
    question("count", { ...grouped, order_by: "result", other: "Other" });
    // @ts-expect-error a sum needs a property
    question("sum", events);
    // @ts-expect-error a percentile needs to say which
    question("percentile", { ...events, target_property: "price" });
    // @ts-expect-error events are not grouped
    question("extraction", { ...events, group_by: "country" });
    // @ts-expect-error a multi_analysis is of values
    question("multi_analysis", { ...events, analyses: { rows: { analysis_type: "extraction" } } });
    // @ts-expect-error buckets or ranges, not both
    question("count", { ...events, group_by: { property_name: "p", buckets: { size: 1 }, ranges: [{ to: 1 }] } });
    // @ts-expect-error the first step says who is counted
    question("funnel", { steps: [{ ...step, inverted: true }] });
  });

  test("is no deletion that says nothing of which events, and no zone without a time", () => {
    const filters = [{ property_name: "user", operator: "eq", property_value: "ada" }] as const;
    expectTypeOf<{ timeframe: "today"; timezone: "UTC" }>().toExtend<DeleteEvents>();
    expectTypeOf({ filters }).toExtend<DeleteEvents>();
    expectTypeOf<object>().not.toExtend<DeleteEvents>();
    expectTypeOf<{ timezone: "UTC" }>().not.toExtend<DeleteEvents>();
    expectTypeOf<{ filters: typeof filters; timezone: "UTC" }>().not.toExtend<DeleteEvents>();
  });

  test("is no filter whose value its operator cannot take", () => {
    expectTypeOf<{ property_name: "p"; operator: "exists"; property_value: true }>().toExtend<Filter>();
    expectTypeOf<{ property_name: "p"; operator: "exists"; property_value: "yes" }>().not.toExtend<Filter>();
    expectTypeOf<{ property_name: "p"; operator: "in"; property_value: string[] }>().toExtend<Filter>();
    expectTypeOf<{ property_name: "p"; operator: "in"; property_value: string }>().not.toExtend<Filter>();
    expectTypeOf<{ property_name: "p"; operator: "regex"; property_value: 5 }>().not.toExtend<Filter>();
    expectTypeOf<{ property_name: "p"; operator: "gt"; property_value: boolean }>().not.toExtend<Filter>();
    expectTypeOf<{
      property_name: "p";
      operator: "within";
      property_value: { coordinates: [number, number]; max_distance_miles: number };
    }>().toExtend<Filter>();
    expectTypeOf<{
      property_name: "$visit.id";
      operator: "did_not";
      property_value: { event_collection: "signups"; filters: Filter[] };
    }>().toExtend<Filter>();
    expectTypeOf<{ property_name: "p"; operator: "did"; property_value: "signups" }>().not.toExtend<Filter>();
  });
});
