import { queryOptions } from "@tanstack/react-query";
import { clientOf } from "../api/client.ts";
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

/** Five minutes of them. Who then has sent nothing has gone to do something else. */
const IMPATIENT_POLLS = 150;

/** The project. Polled quickly while it has no event: a newcomer is waiting for the first. */
export const projectOf = (access: Access) =>
  queryOptions({
    queryKey: ["project", access.id],
    queryFn: async ({ signal }): Promise<ProjectInfo> => {
      const { name, timezone, events } = await clientOf(access).project({ signal });
      return { name, timezone, collections: events.map((event) => event.name).sort() };
    },
    staleTime: 60_000,
    refetchInterval: ({ state }) => {
      if ((state.data?.collections.length ?? 0) > 0) return false;
      return state.dataUpdateCount < IMPATIENT_POLLS ? 2_000 : 10_000;
    },
  });

/** Names of the properties one collection has had, custom ones only, sorted. */
export const propertiesOf = (access: Access, collection: string) =>
  queryOptions({
    queryKey: ["properties", access.id, collection],
    queryFn: async ({ signal }): Promise<string[]> => {
      const collections = await clientOf(access).schema({ signal });
      const found = collections.find(({ name }) => name === collection);
      return Object.keys(found?.properties ?? {})
        .filter((name) => !name.startsWith("$") && !name.startsWith("keen."))
        .sort();
    },
    staleTime: 60_000,
  });
