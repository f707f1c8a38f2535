import { serve } from "@hono/node-server";
import { getConnInfo } from "@hono/node-server/conninfo";
import { MillraceError } from "@millrace/core";
import type { Context, Hono } from "hono";
import { once } from "node:events";
import type { Server } from "node:http";
import { Socket, type AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

/** A listening HTTP server. */
export interface Listening {
  /** Such as `http://localhost:3000`. */
  readonly url: string;
  /** Stops taking connections, lets the requests that run finish, then resolves. */
  close(): Promise<void>;
}

/** Keen's image requests carry an event of up to 16,000 characters in their address; Node's own limit is 16 KiB for all headers. */
const HEADER_BYTES = 32_768;
/** How long a request that is running may take after Ctrl-C before its connection is cut. */
const GRACE_MS = 5_000;
/** How soon a connection is closed whose last request was answered during the shutdown. */
const SWEEP_MS = 50;
/** How long what follows a refused head is read. */
const DRAIN_MS = 2_000;

/**
 * @param onMalformed told of each thing that came and is no HTTP, or whose head is too long: Node answers it by itself
 * @throws Error saying that the port is in use, or may not be used, and what to do
 */
export async function listen(app: Hono, host: string, port: number, onMalformed: () => void): Promise<Listening> {
  const server = serve({
    fetch: app.fetch,
    hostname: host,
    port,
    serverOptions: { maxHeaderSize: HEADER_BYTES },
    // Node itself reads on and forgets what comes after an early answer. The adapter's own way of it cuts the connection after half a
    // second, and a client that is still sending then never sees why it was refused.
    autoCleanupIncoming: false,
  }) as Server;
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // One that was opened ahead of need and never used has asked nothing.
    if (socket instanceof Socket && socket.bytesRead > 0 && error.code !== "ECONNRESET") onMalformed();
    if (socket.writable) refuse(socket, refusalOf(error));
    else socket.destroy(error);
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  try {
    await once(server, "listening");
  } catch (cause) {
    throw new Error(explain(cause, port), { cause });
  }
  const address = server.address() as AddressInfo;
  const name = host === "127.0.0.1" || host === "0.0.0.0" ? "localhost" : host;
  return {
    url: `http://${name}:${address.port}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      // Browsers connect ahead of need. To Node such a connection is not idle, and each would hold us for the whole grace time.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
      const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
      const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
      await closed;
      clearInterval(sweep);
      clearTimeout(cut);
    },
  };
}

/** What Node would answer if nobody listened, in the words and the shape of our errors. */
function refusalOf({ code }: NodeJS.ErrnoException): { readonly status: string; readonly error: MillraceError } {
  if (code === "HPE_HEADER_OVERFLOW") {
    const said = `The address and the headers of a request have at most ${HEADER_BYTES} bytes together. Use POST.`;
    return { status: "431 Request Header Fields Too Large", error: new MillraceError("RequestEntityTooLarge", said) };
  }
  if (code === "HPE_CHUNK_EXTENSIONS_OVERFLOW") {
    const said = "The extensions of a chunk are too long.";
    return { status: "413 Payload Too Large", error: new MillraceError("RequestEntityTooLarge", said) };
  }
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
    const said = "The request did not arrive in time.";
    return { status: "408 Request Timeout", error: new MillraceError("InvalidParameterError", said) };
  }
  return { status: "400 Bad Request", error: new MillraceError("InvalidParameterError", "This is no HTTP request.") };
}

/**
 * Answers where there is no request to answer, and closes. What still comes is read and forgotten for a while: a connection closed with
 * unread bytes is reset, and the answer is lost with it.
 */
function refuse(socket: Duplex, { status, error }: ReturnType<typeof refusalOf>): void {
  const body = JSON.stringify(error.toBody());
  const head = [
    `HTTP/1.1 ${status}`,
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  socket.resume();
  setTimeout(() => socket.destroy(), DRAIN_MS).unref();
}

function explain(error: unknown, port: number): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") {
    return `Port ${port} is in use. Stop what uses it (perhaps another Millrace), or choose another: PORT=${port + 1} npm start`;
  }
  if (code === "EACCES") return `Port ${port} may not be used by this user. Choose one above 1023: PORT=3000 npm start`;
  return `Cannot listen on port ${port}: ${error instanceof Error ? error.message : String(error)}`;
}

/** Where a request came from. Of our own proxy only the last hop counts: what stands before it the client may have made up. */
export function senderOf(trustProxy: boolean): (c: Context) => string | undefined {
  return (c) => {
    const forwarded = trustProxy ? c.req.header("x-forwarded-for")?.split(",").at(-1)?.trim() : undefined;
    return forwarded ?? getConnInfo(c).remote.address;
  };
}
