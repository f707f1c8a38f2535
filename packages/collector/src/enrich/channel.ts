import { readArrival, sourceOf, type ClickKind, type SourceKind } from "@millrace/core";
import { fill, type Step } from "./enrichment.ts";

/** What the rules look at. Texts are lower-case, empty when absent. */
interface Arrival {
  /** What the source is, when it is a known site. */
  readonly kind: SourceKind | undefined;
  readonly source: string;
  readonly medium: string;
  readonly campaign: string;
  /** Set when the URL carries the click id of an advertiser. */
  readonly click: ClickKind | undefined;
  /** True when something but a campaign says who referred. */
  readonly referred: boolean;
}

interface Rule {
  readonly channel: string;
  readonly when: (arrival: Arrival) => boolean;
}

const PAID = /cp|ppc|retargeting|^paid/;
const SHOPPING = /(?:^|[^a-df-z])shop|shopping/;
const SOCIAL = /^(?:social|social[ -]?network|social[ -]?media|sm)$/;
const EMAIL = /^e[-_ ]?mail$/;
const DISPLAY = new Set(["display", "banner", "expandable", "interstitial", "cpm"]);

const paid = ({ medium }: Arrival) => PAID.test(medium);
const shopping = ({ kind, campaign }: Arrival) => kind === "shopping" || SHOPPING.test(campaign);

/**
 * The channel rules; the first that holds decides. They follow the definitions of Google Analytics 4's default channel group
 * (Analytics help, "Default channel group"), the vocabulary that most marketing reports share. Departures: AI assistants have a
 * channel of their own, click ids count as paid even where the campaign was not tagged, and mail hosts as Email.
 */
const RULES: readonly Rule[] = [
  { channel: "Cross-network", when: ({ campaign }) => campaign.includes("cross-network") },
  { channel: "Paid Shopping", when: (a) => paid(a) && shopping(a) },
  { channel: "Paid Search", when: (a) => paid(a) && a.kind === "search" },
  { channel: "Paid Social", when: (a) => paid(a) && a.kind === "social" },
  { channel: "Paid Video", when: (a) => paid(a) && a.kind === "video" },
  { channel: "Display", when: ({ medium, click }) => DISPLAY.has(medium) || click === "display" },
  { channel: "Paid Other", when: paid },
  { channel: "Paid Search", when: ({ medium, click }) => medium === "" && click === "search" },
  { channel: "Paid Social", when: ({ medium, click }) => medium === "" && click === "social" },
  { channel: "Affiliates", when: ({ medium }) => /^affiliates?$/.test(medium) },
  { channel: "Audio", when: ({ medium }) => medium === "audio" },
  { channel: "SMS", when: ({ source, medium }) => source === "sms" || medium === "sms" },
  {
    channel: "Mobile Push Notifications",
    when: ({ source, medium }) =>
      medium.endsWith("push") || /mobile|notification/.test(medium) || source === "firebase",
  },
  {
    channel: "Email",
    when: ({ kind, source, medium }) => EMAIL.test(medium) || EMAIL.test(source) || (medium === "" && kind === "email"),
  },
  { channel: "Organic Shopping", when: shopping },
  { channel: "AI Assistants", when: ({ kind }) => kind === "assistant" },
  { channel: "Organic Social", when: ({ kind, medium }) => kind === "social" || SOCIAL.test(medium) },
  { channel: "Organic Video", when: ({ kind, medium }) => kind === "video" || medium.includes("video") },
  { channel: "Organic Search", when: ({ kind, medium }) => kind === "search" || medium === "organic" },
  {
    channel: "Referral",
    when: ({ medium, referred }) => /^(?:referral|app|link)$/.test(medium) || (medium === "" && referred),
  },
  { channel: "Direct", when: ({ source, medium, referred }) => source === "" && medium === "" && !referred },
];

/** Tagged, in words no rule knows: GA4's name for it. */
const UNASSIGNED = "Unassigned";

/**
 * `$channel`, for events on a page. An event that came from inside the site says nothing about the visit's channel and gets
 * none: "Direct" would grow with every click.
 */
export const channel: Step = {
  name: "channel",
  apply({ context }) {
    if (!context.page_path || context.channel !== undefined) return;
    const arrival = readArrival(context.page_query);
    const utm = { ...arrival.utm, ...(context.utm_source && { source: context.utm_source }) };
    const host = context.referrer_host;
    const tagged = Boolean(utm.source ?? context.utm_medium ?? context.utm_campaign);
    const click = arrival.click?.paid;
    // The referrer step wrote an explicit null for a page of the same site.
    if (!tagged && click === undefined && host === null) return;
    const from = sourceOf({ ...arrival, utm }, host);
    fill(
      context,
      "channel",
      channelOf({
        kind: from?.known?.kind,
        source: utm.source?.toLowerCase() ?? "",
        medium: (context.utm_medium ?? "").toLowerCase(),
        campaign: (context.utm_campaign ?? "").toLowerCase(),
        click,
        // With utm_source, who referred is only the last hop (a link shortener, a mail client).
        referred: utm.source === undefined && from !== undefined,
      }),
    );
  },
};

/** The first channel whose rule holds; "Unassigned" when none does. */
function channelOf(arrival: Arrival): string {
  return RULES.find((rule) => rule.when(arrival))?.channel ?? UNASSIGNED;
}
