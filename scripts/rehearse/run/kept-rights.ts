import type { Right } from "./gateway/usage.ts";

/** A right that the flow does not use and that stays. */
interface KeptRight {
  readonly actor: string;
  readonly action: string;
  /** The end of the resource as the role writes it. */
  readonly resource: string;
  readonly why: string;
}

const WATCHED = "a watch may ask any question, also one whose actors or values are walked page by page, in a snapshot";
const PAGES = "the ledger of very many hours is read page by page, in a snapshot";

const KEPT_RIGHTS: readonly KeptRight[] = [
  { actor: "health", action: "es:ESHttpPost", resource: "/_search", why: PAGES },
  { actor: "health", action: "es:ESHttpPost", resource: "/*/_search/point_in_time", why: PAGES },
  { actor: "health", action: "es:ESHttpDelete", resource: "/_search/point_in_time", why: PAGES },
  { actor: "reports", action: "es:ESHttpPost", resource: "/_search", why: WATCHED },
  { actor: "reports", action: "es:ESHttpPost", resource: "/*/_search/point_in_time", why: WATCHED },
  { actor: "reports", action: "es:ESHttpDelete", resource: "/_search/point_in_time", why: WATCHED },
  { actor: "reports", action: "es:ESHttpPost", resource: "/*/_field_caps", why: WATCHED },
];

/** Unused rights in two: those with a reason, and those that should go. And reasons that are none any more. */
export function sortRights(unused: readonly Right[], kept: readonly KeptRight[] = KEPT_RIGHTS) {
  const reasonOf = ({ actor, action, resource }: Right) =>
    kept.find((each) => each.actor === actor && each.action === action && resource.endsWith(each.resource));
  const withReason = unused.map((right) => ({ right, reason: reasonOf(right) }));
  const used = new Set(withReason.map(({ reason }) => reason));
  return {
    kept: withReason.flatMap(({ right, reason }) => (reason ? [{ right, why: reason.why }] : [])),
    needless: withReason.flatMap(({ right, reason }) => (reason ? [] : [right])),
    stale: kept.filter((each) => !used.has(each)),
  };
}
