import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** What is given in place of the server's answer. */
export interface Given {
  readonly status: number;
  /** JSON where it is an object, HTML where it is text. */
  readonly body?: object | string;
}

export interface Meddler {
  /** Asked before a request is passed on: an answer keeps it from the server, "silence" keeps the caller waiting for ever. */
  readonly before?: (
    method: string,
    path: string,
    bytes: number,
  ) => Promise<Given | "silence" | undefined> | Given | "silence" | undefined;
  /** Asked when the server has answered. */
  readonly after?: (method: string, path: string) => Given | undefined;
  /** Changes the path that is passed on. */
  readonly onward?: (path: string) => string;
}

export interface MeddlingProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** What stands between a store and its server, on loopback: a gateway, a firewall, a login page. What it does may be changed at any time. */
export async function startMeddlingProxy(target: string, meddler: () => Meddler): Promise<MeddlingProxy> {
  const server = createServer((incoming, outgoing) => {
    const { method = "GET", url: path = "/" } = incoming;
    const { before, after, onward } = meddler();
    const give = ({ status, body }: Given): void => {
      const html = typeof body === "string";
      outgoing.writeHead(status, { "content-type": html ? "text/html" : "application/json" });
      outgoing.end(html ? body : JSON.stringify(body));
    };
    const chunks: Buffer[] = [];
    const pass = (): void => {
      const options = { method, headers: incoming.headers };
      const passed = request(target + (onward?.(path) ?? path), options, (answer) => {
        const given = after?.(method, path);
        if (given) {
          answer.resume();
          answer.on("end", () => give(given));
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      passed.on("error", () => incoming.socket.destroy());
      passed.end(Buffer.concat(chunks));
    };
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      void Promise.resolve(before?.(method, path, Buffer.concat(chunks).length)).then((given) => {
        if (given === undefined) pass();
        else if (given !== "silence") give(given);
      });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
