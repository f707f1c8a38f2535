import { patterns } from "./patterns.ts";
import { savedObject, searchSource, type SavedObject } from "./saved-object.ts";
import { visualization, type Bucket, type Chart, type Metric } from "./visualization.ts";

const COUNT: Metric = { type: "count", label: "Events" };
const VISITORS: Metric = { type: "cardinality", field: "visitor", label: "Visitors" };
const RUNS: Metric = { type: "sum", field: "weight", label: "Executions" };
const overTime = (field: string): Bucket => ({ type: "date_histogram", field, label: "Time" });
const top = (field: string, label: string, size = 10): Bucket => ({ type: "terms", field, size, label });
const is = (field: string, value: string) => ({ match_phrase: { [field]: value } });
const has = (field: string) => ({ exists: { field } });
const PEOPLE = { bool: { must_not: [{ term: { bot_is: true } }] } };
const FAILED = { bool: { must_not: [is("status", "ok")] } };
const PAGE_VIEWS = [is("collection", "pageviews"), PEOPLE];

/** A chart and how much of the grid it takes: 48 wide. */
interface Panel extends Omit<Chart, "id" | "pattern"> {
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

const TRAFFIC: readonly Panel[] = [
  {
    name: "page-views",
    title: "Page views and visitors",
    kind: "metric",
    metrics: [{ ...COUNT, label: "Page views" }, VISITORS],
    filters: PAGE_VIEWS,
    width: 12,
    height: 8,
  },
  {
    name: "over-time",
    title: "Events over time",
    kind: "histogram",
    metrics: [COUNT],
    buckets: [overTime("timestamp"), top("collection", "Collection", 6)],
    filters: [PEOPLE],
    width: 36,
    height: 12,
  },
  {
    name: "pages",
    title: "Pages",
    kind: "table",
    metrics: [{ ...COUNT, label: "Page views" }, VISITORS],
    buckets: [top("page_path", "Page", 20)],
    filters: PAGE_VIEWS,
    width: 24,
    height: 14,
  },
  {
    name: "clicks",
    title: "Clicks",
    kind: "table",
    metrics: [{ ...COUNT, label: "Clicks" }],
    buckets: [top("target", "What was clicked", 20)],
    filters: [is("collection", "clicks"), PEOPLE],
    width: 24,
    height: 14,
  },
  {
    name: "interactions",
    title: "Widget interactions",
    kind: "table",
    metrics: [{ ...COUNT, label: "Times" }, VISITORS],
    buckets: [top("widget", "Widget"), top("widget_action", "Action")],
    filters: [has("widget"), PEOPLE],
    width: 24,
    height: 14,
  },
  {
    name: "sources",
    title: "Sources",
    kind: "table",
    metrics: [{ ...COUNT, label: "Page views" }, VISITORS],
    buckets: [top("source", "Source")],
    filters: PAGE_VIEWS,
    width: 24,
    height: 14,
  },
  {
    name: "countries",
    title: "Countries",
    kind: "pie",
    metrics: [{ ...COUNT, label: "Page views" }],
    buckets: [top("geo_country", "Country")],
    filters: PAGE_VIEWS,
    width: 24,
    height: 12,
  },
  {
    name: "browsers",
    title: "Browsers",
    kind: "pie",
    metrics: [{ ...COUNT, label: "Page views" }],
    buckets: [top("browser_name", "Browser")],
    filters: PAGE_VIEWS,
    width: 24,
    height: 12,
  },
];

const OPERATIONS: readonly Panel[] = [
  {
    name: "runs",
    title: "Executions over time",
    kind: "histogram",
    metrics: [RUNS],
    buckets: [overTime("started_at"), top("function", "Function", 12)],
    width: 48,
    height: 12,
  },
  {
    name: "durations",
    title: "Durations over time",
    kind: "line",
    metrics: [{ type: "percentiles", field: "duration_ms", label: "Milliseconds" }],
    buckets: [overTime("started_at")],
    width: 24,
    height: 12,
  },
  {
    name: "failures",
    title: "Failures by kind",
    kind: "table",
    metrics: [RUNS],
    buckets: [top("function", "Function"), top("fingerprint", "Kind of failure")],
    filters: [FAILED],
    width: 24,
    height: 12,
  },
  {
    name: "functions",
    title: "Functions",
    kind: "table",
    metrics: [
      RUNS,
      { type: "avg", field: "duration_ms", label: "Mean duration" },
      { type: "max", field: "memory", label: "Most memory" },
    ],
    buckets: [top("function", "Function", 20)],
    width: 24,
    height: 12,
  },
  {
    name: "cold-starts",
    title: "Cold starts",
    kind: "table",
    metrics: [RUNS],
    buckets: [top("function", "Function", 20)],
    filters: [{ term: { cold: true } }],
    width: 24,
    height: 12,
  },
];

interface Board {
  readonly id: string;
  readonly title: string;
  readonly from: string;
  readonly refreshMs: number;
  readonly pattern: string;
  readonly panels: readonly Panel[];
}

/** Everything that is imported: index patterns, searches, charts and the two dashboards over them. */
export function savedObjects(prefix: string): SavedObject[] {
  const { events, exceptions, executions } = patterns(prefix);
  const boards: readonly Board[] = [
    {
      id: `${prefix}-traffic`,
      title: "Traffic, live",
      from: "now-1h",
      refreshMs: 10_000,
      pattern: events.id,
      panels: TRAFFIC,
    },
    {
      id: `${prefix}-operations`,
      title: "Executions",
      from: "now-24h",
      refreshMs: 60_000,
      pattern: executions.id,
      panels: OPERATIONS,
    },
  ];
  return [
    events,
    exceptions,
    executions,
    search(
      `${prefix}-newest`,
      "Newest events",
      events.id,
      ["collection", "page_path", "visitor", "source", "geo_country"],
      "timestamp",
      [],
    ),
    search(
      `${prefix}-rejected`,
      "Rejected events",
      exceptions.id,
      ["project", "collection", "reason", "batch", "ordinal"],
      "received_at",
      [is("outcome", "rejected")],
    ),
    search(
      `${prefix}-failed`,
      "Failed executions",
      executions.id,
      ["function", "status", "duration_ms", "fingerprint", "labels"],
      "started_at",
      [FAILED],
    ),
    ...boards.flatMap((board) => [
      ...board.panels.map((panel) => visualization(chartOf(board, panel))),
      dashboard(board),
    ]),
  ];
}

function chartOf({ id, pattern }: Board, { name, width: _w, height: _h, ...chart }: Panel): Chart {
  return { ...chart, id: `${id}-${name}`, pattern };
}

function search(
  id: string,
  title: string,
  pattern: string,
  columns: readonly string[],
  time: string,
  filters: readonly object[],
): SavedObject {
  const { meta, references } = searchSource(pattern, filters);
  const attributes = { title, description: "", hits: 0, columns, sort: [[time, "desc"]], version: 1 };
  return savedObject("search", id, { ...attributes, kibanaSavedObjectMeta: meta }, references);
}

const GRID_WIDTH = 48;

function dashboard({ id, title, from, refreshMs, panels }: Board): SavedObject {
  let [x, y, rowHeight] = [0, 0, 0];
  const placed = panels.map(({ width, height }, i) => {
    if (x + width > GRID_WIDTH) [x, y, rowHeight] = [0, y + rowHeight, 0];
    const gridData = { x, y, w: width, h: height, i: String(i) };
    x += width;
    rowHeight = Math.max(rowHeight, height);
    return { version: "3.0.0", gridData, panelIndex: String(i), embeddableConfig: {}, panelRefName: `panel_${i}` };
  });
  return savedObject(
    "dashboard",
    id,
    {
      title,
      description: "",
      hits: 0,
      version: 1,
      panelsJSON: JSON.stringify(placed),
      optionsJSON: JSON.stringify({ useMargins: true, hidePanelTitles: false }),
      timeRestore: true,
      timeFrom: from,
      timeTo: "now",
      refreshInterval: { pause: false, value: refreshMs },
      kibanaSavedObjectMeta: {
        searchSourceJSON: JSON.stringify({ query: { query: "", language: "kuery" }, filter: [] }),
      },
    },
    panels.map(({ name }, i) => ({ name: `panel_${i}`, type: "visualization", id: `${id}-${name}` })),
  );
}
