import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { makeQueryClient } from "../api/query-client.ts";
import "../design/tokens.css";
import "../design/base.css";
import "../design/controls.css";
import "../pages/pages.css";
import { Embed } from "./embed.tsx";
import { listenToHost } from "./host.ts";
import { readStart } from "./start.ts";

const root = document.getElementById("root");
if (!root) throw new Error("The page of an embed has no #root.");
if (window.parent === window) document.documentElement.dataset["alone"] = "";
const start = readStart();
// Before anything is drawn: the host may speak as soon as this page is there.
const host = listenToHost(start.origins);
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={makeQueryClient()}>
      <Embed start={start} host={host} />
    </QueryClientProvider>
  </StrictMode>,
);
