import {
  MillraceError,
  type EventsPlan,
  type Field,
  type Filter,
  type FilterLeaf,
  type MetricPlan,
  type Value,
} from "@millrace/core";
import type { Searcher } from "../client/search.ts";
import { actorKinds, actorValue } from "./actors/actor-key.ts";
import { condition, leadOf, valueSources } from "./compile.ts";
import { every } from "./compile-filter.ts";
import { compositePages } from "./composite.ts";
import { valuedBeside } from "./kinds.ts";

/** The engine lets one list of terms have 65,536 members: whoever did one thing must fit into it. */
const MOST_ACTORS = 65_000;

/**
 * A set of events whose filter names, in place of each deed, the actors who did it. The engine joins nothing, so they are asked for
 * first: of the searcher's snapshot, which whatever it is asked next is of, too.
 * @throws MillraceError `TooManyResultsError` when more actors did it than one list may have
 */
export async function settleDeeds<S extends EventsPlan>(searcher: Searcher, set: S): Promise<S> {
  return { ...set, filter: await settled(searcher, set.filter) };
}

/** As {@link settleDeeds}, for the filters of measures as well. */
export async function settleMetric(searcher: Searcher, plan: MetricPlan): Promise<MetricPlan> {
  const measures = plan.measures.map(async ({ filter, ...measure }) => ({
    ...measure,
    ...(filter && { filter: await settled(searcher, filter) }),
  }));
  const [set, ...own] = await Promise.all([settleDeeds(searcher, plan), ...measures]);
  return { ...set, measures: own };
}

async function settled(searcher: Searcher, filter: Filter<Field>): Promise<Filter<Field>> {
  if (filter.kind === "all" || filter.kind === "any")
    return { ...filter, of: await Promise.all(filter.of.map((part) => settled(searcher, part))) };
  if (filter.kind === "not") return { ...filter, of: await settled(searcher, filter.of) };
  if (filter.kind !== "did") return filter;
  return { kind: "same", field: filter.actor, values: await actorsOf(searcher, filter) };
}

type Did = Extract<FilterLeaf<Field>, { kind: "did" }>;

async function actorsOf(searcher: Searcher, { actor, deed }: Did): Promise<Value[]> {
  const kinds = actorKinds(actor);
  const { filter } = await settleDeeds(searcher, deed);
  const question = {
    query: every([condition({ ...deed, filter }), ...valuedBeside(kinds)]),
    keys: { sources: valueSources("a", kinds), filters: [], bucket: () => 0 },
    inline: {},
    lead: leadOf("a", kinds),
    bucketsPerRow: 1,
  };
  const actors: Value[] = [];
  for await (const rows of compositePages(searcher, question, { snapshot: true })) {
    for (const { key } of rows) actors.push(actorValue("a", kinds, key));
    if (actors.length > MOST_ACTORS) throw tooMany();
  }
  return actors;
}

function tooMany(): MillraceError {
  return new MillraceError(
    "TooManyResultsError",
    `More than ${MOST_ACTORS} did what a did filter asks for, the most that can be told apart exactly here. Use a shorter timeframe, or filters inside it.`,
  );
}
