import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { askerOf } from "../api/client.ts";
import { keenInterval, type IntervalName } from "../state/interval.ts";
import { base, FRESH_MS, keyOf, type Ask } from "./ask.ts";

/** The collection of the tracker's part `errors`. */
export const SCRIPT_ERRORS = "script_errors";

/** Errors of one message and one place. */
export interface ScriptError {
  readonly message: string | null;
  /** `https://shop.example/app.js:10:5`; null where the browser did not say. */
  readonly place: string | null;
  readonly count: number;
  readonly visitors: number;
  /** Beginning of the first and of the last bucket that has one, ms UTC. */
  readonly first: number;
  readonly last: number;
}

const GROUPS = ["message", "place"] as const;
/** Kinds of errors that are listed. */
const MOST = 100;

/** The errors of an ask, the most frequent first, and within which buckets each of them was seen. */
export const scriptErrorsOf = (ask: Ask, by: IntervalName) =>
  queryOptions({
    queryKey: ["script-errors", by, ...keyOf(ask)],
    queryFn: async ({ signal }): Promise<readonly ScriptError[]> => {
      const asker = askerOf(ask.access);
      const what = { ...base(ask), event_collection: [SCRIPT_ERRORS], group_by: GROUPS } as const;
      const [found, seen] = await Promise.all([
        asker.ask(
          {
            ...what,
            analysis_type: "multi_analysis",
            analyses: {
              count: { analysis_type: "count" },
              visitors: { analysis_type: "count_unique", target_property: "$visitor" },
            },
            order_by: [{ property_name: "count", direction: "DESC" }],
            limit: MOST,
          },
          signal,
        ),
        asker.ask({ ...what, analysis_type: "count", interval: keenInterval(by), zero_fill: false }, signal),
      ]);
      const times = new Map<string, [first: number, last: number]>();
      for (const { value: rows, timeframe } of seen.result) {
        const at = Date.parse(timeframe.start);
        for (const row of rows) times.set(keyOfError(row), [times.get(keyOfError(row))?.[0] ?? at, at]);
      }
      return found.result.map((row) => {
        const [first = 0, last = 0] = times.get(keyOfError(row)) ?? [];
        return {
          message: textOf(row["message"]),
          place: textOf(row["place"]),
          count: Number(row.count),
          visitors: Number(row.visitors),
          first,
          last,
        };
      });
    },
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

function keyOfError(row: { readonly [name: string]: unknown }): string {
  return JSON.stringify(GROUPS.map((name) => row[name] ?? null));
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
