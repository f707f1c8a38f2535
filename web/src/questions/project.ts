import { queryOptions } from "@tanstack/react-query";
import { call } from "../api/http.ts";
import { projectPath } from "../api/keen.ts";
import { fetchSession, type Access } from "../api/session.ts";

/** The session, asked once per page load. */
export const session = () =>
  queryOptions({
    queryKey: ["session"],
    queryFn: ({ signal }) => fetchSession(signal),
    staleTime: Infinity,
  });

/** What the API says about a project. */
export interface ProjectInfo {
  readonly name: string;
  readonly timezone: string;
  /** Names of the collections that have had an event, sorted. */
  readonly collections: readonly string[];
}

/** The project. Polled quickly while it has no event: a newcomer is waiting for the first. */
export const projectOf = (access: Access) =>
  queryOptions({
    queryKey: ["project", access.id],
    queryFn: async ({ signal }): Promise<ProjectInfo> => {
      const { name, timezone, events } = (await call(projectPath(access.id), { key: access.readKey, signal })) as {
        name: string;
        timezone: string;
        events: readonly { name: string }[];
      };
      return { name, timezone, collections: events.map((event) => event.name).sort() };
    },
    refetchInterval: (query) => ((query.state.data?.collections.length ?? 0) === 0 ? 2_000 : 30_000),
  });

/** Names of the properties one collection has had, custom ones only, sorted. */
export const propertiesOf = (access: Access, collection: string) =>
  queryOptions({
    queryKey: ["properties", access.id, collection],
    queryFn: async ({ signal }): Promise<string[]> => {
      const path = `${projectPath(access.id)}/events/${encodeURIComponent(collection)}`;
      const answer = (await call(path, { key: access.readKey, signal })) as { properties: Record<string, string> };
      return Object.keys(answer.properties)
        .filter((name) => !name.startsWith("$") && !name.startsWith("keen."))
        .sort();
    },
    staleTime: 60_000,
  });
