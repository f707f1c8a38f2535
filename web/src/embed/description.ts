import { queryOptions } from "@tanstack/react-query";
import type { EmbedAnswer } from "@millrace/client";
import { clientOf } from "../api/client.ts";
import type { Access } from "../api/session.ts";

/** What the token lets see. A newer token of the same customer may say something else. */
export const descriptionOf = (access: Access) =>
  queryOptions({
    queryKey: ["embed", access.id, access.readKey],
    queryFn: ({ signal }): Promise<EmbedAnswer> => clientOf(access).embed({ signal }),
    staleTime: Infinity,
    placeholderData: (before) => before,
  });
