import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { ledgerOf } from "../questions/ledger.ts";
import { usePage } from "../state/page.tsx";

/** Questions whose answers change when events are stored. */
const COUNTED = new Set(["totals", "series", "top", "earlier", "bounds", "project", "properties"]);

/** Asks everything on screen again when the ledger shows that events were stored: as fresh as the store, and silent while nothing comes. */
export function useRenewal(): void {
  const { access } = usePage();
  const client = useQueryClient();
  const ledger = useQuery(ledgerOf(access));
  const stored = ledger.data?.hours.reduce((sum, hour) => sum + hour.stored, 0);
  const seen = useRef(stored);
  useEffect(() => {
    const before = seen.current;
    seen.current = stored;
    if (before === undefined || stored === undefined || before === stored) return;
    void client.invalidateQueries({ predicate: (query) => COUNTED.has(String(query.queryKey[0])) });
  }, [stored, client]);
}
