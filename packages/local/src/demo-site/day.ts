import { mintId, type JsonObject, type RandomBytes } from "@millrace/core";
import { journeyOf, visitorOf, type Chance, type Journey, type Visitor } from "./visitors.ts";

/** One event as an import sends it, and when it happened. */
export interface DayEvent {
  readonly at: number;
  readonly collection: string;
  readonly event: JsonObject;
}

export interface DayOptions {
  /** The day ends here, milliseconds UTC. */
  readonly end: number;
  /** Where the site is, such as `http://localhost:3000`. */
  readonly url: string;
  readonly visits: number;
  readonly chance: Chance;
  readonly random: RandomBytes;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const ID_BYTES = 10;
/** From a click to the next page. */
const PAUSE_MS = 1_500;

/** A day of visitors of the demo site, in the order in which it happened: few at night, most in the afternoon. */
export function dayOf(options: DayOptions): DayEvent[] {
  const { end, visits, chance } = options;
  const events = Array.from({ length: visits }, () => {
    const start = end - DAY_MS + momentOf(chance, end);
    return visitOf(options, start, visitorOf(chance), journeyOf(chance));
  });
  return events
    .flat()
    .filter(({ at }) => at <= end)
    .toSorted((a, b) => a.at - b.at);
}

/** Milliseconds into the day, by chance, but rarely at night as the machine's clock has it. */
function momentOf(chance: Chance, end: number): number {
  for (;;) {
    const moment = chance() * DAY_MS;
    const hour = new Date(end - DAY_MS + moment).getHours();
    const busy = 0.12 + 0.88 * Math.max(0, Math.sin(((hour - 6) / 18) * Math.PI));
    if (chance() < busy) return moment;
  }
}

function visitOf({ url, random, chance }: DayOptions, start: number, visitor: Visitor, journey: Journey): DayEvent[] {
  const { stops, referrer } = journey;
  const visit = mintId(start, random(ID_BYTES));
  const entry = stops[0]?.page ?? "/demo";
  const shared = {
    ip: visitor.address,
    user_agent: visitor.agent,
    language: visitor.language,
    timezone: visitor.timezone,
    visit_id: visit,
    visit_url: url + entry,
    ...(referrer !== undefined && { visit_referrer: referrer }),
  };
  const eventOf = (at: number, collection: string, properties: JsonObject, context: JsonObject): DayEvent => ({
    at,
    collection,
    event: {
      ...properties,
      keen: { id: mintId(at, random(ID_BYTES)), timestamp: new Date(at).toISOString() },
      $context: { ...shared, ...context },
    },
  });
  let at = start;
  return stops.flatMap(({ page, title, engagedMs, deeds }, index) => {
    const before = index === 0 ? referrer : url + (stops[index - 1]?.page ?? "");
    const here = { url: url + page, title };
    const seen = eventOf(
      at,
      "pageviews",
      {},
      {
        ...here,
        visit_page: index + 1,
        ...(before !== undefined && { referrer: before }),
      },
    );
    const done = deeds.map(({ collection, properties = {}, target, widget, action }, n) =>
      eventOf(at + Math.round((engagedMs * (n + 1)) / (deeds.length + 1)), collection, properties, {
        ...here,
        ...(target !== undefined && { target: target.startsWith("/") ? url + target : target }),
        ...(widget && { widget: widget.id, widget_version: widget.version, widget_placement: widget.placement }),
        ...(action !== undefined && { widget_action: action }),
      }),
    );
    const scroll = Math.round(100 * Math.min(1, 0.3 + engagedMs / 60_000));
    const left = eventOf(at + engagedMs, "engagement", {}, { ...here, engaged_ms: engagedMs, scroll });
    const loaded = index === 0 ? [eventOf(at + engagedMs, "web_vitals", vitalsOf(chance), here)] : [];
    at += engagedMs + PAUSE_MS;
    return [seen, ...done, left, ...loaded];
  });
}

/** How quick a page was: mostly good, now and then on a poor line. */
function vitalsOf(chance: Chance): JsonObject {
  const slow = 1 + 4 * chance() ** 4;
  const ttfb = Math.round(slow * (120 + 300 * chance()));
  const fcp = ttfb + Math.round(slow * (300 + 600 * chance()));
  return {
    ttfb,
    fcp,
    lcp: fcp + Math.round(slow * 700 * chance()),
    inp: Math.round(slow * (40 + 80 * chance())),
    cls: Math.round(1_000 * slow * 0.06 * chance()) / 1_000,
  };
}

/** A busy day has this many visits; pressed once, the dashboard has something to show on every panel. */
export const VISITS = 420;

/** Events in the order of their day, an hour's together. */
export function hoursOf(events: readonly DayEvent[]): DayEvent[][] {
  return [...Map.groupBy(events, ({ at }) => Math.floor(at / HOUR_MS)).values()];
}
