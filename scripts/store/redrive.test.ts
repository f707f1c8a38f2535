import { createEmbeddedQueue } from "@millrace/queue/embedded";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { redrive } from "./redrive.ts";

/** A queue's file with a dead letter of each project. */
async function deadLettersOf(...projects: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "millrace-redrive-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "queue.sqlite");
  const queue = await createEmbeddedQueue({ path });
  for (const group of projects) await queue.send({ group, body: group, accepted: { receivedAt: 0, events: 1 } });
  await queue.bury(await queue.receive({ max: 10, visibilityMs: 60_000 }));
  return { path, queue };
}

test.each([
  [[], ["a", "b"], "2 dead letters are back in the queue."],
  [["--project", "b"], ["b"], "1 dead letter is back in the queue."],
  [["--project", "c"], [], "0 dead letters are back in the queue."],
])("redrive %j puts back %j", async (args, back, said) => {
  const { path, queue } = await deadLettersOf("a", "b");
  await queue.close();
  const lines: string[] = [];
  await redrive(path, args, (line) => lines.push(line));
  expect(lines).toEqual([said]);
  const again = await createEmbeddedQueue({ path });
  const messages = await again.receive({ max: 10, visibilityMs: 60_000 });
  await again.close();
  expect(messages.map(({ body }) => body).sort()).toEqual(back);
  expect(messages.every(({ receiveCount }) => receiveCount === 1)).toBe(true);
});

test("not beside a server that has the queue open, and nothing that is not asked for", async () => {
  const { path, queue } = await deadLettersOf("a");
  await expect(redrive(path, [], () => {})).rejects.toThrow(/another process/i);
  await queue.close();
  await expect(redrive(path, ["--everything"], () => {})).rejects.toThrow("--everything");
});
