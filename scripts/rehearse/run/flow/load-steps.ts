import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { callsOf, type CallName } from "@millrace/ops";
import { billedCalls, differences } from "./counts.ts";
import { drain } from "./drain.ts";
import type { Flow, Step } from "./step.ts";
import { until } from "./until.ts";

/** Requests of the load, and events in each: one full batch of the mapping. */
const REQUESTS = 100;
const EVENTS = 5;
/** As many messages as SQS hands over at once. */
const AT_ONCE = 10;
const QUESTIONS = 20;
/** What the collector asks and notes at times is due again after this. */
const TIMES_MS = 10_000;

/**
 * Calls that are made by the clock and not by the event: one more or fewer falls into a load as it happens, and a key is looked up
 * again after a minute, with its project.
 */
const CLOCKED = { "dynamodb:read": 2, "dynamodb:write": 2 };

/** Steady loads, by whose calls the model of the bill is checked (`npm run cost`); environments are warm by now. */
export const LOAD: readonly Step[] = [
  {
    name: "a hundred requests of five events cost the calls that the model of the bill has",
    async run({ caller, stage }) {
      const events = Array.from({ length: EVENTS }, (_, n) => ({ n, plan: "pro" }));
      // Once, so that neither the collection nor its properties are new.
      assert.equal((await caller.recordMany({ load: events })).status, 200);
      await drain(stage);
      const due = performance.now() + TIMES_MS;
      forgetCounts(stage);
      const begin = performance.now();
      for (let request = 0; request < REQUESTS; request++)
        assert.equal((await caller.recordMany({ load: events })).status, 200);
      const seconds = (performance.now() - begin) / 1000;
      await delay(Math.max(0, due - performance.now()));
      const batch = await stage.deliver();
      assert.equal(batch?.event.Records.length, REQUESTS);
      const counted = readCounts(stage);
      assert.equal(await stage.deliver(), undefined);
      const model = callsOf({
        request: REQUESTS,
        totals: Math.ceil(seconds),
        collect: 1,
        archive: 1,
        handover: REQUESTS / AT_ONCE,
        collecting: 1,
      });
      assert.deepEqual(differences(counted, model, CLOCKED), []);
      return `calls per million events, counted (model): ${lineOf(counted, model, REQUESTS * EVENTS)}`;
    },
  },
  {
    name: "an extraction of more rows than one page, of a snapshot",
    async run({ caller }) {
      const all = (REQUESTS + 1) * EVENTS;
      await until("load", () => caller.ask("count", { event_collection: "load" }), all);
      const rows = (await caller.ask("extraction", { event_collection: "load" })) as unknown[];
      assert.equal(rows.length, all);
      return `${rows.length} rows`;
    },
  },
  {
    name: "twenty questions cost the calls that the model of the bill has",
    async run({ caller, stage }) {
      // Once: key and project are known then.
      await caller.ask("count", { event_collection: "load" });
      forgetCounts(stage);
      for (let n = 0; n < QUESTIONS; n++)
        await caller.ask("count", {
          event_collection: "load",
          filters: [{ property_name: "n", operator: "gt", property_value: n }],
        });
      const counted = readCounts(stage);
      const model = callsOf({ query: QUESTIONS });
      assert.deepEqual(differences(counted, model, CLOCKED), []);
      return `calls per question, counted (model): ${lineOf(counted, model, QUESTIONS * 1e6)}`;
    },
  },
];

/** Whatever the steps before have called. */
function forgetCounts({ meter, functions }: Flow["stage"]): void {
  meter.read();
  functions.readCalls();
}

/** What was called since the last reading. */
function readCounts({ meter, functions }: Flow["stage"]): Map<CallName, number> {
  return billedCalls(meter.read(), functions.readCalls());
}

function lineOf(counted: ReadonlyMap<CallName, number>, model: ReadonlyMap<CallName, number>, events: number): string {
  const per = (calls: ReadonlyMap<CallName, number>, name: CallName) =>
    Number((((calls.get(name) ?? 0) * 1e6) / events).toPrecision(6));
  return [...model.keys()].map((name) => `${name} ${per(counted, name)} (${per(model, name)})`).join(", ");
}
