import {
  askTop,
  span,
  type EventSource,
  type MetricPlan,
  type MetricResult,
  type RunOptions,
  type Within,
} from "@millrace/core";
import { compileFunnel } from "./actors/funnel.ts";
import { compileOrderedFunnel } from "./actors/ordered-funnel.ts";
import { compilePaths } from "./actors/paths.ts";
import { compileRetention } from "./actors/retention.ts";
import { compileExtraction, compileGroupCount, compileMetric, type Compiled } from "./compile.ts";
import type { Read } from "./driver.ts";
import { hasParts, type KeptParts, type Reader } from "./kept/index.ts";
import { compileOutcomes, decodeOutcomes } from "./ledger.ts";

/** Asks one statement, as a call of that name in the execution, and decodes its rows. */
export function ask<R>(
  read: Read,
  name: string,
  project: string,
  { statement, decode }: Compiled<R>,
  run?: RunOptions,
): Promise<R> {
  return span(name, { project }, async () => decode(await read(statement, { ...run, project })));
}

/**
 * Questions, whatever moment `read` sees.
 * @param atOnce runs work of which every statement sees the same moment
 */
export function sourceOf(read: Read, atOnce: KeptParts["snapshot"]): EventSource {
  return {
    metric: (plan, run) =>
      span("duckdb.metric", { project: plan.project }, async () => {
        const options = { ...run, project: plan.project };
        if (!plan.top && !hasParts(plan)) return checked(read, plan, options);
        return atOnce(async (reader) => {
          if (plan.top) return askTop(plan, (part, within) => answerOf(reader, part, options, within));
          return (await reader.answer(plan, options)) ?? checked(reader.read, plan, options);
        }, options);
      }),
    extract: (plan, run) =>
      span("duckdb.extract", { project: plan.project }, async () => {
        const { statement, decode } = compileExtraction(plan);
        return { events: await decode(await read(statement, { ...run, project: plan.project })) };
      }),
    funnel: (plan, run) => ask(read, "duckdb.funnel", plan.project, compileFunnel(plan), run),
    orderedFunnel: (plan, run) => ask(read, "duckdb.ordered-funnel", plan.project, compileOrderedFunnel(plan), run),
    retention: (plan, run) => ask(read, "duckdb.retention", plan.project, compileRetention(plan), run),
    paths: (plan, run) => ask(read, "duckdb.paths", plan.project, compilePaths(plan), run),
    outcomes: (query, run) =>
      span("duckdb.outcomes", { project: query.project }, async () =>
        decodeOutcomes(await read(compileOutcomes(query), { ...run, project: query.project })),
      ),
  };
}

type Options = RunOptions & { project: string };

async function answerOf(reader: Reader, plan: MetricPlan, options: Options, within?: Within): Promise<MetricResult> {
  return (await reader.answer(plan, options, within)) ?? metricOf(reader.read, plan, options);
}

/** Not without having counted its groups, where that is worth it. */
async function checked(read: Read, plan: MetricPlan, options: Options): Promise<MetricResult> {
  const groups = compileGroupCount(plan);
  await groups?.decode(await read(groups.statement, options));
  return metricOf(read, plan, options);
}

async function metricOf(read: Read, plan: MetricPlan, options: Options): Promise<MetricResult> {
  const { statement, decode } = compileMetric(plan);
  return decode(await read(statement, options));
}
