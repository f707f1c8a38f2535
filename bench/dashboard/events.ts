import { flatten, type Context, type StoredEvent } from "@millrace/core";
import { hash, received } from "../events/received.ts";

export const DAY_MS = 86_400_000;
/** Events end here; the page is opened here. */
export const NOW = Date.UTC(2026, 5, 30, 15);
/** Days over which they are spread. */
export const DAYS = 90;
export const COLLECTIONS = ["engagement", "outbound_clicks", "pageviews", "signups"] as const;

/** The events of one who comes are a minute apart; those of others lie between them. */
const STEP_MS = 60_000;
/** What one who comes does: a visit of one page, then one of three, with the time spent on the first of them. */
const STEPS = [
  { visit: 0, page: 1 },
  { visit: 1, page: 1 },
  { visit: 1, page: undefined },
  { visit: 1, page: 2 },
  { visit: 1, page: 3 },
] as const;
/** One in three was here so many rounds of steps ago, an hour and a half. */
const BACK_AFTER = 18;
const LAST = ["pageviews", "pageviews", "outbound_clicks", "signups"];
const SOURCES = [null, "Google", "Hacker News", "Newsletter", "Bing"];
const CHANNELS = ["Direct", "Organic Search", "Referral", "Email", "Organic Search"];
const COUNTRIES = ["DE", "PL", "US", "FR", "BR", "GB", "IN", "JP", "NL", "ES", "IT", "SE"];
const LANDINGS = 60;
const PAGES = 400;

/** What is spread over which days. */
export interface Spread {
  readonly total: number;
  readonly days: number;
  readonly projects: readonly string[];
}

/**
 * Event number `index` of `total`, the same in every run, as the tracker and the collector leave them: visitors are new every day, as they
 * are without consent, ids as long as real ones, and what a visit began with stands on all of its events. The first of several projects has
 * a fifth of all events.
 */
export function eventAt(index: number, { total, days, projects }: Spread): StoredEvent {
  const from = NOW - days * DAY_MS;
  const spacing = (days * DAY_MS) / total;
  const atOnce = Math.max(1, Math.round(STEP_MS / spacing));
  const round = Math.floor(index / (atOnce * STEPS.length));
  const within = index % (atOnce * STEPS.length);
  const step = Math.floor(within / atOnce);
  const comer = round * atOnce + (within % atOnce);
  const startOf = (at: number): number =>
    from + Math.floor(((round * STEPS.length + at) * atOnce + (within % atOnce)) * spacing);
  const { visit, page } = STEPS[step] ?? STEPS[0];
  const h = hash(comer + 1);
  const timestamp = startOf(step);
  const collection = page === undefined ? "engagement" : page === 3 ? oneOf(LAST, h) : "pageviews";
  const properties = { plan: oneOf(["free", "team", "pro"], h), seats: h % 50 };
  const landing = `/docs/page-${Math.floor((hash(h + visit) % LANDINGS) ** 2 / LANDINGS)}`;
  const origin = hash(h + visit);
  const person = h % 3 === 0 ? comer - BACK_AFTER * atOnce : comer;
  const context: Context = {
    visitor: scramble(Math.floor(timestamp / DAY_MS), person),
    visit_id: startOf(visit).toString(16).padStart(12, "0") + scramble(comer, visit).slice(0, 20),
    visit_start: startOf(visit),
    visit_source: oneOf(SOURCES, origin),
    visit_channel: oneOf(CHANNELS, origin),
    visit_entry: landing,
    page_host: "www.example.com",
    page_path: page === 1 ? landing : `/docs/page-${Math.floor((hash(h + step) % PAGES) ** 2 / PAGES)}`,
    geo_country: oneOf(COUNTRIES, h),
    device: oneOf(["Desktop", "Mobile", "Tablet"], h),
    browser_name: oneOf(["Chrome", "Firefox", "Safari"], h),
    os_name: oneOf(["Windows", "macOS", "Android"], h),
    bot_is: h % 50 === 0,
    ...(page !== undefined && collection === "pageviews" && { visit_page: page }),
    ...(collection === "engagement" && { engaged_ms: h % 60_000 }),
  };
  return {
    project: projects[projects.length === 1 || h % 5 === 0 ? 0 : 1 + (h % (projects.length - 1))] ?? "",
    ...received(timestamp, index, 10),
    collection,
    context,
    properties,
    flat: flatten(properties),
  };
}

function oneOf<T>(list: readonly T[], h: number): T {
  return list[h % list.length] as T;
}

/** 22 characters, as a visitor's id has them. */
function scramble(a: number, b: number): string {
  const parts = [hash(a * 31 + b), hash(a + 7 * b + 1), hash(a ^ (b + 3)), hash(b + 11)];
  return parts
    .map((part) => part.toString(36).padStart(7, "0"))
    .join("")
    .slice(0, 22);
}

/** The same events `k` parts of the days earlier, by other people. */
export function earlierBy(partMs: number): (k: number) => Readonly<Record<string, string>> {
  return (k) => {
    const before = Math.round(k * partMs);
    return {
      timestamp: `timestamp - ${before}`,
      received_at: `received_at - ${before}`,
      visit_start: `visit_start - ${before}`,
      visitor: `left(md5(visitor || ${k}), 22)`,
      visit_id: `left(visit_id, 12) || left(md5(visit_id || ${k}), 20)`,
    };
  };
}
