import type { Json } from "../values/json.ts";
import type { EmbedPanel } from "./panels.ts";

/** What the holder of a token may do: look at its panels, take the rows behind them away as a file, and have them sent as a report. */
export const EMBED_OPERATIONS = ["view", "export", "reports"] as const;
export type EmbedOperation = (typeof EMBED_OPERATIONS)[number];

export const EMBED_THEMES = ["auto", "light", "dark"] as const;

/** What a token says, beside the registered claims of a JWT. All of it is the company's back end's word about one of its customers. */
export interface EmbedClaims {
  /** The company's own id of its customer: said in the log, never shown. */
  readonly customer: string;
  /** In Keen's syntax; added to every question, outside of what the caller asks. An empty list is the whole project. */
  readonly filters: readonly Json[];
  /** Default: all but `events`. */
  readonly panels?: readonly EmbedPanel[] | undefined;
  /** Whose events are shown. Default: page views and the time spent on them. */
  readonly collections?: readonly string[] | undefined;
  /** Of the events' own properties those that may be broken down by and filtered. Default: none. */
  readonly properties?: readonly string[] | undefined;
  /** Default: `["view"]`. */
  readonly operations?: readonly EmbedOperation[] | undefined;
  /** Mail addresses that a report may be sent to, 20 at most; for `reports`, and only with it. They are shown. */
  readonly recipients?: readonly string[] | undefined;
  /** Whether the project's notes stand on the chart: those within the window, whomever they are about. Default: no. */
  readonly annotations?: boolean | undefined;
  /** Instants, ISO 8601: no event before `start`, none at `end` or later. Default: all of them. */
  readonly window?: { readonly start?: string | undefined; readonly end?: string | undefined } | undefined;
  /** Where it may be shown: `https://app.example.com`. Default: in no page. */
  readonly origins?: readonly string[] | undefined;
  readonly theme?: (typeof EMBED_THEMES)[number] | undefined;
  /** `#rrggbb`. */
  readonly accent?: string | undefined;
  /** BCP 47. Default: the browser's. */
  readonly locale?: string | undefined;
}

/** How long a token may live, seconds: what it shows goes on being shown for as long as somebody who got hold of it likes. */
export const EMBED_MOST_SECONDS = 24 * 3600;

/** Characters of a token: a gateway takes ten thousand bytes of headers, a proxy on the way often eight. */
export const EMBED_MOST_CHARS = 6_000;
