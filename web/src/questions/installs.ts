import { queryOptions } from "@tanstack/react-query";
import { askerOf } from "../api/client.ts";
import type { OpenProject } from "../api/session.ts";
import { FRESH_MS, VIEWS } from "./ask.ts";

/** A host whose pages have the script. Bots are included: whether it records is the question. */
export interface Install {
  readonly host: string;
  /** Whether anything was recorded in the last 24 hours. */
  readonly isAwake: boolean;
  /** Page views of the last 24 hours, and of the last seven days. */
  readonly today: number;
  readonly week: number;
  /** The other collections that its pages have recorded into in that week, by name. */
  readonly others: readonly string[];
}

const HOST = "$page.host";
const COLLECTION = "$collection";
/** How often it is asked while somebody waits for a page view. */
const WATCHED_MS = 2_000;

/** The hosts that recorded something in the last seven days, those with most page views first. */
export const installsOf = (access: OpenProject, collections: readonly string[], watched: boolean) =>
  queryOptions({
    queryKey: ["installs", access.id, collections],
    queryFn: async ({ signal }): Promise<readonly Install[]> => {
      const asker = askerOf(access);
      const countsOver = async (timeframe: string) => {
        const { result } = await asker.ask(
          {
            analysis_type: "count",
            event_collection: collections,
            timeframe,
            timezone: access.timezone,
            filters: [{ property_name: HOST, operator: "exists", property_value: true }],
            group_by: [HOST, COLLECTION],
          },
          signal,
        );
        return Map.groupBy(result, (row) => wordOf(row, HOST));
      };
      const [week, today] = await Promise.all([countsOver("this_7_days"), countsOver("this_24_hours")]);
      return [...week]
        .map(([host, rows]) => ({
          host,
          isAwake: today.has(host),
          today: viewsOf(today.get(host) ?? []),
          week: viewsOf(rows),
          others: rows
            .map((row) => wordOf(row, COLLECTION))
            .filter((name) => name !== VIEWS)
            .sort(),
        }))
        .sort((a, b) => b.week - a.week || a.host.localeCompare(b.host));
    },
    staleTime: watched ? 0 : FRESH_MS,
    // Whoever watches looks at the other page meanwhile.
    ...(watched && { refetchInterval: WATCHED_MS, refetchIntervalInBackground: true }),
  });

type Row = Readonly<Record<string, unknown>> & { readonly result: number };

/** Both of these fields hold words. */
function wordOf(row: Row, field: string): string {
  const value = row[field];
  return typeof value === "string" ? value : "";
}

function viewsOf(rows: readonly Row[]): number {
  return rows.find((row) => row[COLLECTION] === VIEWS)?.result ?? 0;
}
