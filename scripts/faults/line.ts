import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import type { Random } from "../../bench/simulation/random.ts";

/**
 * What a line does with what is sent over it. `refuse`: nobody is there. `cut`: breaks now and then in mid-request or in
 * mid-answer, after the bytes so far were passed on. `silent`: takes everything and passes nothing on. `slow`: every piece of an
 * answer comes late.
 */
export type LineMode = "pass" | "refuse" | "cut" | "silent" | "slow";

/** A proxy on loopback, below HTTP: a network that can be broken. */
export interface Line {
  readonly url: string;
  set(mode: LineMode): void;
  close(): Promise<void>;
}

/** One piece in so many ends the connection while the line cuts. */
const CUT_ONE_IN = 12;
const SLOW_MS = 400;

export async function startLine(target: string, random: Random): Promise<Line> {
  const { hostname, port } = new URL(target);
  let mode: LineMode = "pass";
  const open = new Set<Socket>();

  const server = createServer((near) => {
    if (mode === "refuse") {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    const end = () => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on("error", end);
      socket.on("close", () => {
        open.delete(socket);
        end();
      });
    }
    const pass = (from: Socket, to: Socket, isAnswer: boolean) =>
      from.on("data", (piece: Buffer) => {
        if (mode === "silent") return;
        const isCut = mode === "cut" && random.uniform() * CUT_ONE_IN < 1;
        if (mode === "slow" && isAnswer) {
          from.pause();
          setTimeout(() => {
            to.write(piece);
            from.resume();
          }, SLOW_MS);
          return;
        }
        // Cut after the piece went on: what was asked may have been done although nobody hears of it.
        if (!to.write(piece)) {
          from.pause();
          to.once("drain", () => from.resume());
        }
        if (isCut) setImmediate(end);
      });
    pass(near, far, false);
    pass(far, near, true);
    near.on("end", () => far.end());
    far.on("end", () => near.end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const endAll = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set(next) {
      // What was swallowed can never be made good on the same connection.
      if (next === "refuse" || mode === "silent") endAll();
      mode = next;
    },
    async close() {
      server.close();
      endAll();
      await once(server, "close");
    },
  };
}
