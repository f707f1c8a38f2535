import { MillraceClientError } from "@millrace/client";
import { QueryClient } from "@tanstack/react-query";

/** How answers are kept and asked again: twice more when it may help, never for a question that was refused. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < 2 && (!(error instanceof MillraceClientError) || error.retry),
        retryDelay: (failures) => Math.min(4_000, 500 * 2 ** failures),
        refetchOnWindowFocus: true,
        // The server is this machine or a first-party host: a browser that believes to be offline may well reach it.
        networkMode: "always",
      },
    },
  });
}
