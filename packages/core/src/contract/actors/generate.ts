import fc from "fast-check";
import type { Context } from "../../event/fields.ts";
import type { Filter } from "../../query/filter.ts";
import type { Json, JsonObject } from "../../values/json.ts";
import { eventSeed, type EventSeed } from "../generate/events.ts";
import { shared } from "../generate/questions.ts";
import type { PathsQuery } from "../../query/paths/query.ts";
import type { RetentionInput, StepInput } from "../fixtures.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Clocks go back in Berlin this night. */
const CENTRE = Date.UTC(2026, 9, 25, 0, 30);

/** Few actors of every type, two of which look alike, so that everybody does several things. */
const WHO: Json[] = ["ann", "bob", "", "5", 5, -0.5, true, null, ["ann"], "ä\u0000😀"];
const DID = ["view", "cart", "buy"];

/** Who does things in a set of events: how many there are of each kind. */
interface Crowd {
  readonly who: readonly Json[];
  readonly visitors: readonly string[];
  readonly visits: readonly string[];
}

const FEW: Crowd = { who: WHO, visitors: ["ann", "bob", "cid"], visits: ["v1", "v2", "v3"] };
const numbered = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}${i}`);
/** Beyond what a store holds in one piece of its work (DuckDB: 2,048 rows), with a few who do very much. */
const MANY: Crowd = {
  who: [...WHO, ...WHO, ...WHO, ...numbered("u", 300), ...numbered("", 40).map(Number)],
  visitors: [...FEW.visitors, ...numbered("w", 200)],
  visits: numbered("s", 600),
};

const actorContext = ({ visitors, visits }: Crowd): fc.Arbitrary<Context> =>
  fc.record(
    {
      page_path: fc.constantFrom("/", "/a", "/b"),
      visit_id: fc.constantFrom(...visits),
      visit_page: fc.constantFrom(1, 2),
      visitor: fc.constantFrom(...visitors),
      geo_country: fc.constantFrom("DE", "PL"),
      bot_is: fc.boolean(),
    },
    { requiredKeys: [] },
  );

const properties = ({ who }: Crowd): fc.Arbitrary<JsonObject> =>
  fc.record(
    {
      who: fc.constantFrom(...who),
      did: fc.constantFrom<Json>(...DID, 1, true),
      a: fc.constantFrom<Json>("a", 1, null, ["a", 1]),
    },
    { requiredKeys: ["did"] },
  );

/** Many of the same minute, some of the same millisecond, some days and weeks apart. */
const actorTime = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 6 }).map((n) => CENTRE + n * MINUTE) },
  { weight: 2, arbitrary: fc.integer({ min: -40, max: 40 }).map((n) => CENTRE + n * HOUR) },
  fc.integer({ min: -40, max: 40 }).map((n) => CENTRE + n * 24 * HOUR),
);

const seedOf = (crowd: Crowd): fc.Arbitrary<EventSeed> =>
  fc.record({
    collection: fc.constantFrom("visits", "clicks"),
    timestamp: actorTime,
    context: actorContext(crowd),
    properties: properties(crowd),
  });

export const actorSeed = seedOf(FEW);

/** For sets of thousands: hundreds of actors, and the properties that questions about numbers know. */
export const largeSeed: fc.Arbitrary<EventSeed> = fc
  .tuple(seedOf(MANY), eventSeed)
  .map(([actor, { context, properties: others }]) => ({
    ...actor,
    context: { ...context, ...actor.context },
    properties: { ...others, ...actor.properties },
  }));

const timeframe = fc
  .tuple(actorTime, fc.integer({ min: 1, max: 60 * 24 }))
  .map(([start, hours]) => ({ kind: "absolute" as const, start, end: start + hours * HOUR }));

/** Mostly one thing that was done; now and then any filter there is. */
const what: fc.Arbitrary<Filter<string>> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...DID).map((value) => ({ kind: "eq" as const, field: "did", value })) },
  { weight: 1, arbitrary: shared.filter },
  { weight: 1, arbitrary: fc.constant<Filter<string>>({ kind: "all", of: [] }) },
);

const actor = fc.constantFrom("who", "who", "$visitor", "$visit.page", "$bot.is", "$visit.id", "never");

const eventSet = fc
  .record({
    collections: shared.collections,
    zone: shared.zone,
    bots: fc.oneof({ weight: 3, arbitrary: fc.constant("include" as const) }, shared.bots),
    filter: what,
    timeframe: fc.option(timeframe, { freq: 2, nil: undefined }),
  })
  .map(({ timeframe: time, ...rest }) => ({ ...rest, ...(time && { timeframe: time }) }));

/** Steps that mostly name their actor alike, and now and then do not. */
export const funnelSteps: fc.Arbitrary<StepInput[]> = fc
  .tuple(
    actor,
    fc.array(fc.tuple(eventSet, fc.option(actor, { freq: 4 }), fc.boolean(), fc.boolean(), fc.boolean()), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([usual, steps]) =>
    steps.map(([set, other, inverted, optional, withActors], i) => ({
      ...set,
      actor: other ?? usual,
      inverted: i > 0 && inverted,
      optional: i > 0 && optional,
      withActors,
    })),
  );

export const orderedFunnel = fc
  .record({
    actor,
    steps: fc.array(fc.tuple(eventSet, fc.option(actor, { freq: 5 })), { minLength: 1, maxLength: 4 }),
    windowMs: fc.option(fc.constantFrom(1, MINUTE, 3 * MINUTE, HOUR, 30 * 24 * HOUR), { nil: undefined }),
    breakdown: fc.option(fc.constantFrom("$geo.country", "a", "did", "$visit.page"), { nil: undefined }),
  })
  .map(({ actor: usual, steps, windowMs, breakdown }) => ({
    steps: steps.map(([set, other]) => ({ ...set, actor: other ?? usual })),
    ...(windowMs !== undefined && { windowMs }),
    ...(breakdown !== undefined && { breakdown }),
  }));

export const retention: fc.Arbitrary<RetentionInput> = fc
  .record({ first: eventSet, returning: eventSet, actor, timeframe, zone: shared.zone })
  .chain((rest) =>
    fc
      .record({ period: fc.constantFrom("day" as const, "week" as const, "month" as const), unbounded: fc.boolean() })
      .map((kind) => ({ ...rest, ...kind })),
  );

export const paths: fc.Arbitrary<Partial<PathsQuery>> = fc
  .record({
    set: eventSet,
    session: fc.constantFrom("$visit.id", "$visit.id", "who", "$visitor"),
    step: fc.constantFrom("did", "did", "$page.path", "$collection", "a", "$visit.page", "who"),
    direction: fc.constantFrom("next" as const, "previous" as const),
    anchor: fc.option(fc.constantFrom<string | number | boolean>(...DID, "/", "a", 1, true, "5", 5, "visits"), {
      nil: undefined,
    }),
    depth: fc.integer({ min: 1, max: 4 }),
    top: fc.integer({ min: 1, max: 3 }),
    collapse: fc.boolean(),
  })
  .map(({ set, anchor, ...rest }) => ({ ...set, ...rest, ...(anchor !== undefined && { anchor }) }));
