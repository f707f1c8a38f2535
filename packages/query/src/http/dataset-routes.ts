import { grantForDataset, type Operation, type Route } from "@millrace/access";
import { isObject, isoUtc, resolveTimeframe, type Json, type JsonObject } from "@millrace/core";
import type { QueryDeps } from "../deps.ts";
import { check } from "../parse/check.ts";
import { refuseUnknown } from "../parse/known.ts";
import { parseTime } from "../parse/parse-timeframe.ts";
import { DATASET_PAGE } from "../parse/wire.ts";
import type { Answers } from "../share/answers.ts";
import type { Dataset } from "../stored/datasets.ts";
import { answerKept } from "../stored/kept/answer-kept.ts";
import { datasetQuestion } from "../stored/kept/kept-question.ts";
import type { Scheduled } from "../stored/kept/schedule.ts";
import { readDataset, readIndex } from "../stored/read-dataset.ts";
import { found } from "../stored/run-saved.ts";
import { authenticate, authenticated, param, recordChange, routesUnder, withStore } from "./asking.ts";
import { jsonOrJsonp } from "./jsonp.ts";
import { DATASET_BODY, DATASET_EXAMPLE, DATASET_RESOURCE } from "./openapi-stored.ts";
import { queryParameters } from "./parameters.ts";

/** What Keen's clients send beside the parameters of a GET. */
const BESIDE = ["api_key", "jsonp", "analysis_type", "dataset_name", "name", "force"];
const DEFAULT_LIMIT = 10;

/** `…/datasets`: definitions are made with the master key; lists and results need a key that may read datasets. */
export function datasetRoutes(deps: QueryDeps & { readonly answers: Answers }): Route[] {
  const { datasets, schedule } = deps.stored;
  /** Shows datasets of one project with how old their kept answers are. */
  const showing = async (project: string) => {
    const runs = await schedule.list(project, "dataset");
    return (dataset: Dataset) => showDataset(project, dataset, runsOf(dataset, runs), deps.clock.now());
  };
  const route = routesUnder("/datasets");
  return [
    route(
      "GET",
      "",
      "The datasets, by name, in pages.",
      authenticated(deps, "datasets", async (c, { grant, raw }) => {
        refuseUnknown(raw, { known: ["limit", "after_name"], passed: BESIDE, of: "the list of datasets" });
        const limit = raw["limit"] === undefined ? DEFAULT_LIMIT : check(DATASET_PAGE.limit, raw["limit"], "limit");
        const after =
          raw["after_name"] === undefined ? "" : check(DATASET_PAGE.after_name, raw["after_name"], "after_name");
        const seen = (await datasets.list(grant.project.id)).filter(
          ({ name }) => grantForDataset(grant, { name, operation: "list" }).allowed,
        );
        const page = seen.filter(({ name }) => name > after).slice(0, limit);
        const last = page.at(-1);
        const more = last !== undefined && seen.at(-1) !== last;
        const { origin, pathname } = new URL(c.req.url);
        const show = await showing(grant.project.id);
        return {
          datasets: page.map(show),
          next_page_url: more
            ? `${origin}${pathname}?limit=${limit}&after_name=${encodeURIComponent(last.name)}`
            : null,
          count: seen.length,
        };
      }),
      {
        query: { limit: { type: "integer", minimum: 1, maximum: 100 }, after_name: { type: "string" } },
        answers: ok({ type: "object", required: ["datasets", "next_page_url", "count"] }),
      },
    ),
    route(
      "GET",
      "/:name",
      "One dataset.",
      authenticated(deps, "datasets", async (c, { grant }) => {
        const name = param(c, "name");
        grantForDataset(grant, { name, operation: "retrieve" }).demand();
        const dataset = found(await datasets.get(grant.project.id, name), "dataset");
        return (await showing(grant.project.id))(dataset);
      }),
      { answers: ok(DATASET_RESOURCE) },
    ),
    route(
      "PUT",
      "/:name",
      "Makes a dataset. One that is there is not changed.",
      authenticated(deps, "define", async (c, { grant, raw }) => {
        const made = await datasets.create(grant.project.id, readDataset(raw, param(c, "name")));
        await recordChange(deps, grant, "dataset.create", param(c, "name"));
        return c.json(showDataset(grant.project.id, made, [], deps.clock.now()), 201);
      }),
      {
        body: DATASET_BODY,
        example: DATASET_EXAMPLE,
        answers: { 201: { description: "It is new.", content: { "application/json": { schema: DATASET_RESOURCE } } } },
      },
    ),
    route(
      "DELETE",
      "/:name",
      "Forgets a dataset.",
      jsonOrJsonp(deps, async (c) => {
        const grant = await authenticate(deps, c, "define");
        found((await datasets.delete(grant.project.id, param(c, "name"))) || undefined, "dataset");
        await recordChange(deps, grant, "dataset.delete", param(c, "name"));
        return c.body(null, 204);
      }),
      { answers: { 204: { description: "It is gone." } } },
    ),
    route(
      "GET",
      "/:name/results",
      "The values of a dataset for one value of its index, by interval.",
      jsonOrJsonp(deps, async (c, limits) => {
        const grant = await authenticate(deps, c, "datasets");
        const name = param(c, "name");
        const raw = queryParameters(c.req.url);
        refuseUnknown(raw, {
          known: ["index_by", "timeframe"],
          passed: [...BESIDE, "timezone"],
          of: "a dataset's results",
        });
        grantForDataset(grant, { name, operation: "read" }).demand();
        const dataset = found(await datasets.get(grant.project.id, name), "dataset");
        const use = grantForDataset(grant, { name, operation: "read", index: readIndex(dataset, raw["index_by"]) });
        use.demand();
        const now = deps.clock.now();
        const keep = within(dataset, raw["timeframe"], now);
        const { result, ...beside } = await withStore(deps, c, { grant, limits, maxAge: 0 }, (engine) =>
          answerKept(deps, { question: datasetQuestion(dataset, [...use.index]), grant, engine, now }),
        );
        return { ...beside, result: Array.isArray(result) ? result.filter(keep) : (result ?? null) };
      }),
      {
        query: { index_by: { type: "string" }, timeframe: { type: "string" } },
        answers: ok({ type: "object", required: ["result"] }),
      },
    ),
  ];
}

