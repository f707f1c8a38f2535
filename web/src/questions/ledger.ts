import type { LedgerHour } from "@millrace/core";
import { queryOptions } from "@tanstack/react-query";
import { call } from "../api/http.ts";
import { projectPath } from "../api/keen.ts";
import type { Access } from "../api/session.ts";

/** Hours of the ledger, newest first. Polled: a change of `stored` is how the page learns that its answers are out of date. */
export const ledgerOf = (access: Access) =>
  queryOptions({
    queryKey: ["ledger", access.id],
    queryFn: async ({ signal }): Promise<readonly LedgerHour[]> => {
      const answer = await call(`${projectPath(access.id)}/ledger`, { key: access.readKey, signal });
      return (answer as { result: readonly LedgerHour[] }).result;
    },
    refetchInterval: 5_000,
  });
