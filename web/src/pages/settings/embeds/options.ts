import type { EmbedClaims, EmbedPanel } from "@millrace/core";
import { t } from "../../../language/words.ts";

/** The panels of an embed as this page names them, in their order on the page. */
export const PANELS: readonly { readonly value: EmbedPanel; readonly label: string }[] = [
  { value: "metrics", label: t("Figures") },
  { value: "trend", label: t("Chart") },
  { value: "pages", label: t("Pages") },
  { value: "sources", label: t("Sources") },
  { value: "places", label: t("Countries") },
  { value: "devices", label: t("Devices") },
  { value: "events", label: t("Events") },
];

/** As an embed token has them when it does not say. */
export const DEFAULT_PANELS: readonly EmbedPanel[] = PANELS.map(({ value }) => value).filter(
  (panel) => panel !== "events",
);
export const DEFAULT_COLLECTIONS: readonly string[] = ["pageviews", "engagement"];

/** What somebody has chosen on the page. Texts as they were typed; empty: not said. */
export interface EmbedOptions {
  /** The property that tells customers apart; empty: each sees the whole project. */
  readonly property: string;
  /** Whether its values are numbers. */
  readonly numeric: boolean;
  /** Of the customer that the preview shows. */
  readonly customer: string;
  readonly panels: readonly EmbedPanel[];
  readonly collections: readonly string[];
  readonly properties: readonly string[];
  readonly exports: boolean;
  /** Whether the project's notes stand on the chart. */
  readonly notes: boolean;
  /** Days (`2026-01-31`): the first that is shown, and the first that is not any more. */
  readonly start: string;
  readonly end: string;
  readonly theme: "auto" | "light" | "dark";
  readonly accent: string;
  readonly locale: string;
  readonly origins: readonly string[];
}

export const FIRST_OPTIONS: EmbedOptions = {
  property: "",
  numeric: false,
  customer: "",
  panels: DEFAULT_PANELS,
  collections: DEFAULT_COLLECTIONS,
  properties: [],
  exports: false,
  notes: false,
  start: "",
  end: "",
  theme: "auto",
  accent: "",
  locale: "",
  origins: [],
};

/** What the token says beside whose it is: defaults are left out. */
export function commonClaims(options: EmbedOptions): Partial<EmbedClaims> {
  const { panels, collections, properties, exports, notes, theme, accent, locale } = options;
  const window = {
    ...(options.start !== "" && { start: `${options.start}T00:00:00Z` }),
    ...(options.end !== "" && { end: `${options.end}T00:00:00Z` }),
  };
  return {
    ...(!same(panels, DEFAULT_PANELS) && { panels }),
    ...(!same(collections, DEFAULT_COLLECTIONS) && { collections }),
    ...(properties.length > 0 && { properties }),
    ...(exports && { operations: ["view", "export"] }),
    ...(notes && { annotations: true }),
    ...(Object.keys(window).length > 0 && { window }),
    ...(theme !== "auto" && { theme }),
    ...(accent !== "" && { accent }),
    ...(locale !== "" && { locale }),
  };
}

/** What the token of the preview says. @param origin of this page, which shows it */
export function previewClaims(options: EmbedOptions, origin: string): EmbedClaims {
  const { property, customer, numeric } = options;
  const property_value = numeric ? Number(customer) : customer;
  return {
    customer: customer === "" ? "preview" : customer,
    filters: property === "" ? [] : [{ property_name: property, operator: "eq", property_value }],
    origins: [origin],
    ...commonClaims(options),
  };
}

/** The same list, in whatever order. */
function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each) => b.includes(each));
}
