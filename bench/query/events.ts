import { flatten, type StoredEvent } from "@millrace/core";
import { hash, received } from "../events/received.ts";

export const PROJECT = "bench";
export const DAY = 86_400_000;
/** The events lie in the first days of this month. */
export const START = Date.UTC(2026, 10, 1);
export const DAYS = 20;
const PAGES = ["/", "/pricing", "/signup", ...Array.from({ length: 97 }, (_, i) => `/docs/page-${i}`)];

/** Event number `index` of `total`: page views of visitors who come several times, in visits of about five pages, and one click in five. */
export function eventAt(index: number, total: number): StoredEvent {
  const h = hash(index + 1);
  const further = hash(h);
  const visitor = hash(h % Math.max(1, Math.floor(total / 20)));
  const timestamp = START + Math.floor((index / total) * DAYS * DAY);
  const properties = {
    plan: ["free", "team", "pro"][h % 3] ?? "free",
    amount: ((further % 1_000) * (further % 997)) / 4_000,
    place: [((further % 36_000) - 18_000) / 100, ((further % 17_000) - 8_500) / 100],
  };
  return {
    project: PROJECT,
    ...received(timestamp, index),
    collection: further % 5 === 0 ? "clicks" : "pageviews",
    context: {
      page_path: PAGES[Math.floor(((h >>> 8) % 10_000) ** 2 / 1_000_000)] ?? "/",
      visitor: `v${visitor}`,
      visit_id: `s${visitor}-${Math.floor(index / (total / 4))}`,
      geo_country: ["DE", "PL", "US", "FR", "BR"][h % 5] ?? "DE",
    },
    properties,
    flat: flatten(properties),
  };
}

/**
 * The events of a million as a part of several: squeezed into a part of the days. Visitors are as many times as many and come back in every
 * part; visits stay as long as they were.
 */
export function squeezed(times: number): (k: number) => Readonly<Record<string, string>> {
  const part = (DAYS * DAY) / times;
  return (k) => ({
    timestamp: `(${START + k * part} + (timestamp - ${START}) // ${times})::BIGINT`,
    visitor: `visitor || '-' || (ordinal % ${times})`,
    visit_id: `'s' || visitor || '-' || (ordinal % ${times}) || '-' || ${Math.floor((k * 4) / times)}`,
  });
}