/** Whether an interval lies in the timeframe that was asked for. @throws MillraceError `InvalidTimeframeError` */
function within({ parameters }: Dataset, timeframe: Json | undefined, now: number): (bucket: Json) => boolean {
  if (timeframe === undefined) return () => true;
  const timezone = parameters["timezone"];
  const time = parseTime({ timeframe, ...(timezone !== undefined && { timezone }) });
  if (!time.timeframe) return () => true;
  const { start, end } = resolveTimeframe(time.timeframe, now, time.zone);
  return (bucket) => {
    const of = isObject(bucket) && isObject(bucket["timeframe"]) ? bucket["timeframe"] : {};
    const instant = (name: "start" | "end") => (typeof of[name] === "string" ? Date.parse(of[name]) : Number.NaN);
    return instant("start") >= start && instant("end") <= end;
  };
}

/** How its kept answers were computed the last time; one of its name may have been there before. */
function runsOf({ name, createdAt }: Dataset, scheduled: readonly Scheduled[]): number[] {
  return scheduled.flatMap(({ subject, lastRun }) =>
    subject.name === name && lastRun && lastRun.at >= createdAt ? [lastRun.at] : [],
  );
}

/**
 * As Keen shows it: when the newest of its kept answers was computed, and how far the oldest is behind. Values nobody asked for have none
 * and are answered from what is stored now, so that a dataset without kept answers is not behind.
 */
function showDataset(
  project: string,
  { name, displayName, analysis, parameters, indexBy }: Dataset,
  runs: readonly number[],
  now: number,
): JsonObject {
  return {
    project_id: project,
    organization_id: project,
    dataset_name: name,
    display_name: displayName,
    query: {
      project_id: project,
      analysis_type: analysis,
      filters: [],
      timezone: "UTC",
      group_by: null,
      ...parameters,
    },
    index_by: [...indexBy],
    last_scheduled_date: isoUtc(Math.max(0, ...runs)),
    latest_subtimeframe_available: isoUtc(runs.length === 0 ? 0 : Math.min(...runs)),
    milliseconds_behind: runs.length === 0 ? 0 : now - Math.min(...runs),
  };
}

function ok(schema: object): Operation["answers"] {
  return { 200: { description: "The answer.", content: { "application/json": { schema } } } };
}
