import { setTimeout as delay } from "node:timers/promises";
import { createEmbeddedQueue } from "@millrace/queue/embedded";
import { join } from "node:path";
import type { Actor } from "../campaign.ts";

/** kill -9 wherever it is, and a start with a clock that is a little off. */
export const kill: Actor = async ({ product, say }, { skewMs }) => {
  await product.kill();
  await product.start(skewMs);
  say(`killed and started again, clock ${skewMs ?? 0} ms off`);
};

/** SIGSTOP: sockets stay open, nothing is answered, timers run out. */
export const freeze: Actor = async ({ product, signal }, { seconds }) => {
  const pid = product.pid();
  if (pid === undefined) return;
  process.kill(pid, "SIGSTOP");
  await delay(seconds * 1_000, undefined, { signal }).catch(() => {});
  try {
    process.kill(pid, "SIGCONT");
  } catch {
    // Killed meanwhile by the end of the campaign.
  }
};

const REPLAYED = 500;

/**
 * Kills the process and puts copies of what is in the queue behind it, as a queue does that delivers twice: some of the messages
 * are stored already and only were not acknowledged. The copies count as accepted for nobody: they are the same messages.
 */
export const replay: Actor = async ({ product, folder, say }) => {
  await product.kill();
  let copies = 0;
  try {
    const queue = await createEmbeddedQueue({ path: join(folder, "queue.sqlite") });
    try {
      const messages = await queue.receive({ max: REPLAYED, visibilityMs: 1, waitMs: 0 });
      for (const { body, group, sentAt } of messages) {
        await queue.send({ body, group, accepted: { receivedAt: sentAt, events: 0 } });
        copies++;
      }
    } finally {
      await queue.close();
    }
  } catch (thrown) {
    // Faults come together: where the disk is full meanwhile nothing is copied, and the campaign goes on.
    say(`no more copies: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
  await product.start();
  say(`killed; ${copies} messages are in the queue twice`);
};
