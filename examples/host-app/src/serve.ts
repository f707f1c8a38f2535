import { serve } from "@hono/node-server";
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createHostApp, type HostAppOptions } from "./app.ts";

/** The app as it listens. Which port it got it has to know itself: its embeds may be shown in its own pages only. */
export async function serveHostApp(
  port: number,
  options: Omit<HostAppOptions, "origin"> & { readonly origin?: string },
) {
  let app: ReturnType<typeof createHostApp> | undefined;
  const server = serve({
    fetch: (request) => app?.fetch(request) ?? new Response(null, { status: 503 }),
    port,
    hostname: "127.0.0.1",
  }) as Server;
  if (!server.listening) await once(server, "listening");
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  app = createHostApp({ origin: url, ...options });
  return { url, close: () => server.close() };
}
