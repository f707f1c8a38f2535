import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { consoleOf } from "../../api/console.ts";
import type { Session } from "../../api/session.ts";

/** What the console answers at a path. */
export function useAsked<T>({ csrf }: Session, path: string) {
  return useQuery({ queryKey: ["console", path], queryFn: ({ signal }) => consoleOf(csrf).get<T>(path, signal) });
}

export interface Change {
  readonly method: "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly body?: object;
}

/** Changes something; everything that the console has told is asked again. */
export function useChange<T = unknown>({ csrf }: Session) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ method, path, body }: Change) => consoleOf(csrf).send<T>(method, path, body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["console"] }),
  });
}
