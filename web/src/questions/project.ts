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

/** A property of a project's own events. */
export interface OwnProperty {
  readonly name: string;
  /** Keen's name of its type: `string`, `num`, `bool`, `array`, … */
  readonly type: string;
}

/** The custom properties that each collection has had, by its name, sorted. */
export const schemaOf = (access: Access) =>
  queryOptions({
    queryKey: ["schema", access.id],
    queryFn: async ({ signal }): Promise<ReadonlyMap<string, readonly OwnProperty[]>> => {
      if (access.schema) return access.schema;
      const collections = await clientOf(access).schema({ signal });
      return new Map(collections.map(({ name, properties }) => [name, ownOf(properties)]));
    },
    staleTime: 60_000,
  });

function ownOf(properties: Readonly<Record<string, string>>): OwnProperty[] {
  return Object.entries(properties)
    .filter(([name]) => !name.startsWith("$") && !name.startsWith("keen."))
    .map(([name, type]) => ({ name, type }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
