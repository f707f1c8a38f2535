import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

export interface CuttingProxy {
  readonly url: string;
  /** Responses that were swallowed so far. */
  cuts(): number;
  /** Bulks whose answer was passed on in full so far. */
  answers(): number;
  /** Documents that those answers said were created. An answered bulk may have turned some away, for load or a shard that is not there yet. */
  created(): number;
  close(): Promise<void>;
}

/** A proxy on loopback that passes requests on in full, waits for the answer, and for some closes the line instead of giving it. */
export async function startCuttingProxy(
  target: string,
  { cut }: { readonly cut: (count: number, path: string) => boolean },
): Promise<CuttingProxy> {
  let seen = 0;
  let cuts = 0;
  let answers = 0;
  let created = 0;
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? "/";
    const count = path.startsWith("/_bulk") ? ++seen : seen;
    const onward = request(target + path, { method: incoming.method, headers: incoming.headers }, (answer) => {
      if (cut(count, path)) {
        cuts++;
        answer.resume();
        answer.on("end", () => incoming.socket.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      if (!path.startsWith("/_bulk")) return;
      let body = "";
      answer.setEncoding("utf8").on("data", (piece: string) => (body += piece));
      answer.on("end", () => {
        answers++;
        created += body.match(/"status":201/g)?.length ?? 0;
      });
    });
    onward.on("error", () => incoming.socket.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    cuts: () => cuts,
    answers: () => answers,
    created: () => created,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
