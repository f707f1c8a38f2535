import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { makeQueryClient } from "../api/query-client.ts";
import "../pages/pages.css";
import { Embed } from "./embed.tsx";
import type { Host } from "./host.ts";
import type { Start } from "./start.ts";

/** Draws what the token lets see. */
export function show(root: HTMLElement, start: Start, host: Host): void {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={makeQueryClient()}>
        <Embed start={start} host={host} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
