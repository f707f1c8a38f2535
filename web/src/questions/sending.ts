import type { ReportAnswer, ReportDefinition, WatchAnswer, WatchDefinition } from "@millrace/client";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { fetchJson } from "../api/fetch-json.ts";
import type { Access } from "../api/session.ts";

export type SentKind = "reports" | "watches";

/** How soon a list is asked again: while one is on its way, how it went is soon known. */
const EVERY_MS = 60_000;
const SOON_MS = 2_000;
const ON_ITS_WAY_MS = 60_000;

const listOf = <T>(access: Access, kind: SentKind, sentAt: number) =>
  queryOptions({
    queryKey: ["sending", access.id, kind],
    queryFn: ({ signal }) => ask<readonly T[]>(access, `/${kind}`, { method: "GET", signal }),
    refetchInterval: () => (Date.now() - sentAt < ON_ITS_WAY_MS ? SOON_MS : EVERY_MS),
  });

/** @param sentAt when somebody asked for one to be sent at once, by this machine's clock; 0: not yet */
export const reportsOf = (access: Access, sentAt: number) => listOf<ReportAnswer>(access, "reports", sentAt);
export const watchesOf = (access: Access, sentAt: number) => listOf<WatchAnswer>(access, "watches", sentAt);

/** What becomes of a report or watch. */
export type SentChange =
  | { readonly kind: "reports"; readonly name: string; readonly put: ReportDefinition }
  | { readonly kind: "watches"; readonly name: string; readonly put: WatchDefinition }
  | { readonly kind: SentKind; readonly name: string; readonly to: "send" | "delete" };

/** Changes a report or watch; all of them are asked again. */
export function useSentChange(access: Access) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ kind, name, ...what }: SentChange) => {
      const path = `/${kind}/${encodeURIComponent(name)}`;
      if ("put" in what) return ask(access, path, { method: "PUT", body: what.put });
      if (what.to === "delete") return ask(access, path, { method: "DELETE" });
      return ask(access, `${path}/send`, { method: "POST", body: {} });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["sending", access.id] }),
  });
}

interface Asked {
  readonly method: string;
  readonly body?: object;
  readonly signal?: AbortSignal;
}

function ask<T = unknown>({ id, readKey }: Access, path: string, asked: Asked): Promise<T> {
  const headers = { authorization: readKey };
  return fetchJson<T>(`/3.0/projects/${encodeURIComponent(id)}${path}`, { headers, ...asked });
}
