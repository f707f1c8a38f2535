import type { StoredEvent, StoredExecution } from "@millrace/core";
import { CERTAINTY } from "@millrace/core";
import { newProject, NOON, storedEvent } from "@millrace/core/contract";
import { createOpenSearchExecutions } from "@millrace/store-opensearch";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testStore } from "../../packages/store-opensearch/test/support.ts";
import { savedObjects } from "./dashboards.ts";
import type { SavedObject } from "./saved-object.ts";
import type { AggState } from "./visualization.ts";

const store = testStore();
const { prefix, node } = store;
const executions = createOpenSearchExecutions({ connection: { node }, prefix, visibleAtOnce: true });
const objects = savedObjects(prefix);

const context = { visitor: "ada", page_path: "/", source: "Google", geo_country: "DE", browser_name: "Firefox" };
const event = (collection: string, more: StoredEvent["context"]) =>
  storedEvent({ project: PROJECT, collection, context: { ...context, bot_is: false, ...more } });
const PROJECT = newProject();

beforeAll(async () => {
  await Promise.all([store.prepare(), executions.prepare()]);
  await store.append([
    event("pageviews", {}),
    event("pageviews", { visitor: "bob", page_path: "/prices", geo_country: "PL" }),
    event("pageviews", { visitor: "crawler", bot_is: true }),
    event("clicks", { target: "https://shop.example/buy" }),
    event("interactions", { widget: "w1", widget_action: "converted" }),
  ]);
  await store.recordExceptions([
    {
      project: PROJECT,
      collection: "pageviews",
      receivedAt: NOON,
      batch: "b",
      ordinal: 0,
      outcome: "rejected",
      reason: "mapping",
      detail: "",
      raw: null,
    },
  ]);
  await store.refresh();
  await executions.put([run("a", { cold: true }), run("b", { status: "failed", fingerprint: "f", weight: 100 })]);
});
afterAll(async () => {
  await executions.expire({ before: Number.MAX_SAFE_INTEGER, maxBytes: 0 });
  await executions.close();
  await store.remove();
  await store.close();
});

function run(id: string, more: Partial<StoredExecution>): StoredExecution {
  return {
    id,
    function: "collector",
    startedAt: NOON,
    durationMs: 20,
    status: "ok",
    cold: false,
    trigger: "pubsub",
    memory: 1_000_000,
    fingerprint: null,
    error: null,
    labels: [],
    weight: 1,
    certainty: CERTAINTY.final,
    line: "{}",
    ...more,
  };
}

interface Answer {
  readonly hits: { readonly total: { readonly value: number } };
  readonly aggregations?: Readonly<Record<string, unknown>>;
}

/** What Dashboards asks for an object: its time, its filters, its aggregations one in the other. */
async function ask({ attributes, references }: SavedObject, aggs: readonly AggState[] = []): Promise<Answer> {
  const pattern = objects.find(({ id }) => id === references[0]?.id);
  if (!pattern) throw new Error("It looks at nothing.");
  const { title, timeFieldName } = pattern.attributes as { title: string; timeFieldName: string };
  const { searchSourceJSON } = attributes["kibanaSavedObjectMeta"] as { searchSourceJSON: string };
  const { filter } = JSON.parse(searchSourceJSON) as { filter: readonly { query: object }[] };
  const time = {
    range: {
      [timeFieldName]: {
        gte: new Date(NOON - 1).toISOString(),
        lte: new Date(NOON + 1).toISOString(),
        format: "strict_date_optional_time",
      },
    },
  };
  const query = { bool: { filter: [time, ...filter.map((each) => each.query)] } };
  const answer = await fetch(`${node}/${title}/_search`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ size: 0, track_total_hits: true, query, ...nested(aggs) }),
  });
  const said = (await answer.json()) as Answer;
  expect(answer.status, JSON.stringify(said)).toBe(200);
  return said;
}

function nested(aggs: readonly AggState[]): object {
  const metrics = aggs.filter(({ schema, type }) => schema === "metric" && type !== "count");
  const buckets = aggs.filter(({ schema }) => schema !== "metric");
  const leaf =
    metrics.length === 0 ? {} : { aggs: Object.fromEntries(metrics.map((agg) => [agg.id, bodyOf(agg, aggs)])) };
  return buckets.reduceRight<object>(
    // The order of a bucket is by a metric that stands in it.
    (inner, bucket) => ({
      aggs: { ...("aggs" in leaf ? leaf.aggs : {}), [bucket.id]: { ...bodyOf(bucket, aggs), ...inner } },
    }),
    leaf,
  );
}

function bodyOf({ type, params }: AggState, aggs: readonly AggState[]): object {
  const { customLabel: _, interval: _interval, extended_bounds: _bounds, orderBy, order, ...body } = params;
  if (type === "date_histogram") return { [type]: { ...body, fixed_interval: "1h" } };
  if (type !== "terms") return { [type]: body };
  const by = aggs.find(({ id }) => id === orderBy);
  return { terms: { ...body, order: { [by?.type === "count" ? "_count" : String(orderBy)]: order } } };
}

const FOUND: Readonly<Record<string, number>> = {
  "page-views": 2,
  "over-time": 4,
  pages: 2,
  clicks: 1,
  interactions: 1,
  sources: 2,
  countries: 2,
  browsers: 2,
  runs: 2,
  durations: 2,
  failures: 1,
  functions: 2,
  "cold-starts": 1,
  newest: 5,
  rejected: 1,
  failed: 1,
};

test.each(
  objects
    .filter(({ type }) => type === "visualization" || type === "search")
    .map((each) => [each.id.replace(`${prefix}-`, "").replace(/^(traffic|operations)-/, ""), each] as const),
)("%s is answered by OpenSearch, of what it is about", async (name, object) => {
  const { visState = "{}" } = object.attributes as { visState?: string };
  const { aggs = [] } = JSON.parse(visState) as { aggs?: readonly AggState[] };
  const { hits, aggregations = {} } = await ask(object, aggs);
  expect(hits.total.value).toBe(FOUND[name]);
  // Every aggregation that the chart names has something in it.
  const said = JSON.stringify(aggregations);
  for (const { id, type } of aggs) if (type !== "count") expect(said).toContain(`"${id}":`);
  expect(said).not.toContain('"buckets":[]');
});

test("each field of an index pattern is in the mapping, with the type that it is said to have", async () => {
  for (const { attributes } of objects.filter(({ type }) => type === "index-pattern")) {
    const { title, fields } = attributes as { title: string; fields: string };
    const answer = await fetch(`${node}/${title}/_field_caps?fields=*`);
    const caps = ((await answer.json()) as { fields: Record<string, Record<string, unknown>> }).fields;
    for (const { name, type } of JSON.parse(fields) as { name: string; type: string }[])
      expect([name, Object.keys(caps[name] ?? {})[0]]).toEqual([name, expect.stringMatching(OF_TYPE[type] ?? "none")]);
  }
});

const OF_TYPE: Readonly<Record<string, string>> = {
  string: "^keyword$",
  number: "^(long|integer|double)$",
  boolean: "^boolean$",
  date: "^date$",
};
