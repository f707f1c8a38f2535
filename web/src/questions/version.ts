import { queryOptions } from "@tanstack/react-query";
import { clientOf } from "../api/client.ts";
import type { Access } from "../api/session.ts";
import { isAttended } from "../state/attention.ts";
import { takeSlot } from "../state/slots.ts";
import { HEARTBEAT_MS } from "../state/renewal.ts";

/** What is stored of the project, as a text: the page's heartbeat. A hidden tab has none. */
export const versionOf = (access: Access) =>
  queryOptions({
    queryKey: ["version", access.id],
    queryFn: async ({ client, signal, queryKey }): Promise<string> => {
      const known = client.getQueryData<string>(queryKey);
      const told = await takeSlot(access.id)?.();
      if (told !== undefined) return told;
      return (await clientOf(access).version({ known, signal })).version;
    },
    refetchInterval: () => (isAttended() ? HEARTBEAT_MS.attended : HEARTBEAT_MS.unattended),
    // Every part of the page that looks at it hears the same beat.
    staleTime: HEARTBEAT_MS.attended / 2,
    // The next beat is the next try.
    retry: false,
  });
