import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { ledgerOf } from "../questions/ledger.ts";
import { usePage } from "../state/page.tsx";

/** Questions whose answers change when events are stored. */
const COUNTED = new Set(["totals", "series", "top", "earlier", "bounds", "project", "properties"]);
const HOUR_MS = 3_600_000;

/** Asks everything on screen again when the ledger shows that events were stored: as fresh as the store, and silent while nothing comes. */
export function useRenewal(): void {
  const { access } = usePage();
  const client = useQueryClient();
  const { data, dataUpdatedAt } = useQuery(ledgerOf(access));
  const stored = data?.hours.reduce((sum, hour) => sum + hour.stored, 0);
  const newestHour = data?.hours[0]?.hour ?? -Infinity;
  const seen = useRef({ readings: 0, stored });
  useEffect(() => {
    if (stored === undefined) return;
    const { readings, stored: before } = seen.current;
    seen.current = { readings: readings + 1, stored };
    // The first reading may count events that the answers beside it, asked a moment earlier, lack: nothing would ever show that.
    // So the second reading asks once more, where events are coming in at all.
    const missed = readings === 1 && dataUpdatedAt - newestHour < HOUR_MS;
    if (!missed && (readings === 0 || before === stored)) return;
    void client.invalidateQueries({ predicate: (query) => COUNTED.has(String(query.queryKey[0])) });
  }, [stored, newestHour, dataUpdatedAt, client]);
}
