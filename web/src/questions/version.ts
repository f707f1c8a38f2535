import { queryOptions } from "@tanstack/react-query";
import { clientOf } from "../api/client.ts";
import type { Access } from "../api/session.ts";
import { HEARTBEAT_MS } from "../state/renewal.ts";

/** What is stored of the project, as a text: the page's heartbeat. A hidden tab has none. */
export const versionOf = (access: Access) =>
  queryOptions({
    queryKey: ["version", access.id],
    queryFn: async ({ client, signal, queryKey }): Promise<string> => {
      const known = client.getQueryData<string>(queryKey);
      return (await clientOf(access).version({ known, signal })).version;
    },
    refetchInterval: HEARTBEAT_MS,
    // Every part of the page that looks at it hears the same beat.
    staleTime: HEARTBEAT_MS / 2,
    // The next beat is the next try.
    retry: false,
  });
