// Sends until it is killed, and prints the name of each message once its send has resolved.
import { createEmbeddedQueue } from "../embedded.ts";

const [path = "", round = ""] = process.argv.slice(2);
const queue = await createEmbeddedQueue({ path });
const receivedAt = 472_222 * 3_600_000;
let number = 0;

async function sendForever(): Promise<never> {
  for (;;) {
    const name = `${round}-${number++}`;
    await queue.send({ body: name.padEnd(2_000), group: "p1", accepted: { receivedAt, events: 1 } });
    process.stdout.write(`${name}\n`);
  }
}
await Promise.all(Array.from({ length: 16 }, sendForever));
