import { createEmbeddedQueue, type EmbeddedQueue } from "@millrace/queue/embedded";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { redriveLetters } from "./redrive.ts";

/** Two queues with the port of SQS's: the events' and that of their dead letters. */
async function queues(...letters: readonly (readonly [project: string, count: number])[]) {
  const folder = await mkdtemp(join(tmpdir(), "millrace-redrive-"));
  const [events, dead] = await Promise.all(
    ["events", "dead"].map((name) => createEmbeddedQueue({ path: join(folder, `${name}.sqlite`) })),
  );
  if (!events || !dead) throw new Error("no queues");
  onTestFinished(async () => {
    await Promise.all([events.close(), dead.close()]);
    await rm(folder, { recursive: true });
  });
  for (const [group, count] of letters)
    for (let n = 0; n < count; n++)
      await dead.send({ body: `${group} ${n}`, group, accepted: { receivedAt: 0, events: 0 } });
  return {
    events,
    dead: { ...dead, receive: (o: Parameters<EmbeddedQueue["receive"]>[0]) => dead.receive({ ...o, waitMs: 0 }) },
  };
}

const waits = async (queue: EmbeddedQueue) => (await queue.stats()).visible;
const quiet = { progress: () => {} };

test("dead letters are counted, and stay, until they are to be moved", async () => {
  const { events, dead } = await queues(["shop", 12], ["other", 3]);
  expect(await redriveLetters({ events, dead }, { move: false, ...quiet })).toEqual({ letters: 15, moved: 0 });
  expect([await waits(events), await waits(dead)]).toEqual([0, 15]);
  const of = { project: "shop", ...quiet };
  expect(await redriveLetters({ events, dead }, { move: false, ...of })).toEqual({ letters: 12, moved: 0 });
  expect(await redriveLetters({ events, dead }, { move: true, ...of })).toEqual({ letters: 12, moved: 12 });
  expect([await waits(events), await waits(dead)]).toEqual([12, 3]);
  const [first] = await events.receive({ max: 1, visibilityMs: 1 });
  expect(first).toMatchObject({ body: "shop 0", group: "shop", receiveCount: 1 });
});

test("a queue that refuses keeps every letter where it was", async () => {
  const { dead } = await queues(["shop", 12]);
  const events = { send: () => Promise.reject(new Error("refused")) };
  await expect(redriveLetters({ events, dead }, { move: true, ...quiet })).rejects.toThrow("refused");
  const { visible, inFlight } = await dead.stats();
  expect(visible + inFlight).toBe(12);
});
