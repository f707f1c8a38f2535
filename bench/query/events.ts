import { flatten, mintId, type StoredEvent } from "@millrace/core";

export const PROJECT = "bench";
export const DAY = 86_400_000;
/** The events lie in the first days of this month. */
export const START = Date.UTC(2026, 10, 1);
export const DAYS = 20;
const PAGES = ["/", "/pricing", "/signup", ...Array.from({ length: 97 }, (_, i) => `/docs/page-${i}`)];

/** Event number `index` of `total`: pageviews of visitors who come several times, in visits of about five pages. */
export function eventAt(index: number, total: number): StoredEvent {
  const h = hash(index + 1);
  const visitor = hash(h % Math.max(1, Math.floor(total / 20)));
  const timestamp = START + Math.floor((index / total) * DAYS * DAY);
  const random = new Uint8Array(10);
  new DataView(random.buffer).setUint32(0, h);
  new DataView(random.buffer).setUint32(6, index);
  const properties = { plan: ["free", "team", "pro"][h % 3] ?? "free" };
  return {
    project: PROJECT,
    id: mintId(timestamp, random),
    collection: "pageviews",
    timestamp,
    receivedAt: timestamp + 200,
    batch: `batch-${Math.floor(index / 100)}`,
    ordinal: index % 100,
    instance: "bench",
    sequence: Math.floor(index / 100),
    accepted: index + 1,
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

/** A fixed, cheap scramble: the same events in every run. */
function hash(n: number): number {
  let x = Math.imul(n ^ (n >>> 16), 0x45d9f3b);
  x = Math.imul(x ^ (x >>> 16), 0x45d9f3b);
  return (x ^ (x >>> 16)) >>> 0;
}
