/** What every panel counts by: visitors, visits, pages and time, over time. */
const COUNTED = [
  "keen.timestamp",
  "$collection",
  "$visitor",
  "$visit.id",
  "$visit.page",
  "$visit.start",
  "$engaged_ms",
  "$scroll",
  "$widget_action",
];

/** The panels of an embed, and the properties that each may name. Nothing else of an event can be asked for with a token. */
export const EMBED_PANELS = {
  metrics: COUNTED,
  trend: COUNTED,
  pages: [...COUNTED, "$page.path", "$page.title", "$page.host", "$visit.entry", "$target"],
  sources: [
    ...COUNTED,
    "$source",
    "$channel",
    "$visit.source",
    "$visit.channel",
    "$visit.campaign",
    "$visit.utm_source",
    "$visit.medium",
    "$visit.term",
    "$visit.content",
    "$referrer.host",
    "$utm.source",
    "$utm.medium",
    "$utm.campaign",
    "$utm.term",
    "$utm.content",
  ],
  places: [...COUNTED, "$geo.country", "$geo.region", "$geo.city", "$language"],
  devices: [...COUNTED, "$device", "$browser.name", "$browser.version", "$os.name", "$os.version", "$screen"],
  events: COUNTED,
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type EmbedPanel = keyof typeof EMBED_PANELS;

export const EMBED_PANEL_NAMES = Object.keys(EMBED_PANELS) as EmbedPanel[];
