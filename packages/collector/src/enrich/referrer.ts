import { isSameSite, parseReferrer, readArrival, sourceOf } from "@millrace/core";
import { fill, type Step } from "./enrichment.ts";

/** Host and path of the referring page; explicit nulls when there is none or it is the same site. */
export const referrer: Step = {
  name: "referrer",
  apply({ raw, context }) {
    const from = parseReferrer(raw.referrer);
    if (!from) return;
    const inside = isSameSite(from.host, context.page_host);
    fill(context, "referrer_host", inside ? null : from.host);
    fill(context, "referrer_path", inside ? null : from.path);
  },
};

/** `$source`: where the page was come to from, see core's `sourceOf`. Nothing when nothing tells. */
export const source: Step = {
  name: "source",
  apply({ context }) {
    const arrival = readArrival(context.page_query);
    const utm = { ...arrival.utm, ...(context.utm_source && { source: context.utm_source }) };
    fill(context, "source", sourceOf({ ...arrival, utm }, context.referrer_host)?.name);
  },
};
