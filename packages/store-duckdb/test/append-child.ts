import { randomBytes, randomUUID } from "node:crypto";
import { flatten, mintId, type StoredEvent } from "@millrace/core";
import { createDuckDbStore } from "../src/index.ts";

// Appends until it is killed, several calls at a time, and prints the number of each acknowledged call. Small runs, so that it is
// also killed while sorting.
const [path = "", project = "", round = "0"] = process.argv.slice(2);
const store = await createDuckDbStore({ path, clock: { now: Date.now }, runRows: 200 });

function events(call: number): StoredEvent[] {
  const batch = randomUUID();
  const properties = { call };
  return Array.from({ length: 40 }, (_, ordinal) => ({
    project,
    id: mintId(Date.now(), randomBytes(10)),
    collection: "visits",
    timestamp: Date.now(),
    receivedAt: Date.now(),
    batch,
    ordinal,
    instance: "child",
    sequence: call,
    accepted: call * 40,
    context: {},
    properties,
    flat: flatten(properties),
  }));
}

let next = Number(round) * 1_000_000;
const worker = async (): Promise<never> => {
  for (;;) {
    const call = next++;
    await store.append(events(call));
    console.log(call);
  }
};
await Promise.all([worker(), worker(), worker()]);
