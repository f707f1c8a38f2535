import type { LedgerHour } from "@millrace/core";
import { queryOptions } from "@tanstack/react-query";
import { askerOf } from "../api/client.ts";
import type { Access } from "../api/session.ts";
import { FRESH_MS } from "./ask.ts";

/** Days of the ledger on the page. */
export const LEDGER_DAYS = 7;

export interface Ledger {
  /** Newest first; hours without anything are left out. */
  readonly hours: readonly LedgerHour[];
  /** The server's verdict: every hour with nothing left in the queue accounts for all of its events. */
  readonly balanced: boolean;
  /** Requests that never came as far as a project, of the whole stage. */
  readonly turnedAway: number;
}

/** The ledger of the last days. Renewed with the page (see panels/use-renewal.ts). */
export const ledgerOf = (access: Access) =>
  queryOptions({
    queryKey: ["ledger", access.id],
    queryFn: async ({ signal }): Promise<Ledger> => {
      const { result, balanced, turned_away } = await askerOf(access).ask(
        { ledger: { timeframe: `this_${LEDGER_DAYS}_days` } },
        signal,
      );
      const hours = result.map(({ hour, in_flight: inFlight, without_visitor: withoutVisitor, ...counts }) => ({
        ...counts,
        hour: Date.parse(hour),
        inFlight,
        withoutVisitor,
      }));
      const counts = turned_away.flatMap(Object.values).filter((value) => typeof value === "number");
      return { hours, balanced, turnedAway: counts.reduce((sum, count) => sum + count, 0) };
    },
    staleTime: FRESH_MS,
  });
