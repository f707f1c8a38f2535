import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { callsOf, type Amounts, type CallName } from "@millrace/ops";
import { billedCalls, differences } from "./counts.ts";
import { drain } from "./drain.ts";
import type { Flow, Step } from "./step.ts";
import { trackerBatch } from "./tracker-batch.ts";
import { until } from "./until.ts";

/** Requests of the load, and events in each: one full batch of the mapping. */
const REQUESTS = 100;
const EVENTS = 5;
/** As many messages as SQS hands over at once. */
const AT_ONCE = 10;
const QUESTIONS = 20;
/** Requests before a load. */
const WARM = 2;
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
    run: ({ caller, stage }) => {
      const events = Array.from({ length: EVENTS }, (_, n) => ({ n, plan: "pro" }));
      const send = async () => assert.equal((await caller.recordMany({ load: events })).status, 200);
      return loaded(stage, send, {});
    },
  },
  {
    name: "a hundred of the tracker's batches, every other with a page view, cost what the model has",
    run: ({ caller, stage, shop }) => {
      const clicks = Array.from({ length: EVENTS }, (_, q) => ({ q, n: "clicks", t: 5, g: 1, x: "Buy" }));
      const view = { q: 0, n: "pageviews", t: 5, g: 1, u: "https://shop.example/load", T: "Load" };
      const send = async (request: number) => {
        const events = request % 2 === 0 ? [view, ...clicks.slice(1)] : clicks;
        assert.equal((await caller.track(trackerBatch(shop.writeKey, events))).status, 202);
      };
      return loaded(stage, send, { pageView: REQUESTS / 2, visitRead: REQUESTS / 2 });
    },
  },
  {
    name: "an extraction of more rows than one page, of a snapshot",
    async run({ caller }) {
      const all = (REQUESTS + WARM) * EVENTS;
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
      return compared(stage, { query: QUESTIONS }, "calls per question", QUESTIONS);
    },
  },
  {
    name: "an open page that asks twenty times whether anything is new costs what the model has",
    async run({ caller, stage, shop }) {
      const path = `/3.0/projects/${shop.project.id}/version`;
      const ask = (headers: Record<string, string>) =>
        caller.send("GET", path, { authorization: shop.readKey, ...headers });
      const { headers, status } = await ask({});
      assert.equal(status, 200);
      forgetCounts(stage);
      for (let n = 0; n < QUESTIONS; n++)
        assert.equal((await ask({ "if-none-match": headers["etag"] ?? "" })).status, 304);
      return compared(stage, { beat: QUESTIONS }, "calls per question", QUESTIONS);
    },
  },
];

/**
 * Sends one full batch of the mapping and hands it to the collector.
 * @param more of the model, besides what every request costs
 */
async function loaded(stage: Flow["stage"], send: (request: number) => Promise<void>, more: Amounts): Promise<string> {
  // Once each, so that neither collections nor their properties nor the visit are new.
  for (let request = 0; request < WARM; request++) await send(request);
  await drain(stage);
  const due = performance.now() + TIMES_MS;
  forgetCounts(stage);
  const begin = performance.now();
  for (let request = 0; request < REQUESTS; request++) await send(request);
  const seconds = (performance.now() - begin) / 1000;
  await delay(Math.max(0, due - performance.now()));
  const batch = await stage.deliver();
  assert.equal(batch?.event.Records.length, REQUESTS);
  const work: Amounts = {
    request: REQUESTS,
    totals: Math.ceil(seconds),
    collect: 1,
    archive: 1,
    handover: REQUESTS / AT_ONCE,
    collecting: 1,
    ...more,
  };
  const line = compared(stage, work, "calls per million events", (REQUESTS * EVENTS) / 1e6);
  assert.equal(await stage.deliver(), undefined);
  return line;
}

/** Compares what was called since the last reading with the model. @throws Error for what differs */
function compared(stage: Flow["stage"], work: Amounts, what: string, per: number): string {
  const counted = readCounts(stage);
  const model = callsOf(work);
  assert.deepEqual(differences(counted, model, CLOCKED), []);
  return `${what}, counted (model): ${lineOf(counted, model, per)}`;
}

/** Whatever the steps before have called. */
function forgetCounts({ meter, functions }: Flow["stage"]): void {
  meter.read();
  functions.readCalls();
}

/** What was called since the last reading. */
function readCounts({ meter, functions }: Flow["stage"]): Map<CallName, number> {
  return billedCalls(meter.read(), functions.readCalls());
}

function lineOf(counted: ReadonlyMap<CallName, number>, model: ReadonlyMap<CallName, number>, per: number): string {
  const each = (calls: ReadonlyMap<CallName, number>, name: CallName) =>
    Number(((calls.get(name) ?? 0) / per).toPrecision(6));
  return [...model.keys()].map((name) => `${name} ${each(counted, name)} (${each(model, name)})`).join(", ");
}
