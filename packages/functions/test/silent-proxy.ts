import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

export interface SilentProxy {
  readonly url: string;
  /** Requests whose body this matches are accepted and never answered, until it is called again. */
  silence(body: RegExp | undefined): void;
  /** So many milliseconds later than it came is each request passed on. */
  delay(ms: number): void;
  /** How many requests were left without an answer. */
  ignored(): number;
  close(): Promise<void>;
}

/** Stands before a real server and can fall silent, or slow: the faults that no error handler sees. */
export async function startSilentProxy(target: string): Promise<SilentProxy> {
  let pattern: RegExp | undefined;
  let ignored = 0;
  let delayMs = 0;
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const body = Buffer.concat(chunks);
      if (pattern?.test(body.toString())) {
        ignored++;
        return;
      }
      const { method = "GET", url: path = "/", headers } = incoming;
      setTimeout(() => {
        const passed = request(new URL(path, target), { method, headers }, (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        });
        passed.on("error", () => incoming.socket.destroy());
        passed.end(body);
      }, delayMs);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    delay: (ms) => void (delayMs = ms),
    silence: (body) => void (pattern = body),
    ignored: () => ignored,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
