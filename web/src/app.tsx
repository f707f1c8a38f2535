import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { makeQueryClient } from "./api/query-client.ts";
import { takeOpening } from "./opening/take.ts";
import { Router } from "./router.tsx";

/** Draws the dashboard. */
export async function start(root: HTMLElement): Promise<void> {
  const client = makeQueryClient();
  await takeOpening(client);
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Router />
      </QueryClientProvider>
    </StrictMode>,
  );
}
