import { savedObject, searchSource, type SavedObject } from "./saved-object.ts";

/** What is computed of each bucket, with the words that stand beside it. */
export interface Metric {
  readonly type: "count" | "cardinality" | "sum" | "avg" | "max" | "percentiles";
  readonly field?: string;
  readonly label: string;
}

/** What the buckets are. */
export type Bucket =
  | { readonly type: "terms"; readonly field: string; readonly size: number; readonly label: string }
  | { readonly type: "date_histogram"; readonly field: string; readonly label: string };

export interface Chart {
  readonly id: string;
  readonly title: string;
  readonly kind: "metric" | "table" | "histogram" | "line" | "pie";
  /** Id of the index pattern. */
  readonly pattern: string;
  readonly metrics: readonly Metric[];
  readonly buckets?: readonly Bucket[];
  /** Conditions, as OpenSearch reads them. */
  readonly filters?: readonly object[];
}

/** One aggregation as a visualization's state holds it. */
export interface AggState {
  readonly id: string;
  readonly enabled: true;
  readonly type: string;
  readonly schema: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A chart as a saved visualization. */
export function visualization(chart: Chart): SavedObject {
  const { id, title, kind, pattern, filters = [] } = chart;
  const { meta, references } = searchSource(pattern, filters);
  const aggs = aggsOf(chart);
  const visState = { title, type: kind, aggs, params: paramsOf(kind, aggs) };
  return savedObject(
    "visualization",
    id,
    {
      title,
      description: "",
      version: 1,
      visState: JSON.stringify(visState),
      uiStateJSON: "{}",
      kibanaSavedObjectMeta: meta,
    },
    references,
  );
}

function aggsOf({ kind, metrics, buckets = [] }: Chart): AggState[] {
  const first = metrics.map(({ type, field, label }, i): AggState => ({
    id: String(i + 1),
    enabled: true,
    type,
    schema: "metric",
    params: {
      ...(field !== undefined && { field }),
      ...(type === "percentiles" && { percents: [50, 95, 99] }),
      customLabel: label,
    },
  }));
  const by = buckets.map((bucket, i): AggState => ({
    id: String(metrics.length + i + 1),
    enabled: true,
    type: bucket.type,
    schema: schemaOf(kind, bucket, i),
    params:
      bucket.type === "terms"
        ? {
            field: bucket.field,
            orderBy: orderOf(metrics),
            order: "desc",
            size: bucket.size,
            customLabel: bucket.label,
          }
        : { field: bucket.field, interval: "auto", min_doc_count: 1, extended_bounds: {}, customLabel: bucket.label },
  }));
  return [...first, ...by];
}

/** By the first metric that is one number. */
function orderOf(metrics: readonly Metric[]): string {
  const place = metrics.findIndex(({ type }) => type !== "percentiles");
  return place === -1 ? "_key" : String(place + 1);
}

function schemaOf(kind: Chart["kind"], bucket: Bucket, place: number): string {
  if (kind === "table") return "bucket";
  if (kind === "histogram" || kind === "line") return bucket.type === "date_histogram" ? "segment" : "group";
  return place === 0 ? "segment" : "group";
}

function paramsOf(kind: Chart["kind"], aggs: readonly AggState[]): object {
  const legend = { addTooltip: true, addLegend: true, legendPosition: "right" };
  switch (kind) {
    case "metric":
      return { addTooltip: true, addLegend: false, type: "metric", metric: METRIC };
    case "table":
      return { perPage: 10, showPartialRows: false, showMetricsAtAllLevels: false, showTotal: false, totalFunc: "sum" };
    case "pie":
      return { ...legend, type: "pie", isDonut: true, labels: { show: true, values: true, last_level: true } };
    case "histogram":
    case "line":
      return {
        ...legend,
        type: kind,
        grid: { categoryLines: false },
        categoryAxes: [{ ...AXIS, id: "CategoryAxis-1", type: "category", position: "bottom", title: {} }],
        valueAxes: [
          {
            ...AXIS,
            id: "ValueAxis-1",
            name: "LeftAxis-1",
            type: "value",
            position: "left",
            scale: { type: "linear", mode: "normal" },
            title: { text: "" },
          },
        ],
        seriesParams: aggs
          .filter(({ schema }) => schema === "metric")
          .map(({ id, params }) => ({
            show: true,
            type: kind,
            mode: kind === "histogram" ? "stacked" : "normal",
            data: { id, label: params["customLabel"] },
            valueAxis: "ValueAxis-1",
            drawLinesBetweenPoints: true,
            showCircles: kind === "line",
          })),
        times: [],
        addTimeMarker: false,
      };
  }
}

const AXIS = { show: true, style: {}, scale: { type: "linear" }, labels: { show: true, truncate: 100 } };
const METRIC = {
  percentageMode: false,
  useRanges: false,
  colorSchema: "Green to Red",
  metricColorMode: "None",
  colorsRange: [{ from: 0, to: 10_000 }],
  labels: { show: true },
  invertColors: false,
  style: { bgFill: "#000", bgColor: false, labelColor: false, subText: "", fontSize: 40 },
};
