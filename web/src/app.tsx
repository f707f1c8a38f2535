import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { makeQueryClient } from "./api/query-client.ts";
import type { Opening } from "./opening/prepare.ts";
import { takeOpening } from "./opening/take.ts";
import { Router } from "./router.tsx";

/** Draws the dashboard. @param opening what came with the page of its answers */
export function start(container: HTMLElement, opening: Opening | undefined): void {
  const client = makeQueryClient();
  if (opening) takeOpening(client, opening);
  createRoot(container).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Router />
      </QueryClientProvider>
    </StrictMode>,
  );
}
