/**
 * The one table of standard fields: what every event has beside its own properties. Stores derive their columns and mappings
 * from it, the query planner resolves names with it, docs/events.md is written from it.
 *
 * Names start with `$` or `keen.`: no customer property can (Keen's own rules), so a standard field and a property never meet.
 */
export type FieldKind = "string" | "number" | "boolean" | "datetime" | "strings";

export interface StandardField {
  /** The name in queries and extractions. */
  readonly name: string;
  /** The name in both stores: a column in DuckDB, a field in OpenSearch. */
  readonly column: string;
  readonly kind: FieldKind;
  readonly doc: string;
}

const field = <N extends string, C extends string, K extends FieldKind>(name: N, column: C, kind: K, doc: string) =>
  ({ name, column, kind, doc }) as const;

export const STANDARD_FIELDS = [
  field("keen.id", "id", "string", "Unique id of the event; starts with its identity time."),
  field(
    "keen.timestamp",
    "timestamp",
    "datetime",
    "When it happened: what timeframes apply to, unless a query says `time_property`.",
  ),
  field("keen.created_at", "received_at", "datetime", "When ingest accepted it."),
  field("$collection", "collection", "string", "The event collection."),
  field("$page.host", "page_host", "string", "Host of the page."),
  field("$page.path", "page_path", "string", "Path of the page, without query and fragment."),
  field("$page.query", "page_query", "string", "The allowed query parameters (utm_*, ref, gclid, …), as in the URL."),
  field("$page.title", "page_title", "string", "Title of the page."),
  field(
    "$referrer.host",
    "referrer_host",
    "string",
    "Host of the referring page; null for none and for the same site.",
  ),
  field("$referrer.path", "referrer_path", "string", "Path of the referring page."),
  field(
    "$source",
    "source",
    "string",
    "Where the page was come to from: the campaign's word, ref or source, a click id's site, or who referred; known sites by one name.",
  ),
  field("$channel", "channel", "string", "Direct, Organic Search, Paid Search, Organic Social, Email, Referral, …"),
  field("$utm.source", "utm_source", "string", "utm_source of the page URL."),
  field("$utm.medium", "utm_medium", "string", "utm_medium of the page URL."),
  field("$utm.campaign", "utm_campaign", "string", "utm_campaign of the page URL."),
  field("$utm.term", "utm_term", "string", "utm_term of the page URL."),
  field("$utm.content", "utm_content", "string", "utm_content of the page URL."),
  field("$geo.country", "geo_country", "string", "ISO 3166-1 alpha-2 code."),
  field("$geo.region", "geo_region", "string", "Region name, when the source of geo knows it."),
  field("$geo.city", "geo_city", "string", "City name, when the source of geo knows it."),
  field("$geo.source", "geo_source", "string", "header, database or timezone (an estimate)."),
  field("$browser.name", "browser_name", "string", "Browser family."),
  field("$browser.version", "browser_version", "string", "Major version."),
  field("$os.name", "os_name", "string", "Operating system."),
  field("$os.version", "os_version", "string", "Version of the operating system."),
  field("$device", "device", "string", "desktop, mobile, tablet, tv, console, wearable or other."),
  field("$screen", "screen", "string", "Screen size in CSS pixels, WIDTHxHEIGHT."),
  field("$language", "language", "string", "First preferred language of the browser (BCP 47)."),
  field("$visitor", "visitor", "string", "Visitor id: per day and without storage, unless the visitor was identified."),
  field("$user", "user_id", "string", "Id given with identify()."),
  field("$visit.id", "visit_id", "string", "Visit id: 30 minutes of silence end a visit."),
  field(
    "$visit.start",
    "visit_start",
    "datetime",
    "When the visit began, on all its events. The other field that timeframes can apply to (`time_property`).",
  ),
  field(
    "$visit.page",
    "visit_page",
    "number",
    "1 for the first page view of a visit, 2 for the second …; null on other events.",
  ),
  field(
    "$visit.source",
    "visit_source",
    "string",
    "$source of the page view that began the visit, on all its events; null without a visit, and for a direct one.",
  ),
  field("$visit.channel", "visit_channel", "string", "$channel of the page view that began the visit, likewise."),
  field(
    "$visit.campaign",
    "visit_campaign",
    "string",
    "$utm.campaign of the page view that began the visit, likewise.",
  ),
  field(
    "$visit.utm_source",
    "visit_utm_source",
    "string",
    "utm_source, as it is written, of the page that began the visit, on all its events.",
  ),
  field("$visit.medium", "visit_medium", "string", "$utm.medium of the page that began the visit, likewise."),
  field("$visit.term", "visit_term", "string", "$utm.term of the page that began the visit, likewise."),
  field("$visit.content", "visit_content", "string", "$utm.content of the page that began the visit, likewise."),
  field("$visit.entry", "visit_entry", "string", "Path of the page that began the visit, on all its events."),
  field(
    "$engaged_ms",
    "engaged_ms",
    "number",
    "Engaged time since the previous event of the visit: an increment, so it can be summed.",
  ),
  field(
    "$scroll",
    "scroll",
    "number",
    "How much further down the page was seen, in percent of its height: an increment, so its sum over page views is their average depth.",
  ),
  field("$widget", "widget", "string", "Id of the widget the event is about."),
  field("$widget_version", "widget_version", "string", "Version of the widget."),
  field("$widget_placement", "widget_placement", "string", "Where on the site the widget is."),
  field(
    "$widget_action",
    "widget_action",
    "string",
    "What the widget did or what was done with it: shown, seen, interacted, converted, loaded, failed, or a word of its own.",
  ),
  field("$widget_ms", "widget_ms", "number", "How long the action took; of `loaded` the widget's load time."),
  field(
    "$target",
    "target",
    "string",
    "What was clicked, downloaded, submitted or copied: URL without query, or name of the form.",
  ),
  field("$bot.is", "bot_is", "boolean", "True when one reason or more says that no person did this."),
  field("$bot.reasons", "bot_reasons", "strings", "Why it is thought to be a bot."),
  field("$execution.ingest", "execution_ingest", "string", "Request id of the execution that accepted it."),
  field("$execution.collector", "execution_collector", "string", "Request id of the execution that stored it."),
] as const satisfies readonly StandardField[];

