import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** A proxy on loopback that holds requests back. */
export interface Gate {
  readonly url: string;
  /** Lets everything through that waits, and all that comes. */
  open(): void;
  close(): Promise<void>;
}

/** Lets the first `count` requests that record events through, and holds the others until it is opened; all else passes. */
export async function startGate(target: string, count: number): Promise<Gate> {
  const opened = Promise.withResolvers<void>();
  let recorded = 0;
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? "/";
    const mustWait = incoming.method === "POST" && path.includes("/events") && ++recorded > count;
    const forward = () => {
      const onward = request(target + path, { method: incoming.method, headers: incoming.headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on("error", () => incoming.socket.destroy());
      incoming.pipe(onward);
    };
    void (mustWait ? opened.promise : Promise.resolve()).then(forward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    open: () => opened.resolve(),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
