import { COMPARISONS, type Comparison } from "./compare.ts";
import { dimensionsOf } from "./dimensions.ts";
import { decodeFilter, encodeFilter, type PageFilter } from "./filters.ts";
import { INTERVALS, type IntervalName } from "./interval.ts";
import { METRICS, type MetricId } from "./metrics.ts";
import { RANGES, type RangeName } from "./ranges.ts";
import { isWall } from "./wall.ts";

/**
 * Everything the page shows follows from these search parameters: a copied address is the same view, Back undoes a click.
 * A parameter at its default is left out of the address.
 */
export interface Search {
  readonly project?: string | undefined;
  readonly range: RangeName;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly by?: IntervalName | undefined;
  readonly compare: Comparison;
  /** Absent: visitors, or events where there are no page views to speak of. */
  readonly metric?: MetricId | undefined;
  readonly bots: BotsMode;
  readonly view: "chart" | "table";
  readonly filters: readonly PageFilter[];
  /** The dimension that each panel lists, by its short name. */
  readonly pages: string;
  readonly sources: string;
  readonly places: string;
  readonly devices: string;
  /** The property the events panel breaks one event down by; absent: the list of events. */
  readonly property?: string | undefined;
  /** The number of the events' own that cards sum up; absent: the first. */
  readonly number?: string | undefined;
  /** The panel opened in full. */
  readonly more?: string | undefined;
  /** The properties that a list of events shows; absent: the usual ones. */
  readonly columns?: readonly string[] | undefined;
  /** What executions are searched by; `hour` is one of the ledger, ISO 8601. */
  readonly since?: string | undefined;
  readonly hour?: string | undefined;
  readonly function?: string | undefined;
  readonly status?: string | undefined;
  readonly fingerprint?: string | undefined;
  readonly label?: string | undefined;
  readonly order?: string | undefined;
  /** The command that the operations page has open. */
  readonly command?: string | undefined;
  /** What the page of reports is asked to make: a report of the view, or of the project; a watch. */
  readonly make?: string | undefined;
  readonly theme: "auto" | "light" | "dark";
  /** The goal whose conversion the panels show. */
  readonly goal?: string | undefined;
  /** What a question page asks, as JSON (see asking/spec.ts). */
  readonly q?: string | undefined;
}

/** People (bots left out), everything, or only bots. */
export const BOTS_MODES = ["people", "all", "bots"] as const;
export type BotsMode = (typeof BOTS_MODES)[number];

/** A range of time, as a part of the chart is. */
export type Stretch = Pick<Search, "range" | "from" | "to" | "by">;

export const DEFAULT_SEARCH: Search = {
  range: "30d",
  compare: "previous",
  bots: "people",
  view: "chart",
  filters: [],
  pages: "page",
  sources: "channel",
  places: "country",
  devices: "device",
  theme: "auto",
};

const CHOICES = {
  range: RANGES.map((r) => r.name),
  compare: COMPARISONS.map((c) => c.name),
  bots: BOTS_MODES,
  view: ["chart", "table"],
  pages: dimensionsOf("pages").map((d) => d.short),
  sources: dimensionsOf("sources").map((d) => d.short),
  places: dimensionsOf("places").map((d) => d.short),
  devices: dimensionsOf("devices").map((d) => d.short),
  theme: ["auto", "light", "dark"],
} as const;

/** Reads an address. Anything unknown falls back to its default: an old or mangled link still opens. */
export function parseSearch(text: string): Search {
  const params = new URLSearchParams(text);
  const choice = <T extends string>(name: string, allowed: readonly T[], fallback: T): T =>
    allowed.find((value) => value === params.get(name)) ?? fallback;
  const wall = (name: string): string | undefined => {
    const value = params.get(name);
    return value !== null && isWall(value) ? value : undefined;
  };
  const free = (name: string): string | undefined => params.get(name) || undefined;
  const by = INTERVALS.find((i) => i.name === params.get("by"))?.name;
  return {
    project: free("project"),
    range: choice("range", CHOICES.range, DEFAULT_SEARCH.range),
    from: wall("from"),
    to: wall("to"),
    by,
    compare: choice("compare", CHOICES.compare, DEFAULT_SEARCH.compare),
    metric: METRICS.find((m) => m.id === params.get("metric"))?.id,
    bots: choice("bots", CHOICES.bots, DEFAULT_SEARCH.bots),
    view: choice("view", CHOICES.view, DEFAULT_SEARCH.view),
    filters: params.getAll("f").flatMap((f) => decodeFilter(f) ?? []),
    pages: choice("pages", CHOICES.pages, DEFAULT_SEARCH.pages),
    sources: choice("sources", CHOICES.sources, DEFAULT_SEARCH.sources),
    places: choice("places", CHOICES.places, DEFAULT_SEARCH.places),
    devices: choice("devices", CHOICES.devices, DEFAULT_SEARCH.devices),
    property: free("property"),
    number: free("number"),
    more: free("more"),
    columns: params.has("column") ? params.getAll("column").filter(Boolean) : undefined,
    since: free("since"),
    hour: free("hour"),
    function: free("function"),
    status: free("status"),
    fingerprint: free("fingerprint"),
    label: free("label"),
    order: free("order"),
    command: free("command"),
    make: free("make"),
    theme: choice("theme", CHOICES.theme, DEFAULT_SEARCH.theme),
    goal: free("goal"),
    q: free("q"),
  };
}

/** Writes an address: `?range=7d&f=country:DE`, or nothing when all is default. */
export function stringifySearch(search: Partial<Search>): string {
  const params: string[] = [];
  for (const [name, value] of Object.entries(search)) {
    if (name === "filters" || value === undefined || value === DEFAULT_SEARCH[name as keyof Search]) continue;
    if ((name === "from" || name === "to") && search.range !== "custom") continue;
    if (typeof value === "string") params.push(`${name}=${encode(value)}`);
  }
  for (const filter of search.filters ?? []) params.push(`f=${encode(encodeFilter(filter))}`);
  // One that is empty tells that nothing was chosen from that nobody chose.
  for (const column of search.columns?.length === 0 ? [""] : (search.columns ?? []))
    params.push(`column=${encode(column)}`);
  return params.length > 0 ? `?${params.join("&")}` : "";
}

/** What goes with the reader from page to page: of what, when, and of whom. The rest belongs to the page. */
const KEPT = ["project", "range", "from", "to", "by", "compare", "bots", "filters", "theme"] as const;

export function keptBetweenPages(search: Search): Search {
  return { ...DEFAULT_SEARCH, ...Object.fromEntries(KEPT.map((name) => [name, search[name]])) };
}

/** Percent-encodes what would end the parameter, and leaves the readable rest (`:`, `/`, `!`) as it is. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll("%3A", ":").replaceAll("%2F", "/");
}
