import type { Filter } from "@millrace/client";
import { t } from "../language/words.ts";

/** The panel that lists a dimension. */
export type PanelName = "pages" | "sources" | "places" | "devices";

/**
 * How the rows of a dimension are found that are not the values of one property: `exit`: the last pages of visits; `directory`: the first
 * part of paths.
 */
export type DimensionKind = "exit" | "directory";

/** One property that visits and events are told apart by. */
export interface Dimension {
  /** Its name in the address. */
  readonly short: string;
  readonly field: string;
  /** One of them, in a filter: "Page is /pricing". */
  readonly label: string;
  /** A list of them. */
  readonly title: string;
  readonly panel?: PanelName;
  /** Only events of these collections have it; its rows count events. */
  readonly collections?: readonly string[];
  /** Of the events of those collections only these. */
  readonly only?: Filter;
  /** It means something only together with this property: version 126 of which browser. */
  readonly of?: string | undefined;
  readonly kind?: DimensionKind;
}

/** What was asked for and is not there: the site's error page says so itself, and access logs say it of anything. */
const NOT_FOUND: Filter = {
  operator: "or",
  operands: [
    { property_name: "$collection", operator: "eq", property_value: "not_found" },
    { property_name: "response.status", operator: "eq", property_value: 404 },
  ],
};

/**
 * What panels list and filters know by name; anything else is a property of the events' own. Where somebody came from is asked of the
 * visit, which stands on all of its events: a sign-up on the third page so has the campaign that brought the visit.
 */
export const DIMENSIONS: readonly Dimension[] = [
  { short: "page", field: "$page.path", label: t("Page"), title: t("Pages"), panel: "pages" },
  { short: "entry", field: "$visit.entry", label: t("Entry page"), title: t("Entry pages"), panel: "pages" },
  { short: "exit", field: "$visit.exit", label: t("Exit page"), title: t("Exit pages"), panel: "pages", kind: "exit" },
  {
    short: "directory",
    field: "$page.path",
    label: t("Directory"),
    title: t("Directories"),
    panel: "pages",
    kind: "directory",
  },
  { short: "title", field: "$page.title", label: t("Title"), title: t("Titles"), panel: "pages" },
  { short: "host", field: "$page.host", label: t("Host"), title: t("Hosts"), panel: "pages" },
  {
    short: "outbound",
    field: "$target",
    label: t("Target"),
    title: t("Outbound links"),
    panel: "pages",
    collections: ["outbound_clicks"],
  },
  {
    short: "download",
    field: "$target",
    label: t("Target"),
    title: t("Downloads"),
    panel: "pages",
    collections: ["downloads"],
  },
  {
    short: "missing",
    field: "$page.path",
    label: t("Page"),
    title: t("Pages not found"),
    panel: "pages",
    collections: ["not_found", "requests"],
    only: NOT_FOUND,
  },
  { short: "channel", field: "$visit.channel", label: t("Channel"), title: t("Channels"), panel: "sources" },
  { short: "source", field: "$visit.source", label: t("Source"), title: t("Sources"), panel: "sources" },
  { short: "campaign", field: "$visit.campaign", label: t("Campaign"), title: t("Campaigns"), panel: "sources" },
  { short: "referrer", field: "$referrer.host", label: t("Referrer"), title: t("Referrers"), panel: "sources" },
  {
    short: "utm-source",
    field: "$visit.utm_source",
    label: t("UTM source"),
    title: t("UTM sources"),
    panel: "sources",
  },
  { short: "medium", field: "$visit.medium", label: t("UTM medium"), title: t("UTM media"), panel: "sources" },
  { short: "content", field: "$visit.content", label: t("UTM content"), title: t("UTM contents"), panel: "sources" },
  { short: "term", field: "$visit.term", label: t("UTM term"), title: t("UTM terms"), panel: "sources" },
  { short: "country", field: "$geo.country", label: t("Country"), title: t("Countries"), panel: "places" },
  { short: "region", field: "$geo.region", label: t("Region"), title: t("Regions"), panel: "places" },
  { short: "city", field: "$geo.city", label: t("City"), title: t("Cities"), panel: "places" },
  { short: "language", field: "$language", label: t("Language"), title: t("Languages"), panel: "places" },
  { short: "device", field: "$device", label: t("Device"), title: t("Devices"), panel: "devices" },
  { short: "browser", field: "$browser.name", label: t("Browser"), title: t("Browsers"), panel: "devices" },
  {
    short: "browser-version",
    field: "$browser.version",
    label: t("Browser version"),
    title: t("Browser versions"),
    panel: "devices",
    of: "$browser.name",
  },
  { short: "os", field: "$os.name", label: t("System"), title: t("Systems"), panel: "devices" },
  {
    short: "os-version",
    field: "$os.version",
    label: t("System version"),
    title: t("System versions"),
    panel: "devices",
    of: "$os.name",
  },
  { short: "screen", field: "$screen", label: t("Screen"), title: t("Screens"), panel: "devices" },
  { short: "widget", field: "$widget", label: t("Widget"), title: t("Widgets") },
  { short: "version", field: "$widget_version", label: t("Widget version"), title: t("Widget versions") },
  { short: "placement", field: "$widget_placement", label: t("Placement"), title: t("Placements") },
  { short: "event", field: "$collection", label: t("Event"), title: t("Events") },
];

/** Those of them that every event may have: what can be filtered by, and grouped by in questions of one's own. */
export const PROPERTIES: readonly Dimension[] = DIMENSIONS.filter(
  ({ collections, kind }) => collections === undefined && kind === undefined,
);

export function dimensionsOf(panel: PanelName): readonly Dimension[] {
  return DIMENSIONS.filter((dimension) => dimension.panel === panel);
}

/** By its name in the address. */
export function dimensionOf(short: string): Dimension | undefined {
  return DIMENSIONS.find((dimension) => dimension.short === short);
}

export function dimensionLabel(field: string): string {
  return DIMENSIONS.find((dimension) => dimension.field === field)?.label ?? field;
}

const OF_THE_VISIT = /^\$(?:visit\.(?!page$)|geo\.|browser\.|os\.)/;
const OF_THE_BROWSER: ReadonlySet<string> = new Set(["$device", "$screen", "$language"]);

/** True for what all events of one visit have in common: a filter by it keeps whole visits. */
export function isOfTheVisit(field: string): boolean {
  return OF_THE_VISIT.test(field) || OF_THE_BROWSER.has(field);
}
