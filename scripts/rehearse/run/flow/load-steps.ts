import assert from "node:assert/strict";
import { countsPerMillion, type Counts } from "./counts.ts";
import { drain } from "./drain.ts";
import type { Step } from "./step.ts";

/** Requests of the load, and events in each: one full batch of the mapping. */
const REQUESTS = 100;
const EVENTS = 5;

/** A steady load of server-side events, by which calls are counted; environments are warm by now. */
export const LOAD: readonly Step[] = [
  {
    name: "a hundred requests of five events, counted",
    async run({ caller, stage }) {
      const events = Array.from({ length: EVENTS }, (_, n) => ({ n, plan: "pro" }));
      // Once, so that neither the collection nor its properties are new.
      assert.equal((await caller.recordMany({ load: events })).status, 200);
      await drain(stage);
      stage.meter.read();
      stage.functions.readCalls();
      for (let request = 0; request < REQUESTS; request++)
        assert.equal((await caller.recordMany({ load: events })).status, 200);
      const batches = await drain(stage);
      assert.equal(batches.length, 1);
      const counts = countsPerMillion(stage.meter.read(), stage.functions.readCalls(), REQUESTS * EVENTS);
      return `calls per million events: ${lineOf(counts)}`;
    },
  },
];

function lineOf(counts: Counts): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${Math.round(count)}`)
    .join(", ");
}