export type FieldName = (typeof STANDARD_FIELDS)[number]["name"];
export type FieldColumn = (typeof STANDARD_FIELDS)[number]["column"];

const BY_NAME: ReadonlyMap<string, StandardField> = new Map(STANDARD_FIELDS.map((f) => [f.name, f]));

/** The standard field of that query name, if there is one. */
export function standardField(name: string): StandardField | undefined {
  return BY_NAME.get(name);
}

const ROOTS: ReadonlySet<string> = new Set(
  STANDARD_FIELDS.map(({ name }) => name.split(".", 1)[0] ?? name).filter((root) => root !== "keen"),
);

/** True for what standard fields are under in the rows of an extraction: `$page`, `$collection`, … */
export function isStandardRoot(name: string): boolean {
  return ROOTS.has(name);
}

type ValueOf<K extends FieldKind> = K extends "string"
  ? string
  : K extends "number" | "datetime"
    ? number
    : K extends "boolean"
      ? boolean
      : string[];

/** Columns whose value an event may lack. Identity columns are in {@link import("./event.ts").StoredEvent} itself. */
export type ContextColumn = Exclude<FieldColumn, "id" | "timestamp" | "received_at" | "collection">;

/** The enriched context of one event: every standard field that is known, by column. Datetimes are milliseconds UTC. */
export type Context = {
  -readonly [
    F in (typeof STANDARD_FIELDS)[number] as F["column"] extends ContextColumn ? F["column"] : never
  ]?: ValueOf<F["kind"]> | null;
};
