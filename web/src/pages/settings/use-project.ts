import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { fetchJson } from "../../api/fetch-json.ts";
import type { MemberOf } from "../../api/session.ts";
import type { Change } from "./use-console.ts";

/** What the API of a project answers at a path under it, such as `/share-links`. */
export function useProjectAsked<T>({ id, readKey }: MemberOf, path: string) {
  return useQuery({
    queryKey: ["project-api", id, path],
    queryFn: ({ signal }) =>
      fetchJson<T>(`/3.0/projects/${id}${path}`, { method: "GET", headers: { authorization: readKey }, signal }),
  });
}

/** Changes something of a project over its API, with the role of whoever signed in. */
export function useProjectChange<T = unknown>({ id, readKey }: MemberOf) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ method, path, body }: Change) =>
      fetchJson<T>(`/3.0/projects/${id}${path}`, { method, headers: { authorization: readKey }, body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["project-api", id] }),
  });
}
