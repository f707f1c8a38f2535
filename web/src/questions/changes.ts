import { queryOptions } from "@tanstack/react-query";
import { askerOf } from "../api/client.ts";
import { joined, spikesOf, type Part, type Spike } from "../state/changes.ts";
import { dimensionOf } from "../state/dimensions.ts";
import { keenInterval, type IntervalName } from "../state/interval.ts";
import type { Period } from "../state/ranges.ts";
import { base, eventCollections, FRESH_MS, keyOf, VIEWS, type Ask } from "./ask.ts";
import { valuesOf } from "./breakdown.ts";
import { visitsOf } from "./visits.ts";

/** What a change is looked for in. Each visit has one value of each, so that the values' changes add up to the whole. */
const LOOKED_AT = ["channel", "source", "campaign", "entry", "country", "device", "browser"];
/** Values of a dimension that are looked at in either period. */
const MOST_VALUES = 500;

export interface Changes {
  /** Visits, or events where the page is about them. */
  readonly now: number;
  readonly before: number;
  readonly parts: readonly Part[];
}

/** Both periods by each dimension. On demand only: it asks as much as the whole page. */
export const changesOf = (ask: Ask, before: Period) =>
  queryOptions({
    queryKey: ["changes", before, ...keyOf(ask)],
    queryFn: async ({ signal }): Promise<Changes> => {
      const counts = ask.about === "web" ? "visits" : "events";
      const names = ask.about === "web" ? LOOKED_AT : ["event", ...LOOKED_AT];
      const of = async (period: Period, field: string) => {
        const breakdown = { id: field, field, measure: "", counts } as const;
        const rows = await valuesOf({ ...ask, period }, breakdown, { limit: MOST_VALUES }, signal);
        return new Map(rows.map(({ value, count }) => [value, count] as const));
      };
      const parts = names.map(async (short) => {
        const field = dimensionOf(short)?.field ?? short;
        const [now, earlier] = await Promise.all([of(ask.period, field), of(before, field)]);
        return joined(short, now, earlier);
      });
      const whole = async (period: Period): Promise<number> =>
        (await askerOf(ask.access).ask(counted({ ...ask, period }), signal)).result;
      const [now, earlier, ...all] = await Promise.all([whole(ask.period), whole(before), ...parts]);
      return { now, before: earlier, parts: all.flat() };
    },
    staleTime: FRESH_MS,
  });

/** A spike, and its bucket. */
export interface SpikeThen extends Spike {
  /** Milliseconds. */
  readonly start: number;
  readonly end: number;
}

/** Sources that brought far more visits in one bucket of the chart than in the others. */
export const spikesIn = (ask: Ask, by: IntervalName) =>
  queryOptions({
    queryKey: ["spikes", by, ...keyOf(ask)],
    queryFn: async ({ signal }): Promise<readonly SpikeThen[]> => {
      const asked = { ...counted(ask), group_by: ["$visit.source"], interval: keenInterval(by) } as const;
      const { result } = await askerOf(ask.access).ask(asked, signal);
      const series = new Map<string | null, readonly number[]>();
      for (const [at, { value }] of result.entries()) {
        for (const row of value) {
          const source = row["$visit.source"];
          const name = typeof source === "string" ? source : null;
          const counts = series.get(name) ?? result.map(() => 0);
          series.set(name, counts.with(at, row.result));
        }
      }
      // Nobody brought those of no source.
      series.delete(null);
      return spikesOf(series).flatMap((spike) => {
        const frame = result[spike.at]?.timeframe;
        return frame ? [{ ...spike, start: Date.parse(frame.start), end: Date.parse(frame.end) }] : [];
      });
    },
    staleTime: FRESH_MS,
  });

/** The number that is taken apart: visits that began in the period, as the panels count them, or events. */
function counted(ask: Ask) {
  const shared = base(ask);
  if (ask.about === "events")
    return { ...shared, analysis_type: "count", event_collection: eventCollections(ask) } as const;
  const visits = visitsOf(ask);
  const filters = [...shared.filters, ...(visits.filters ?? [])];
  return { ...shared, ...visits, filters, time_property: "$visit.start", event_collection: [VIEWS] } as const;
}
