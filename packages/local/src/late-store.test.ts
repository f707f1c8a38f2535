import { createDuckDbStore } from "@millrace/store-duckdb";
import { message, metricPlan, newProject } from "@millrace/core/contract";
import type { EventStore } from "@millrace/core";
import { expect, onTestFinished, test } from "vitest";
import { openLate } from "./late-store.ts";

/** A store that opens at the attempt of which `isThere` says yes. */
function setUp(isThere: (attempt: number) => boolean) {
  const reasons: string[] = [];
  const made: EventStore[] = [];
  let attempts = 0;
  const open = async (): Promise<EventStore> => {
    attempts++;
    if (!isThere(attempts)) throw new Error(`not there ${attempts < 3 ? "at first" : "later"}`);
    const store = await createDuckDbStore({ path: ":memory:", clock: { now: Date.now } });
    made.push(store);
    return store;
  };
  const late = openLate({ open, hasSnapshots: true, onAway: (reason) => reasons.push(String(reason)) });
  onTestFinished(() => late.store.close());
  return { ...late, reasons, made, attempts: () => attempts };
}

test("until it is there every call is a 503 that says so; each reason is told once; then it is the store", async () => {
  const { store, opened, reasons } = setUp((attempt) => attempt > 3);
  const project = newProject();
  const away = { code: "ServiceUnavailable", message: expect.stringContaining("away") as string };
  await expect(store.metric(metricPlan(project))).rejects.toMatchObject(away);
  await expect(store.append(message(project, {}))).rejects.toMatchObject(away);
  await expect(store.snapshot?.(project, async () => 1)).rejects.toMatchObject(away);
  await opened;
  expect(reasons).toEqual(["Error: not there at first", "Error: not there later"]);
  expect(await store.append(message(project, {}))).toEqual([{ kind: "stored" }]);
  const rows = await store.snapshot?.(project, async (source) => (await source.metric(metricPlan(project))).rows);
  expect(rows?.[0]?.values).toEqual([1]);
});

test("given up it is not tried again, and nothing hangs on it", async () => {
  const { store, opened, attempts } = setUp(() => false);
  await expect.poll(attempts).toBe(1);
  await store.close();
  await expect(opened).rejects.toThrow("given up");
  expect(attempts()).toBe(1);
});

test("one that opens after it was given up is closed", async () => {
  const { giveUp, opened, made, store } = setUp(() => true);
  giveUp();
  await expect(opened).rejects.toThrow("given up");
  await expect.poll(() => made.length).toBe(1);
  await expect
    .poll(() =>
      made[0]?.append(message("p", {})).then(
        () => "open",
        () => "closed",
      ),
    )
    .toBe("closed");
  await expect(store.append(message("p", {}))).rejects.toMatchObject({ code: "ServiceUnavailable" });
});
