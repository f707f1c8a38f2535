import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { RETRY_AFTER_MS } from "@millrace/core";
import { drain } from "./drain.ts";
import type { Step } from "./step.ts";
import { trackerBatch } from "./tracker-batch.ts";
import { until } from "./until.ts";

/** Twice what a block is given. */
const BLOCKED_MS = 2 * RETRY_AFTER_MS.blocked;

const NAMES = ["page views", "50% off", "plus+name", "a&b=c;d"];

/** From HTTP into the store. */
export const COLLECT: readonly Step[] = [
  {
    name: "Keen's single and bulk recording, names that need encoding",
    async run({ caller, stage }) {
      for (let price = 0; price < 5; price++)
        assert.equal((await caller.record("purchases", { price, plan: "pro", basket: { size: price } })).status, 201);
      for (const name of NAMES) assert.equal((await caller.record(name, { n: 1 })).status, 201, name);
      const many = Array.from({ length: 200 }, (_, price) => ({ price, plan: "free", title: "Ägypten 日本" }));
      assert.equal((await caller.recordMany({ purchases: many, signups: [{ seats: 5 }] })).status, 200);
      const batches = await drain(stage);
      const messages = batches.reduce((sum, { event }) => sum + event.Records.length, 0);
      assert.equal(messages, 10);
      await until("purchases", () => caller.ask("count", { event_collection: "purchases" }), 205);
      for (const name of NAMES) await until(name, () => caller.ask("count", { event_collection: name }), 1);
      return `10 requests were ${messages} messages in ${batches.length} batches; 210 events counted`;
    },
  },
  {
    name: "the tracker's batch, sent three times",
    async run({ caller, stage, shop }) {
      const batch = trackerBatch(shop.writeKey, [
        { q: 0, n: "pageviews", t: 20, g: 1, u: "https://shop.example/pricing?utm_source=mail&secret=1", T: "Pricing" },
        { q: 1, n: "clicks", t: 5, g: 1, x: "Buy" },
      ]);
      for (const a of [0, 1, 2]) {
        const { status, text } = await caller.track({ ...batch, a });
        assert.equal(status, 202, text);
      }
      await drain(stage);
      await until("pageviews", () => caller.ask("count", { event_collection: "pageviews" }), 1);
      const [view] = (await caller.ask("extraction", {
        event_collection: "pageviews",
        standard_fields: true,
      })) as object[];
      assert.match(JSON.stringify(view), /utm_source=mail/);
      assert.doesNotMatch(JSON.stringify(view), /secret=1|203\.0\.113\.77/);
      return "stored once; no address and no secret of the URL in it";
    },
  },
  {
    name: "a batch delivered again, to another environment",
    async run({ caller, stage }) {
      const collection = `again-${randomUUID().slice(0, 8)}`;
      assert.equal((await caller.record(collection, { n: 1 })).status, 201);
      const [batch] = await drain(stage);
      assert.ok(batch);
      const answer = await stage.functions.invokeFresh("collector", batch.event);
      assert.deepEqual(answer, { batchItemFailures: [] });
      await until(collection, () => caller.ask("count", { event_collection: collection }), 1);
      return "stored once: the conflict was read back (_mget) and recognised";
    },
  },
  {
    name: "a batch that the store does not take comes back in half a minute, and is stored once",
    async run({ caller, stage, operator }) {
      const collection = `late-${randomUUID().slice(0, 8)}`;
      assert.equal((await caller.record(collection, { n: 1 })).status, 201);
      // In fresh environments: a process remembers for half a minute that an index refuses all writes.
      const failures = async () => (await stage.deliver({ fresh: true }))?.failed.length;
      await operator.blockWrites(true);
      try {
        assert.equal(await failures(), 1);
      } finally {
        await operator.blockWrites(false);
      }
      // The queue itself would hide it for minutes. A block is not expected to pass in seconds.
      await until("a second delivery", failures, 0, BLOCKED_MS);
      await until(collection, () => caller.ask("count", { event_collection: collection }), 1);
      return "given back for half a minute, delivered again, stored once";
    },
  },
  {
    name: "Keen's addons and uniqueness tokens: claimed before the event is written",
    async run({ caller, stage }) {
      const collection = `unique-${randomUUID().slice(0, 8)}`;
      const event = { n: 1, keen: { uniqueness_token: "order-1" } };
      for (let time = 0; time < 2; time++) {
        const { status, text } = await caller.record(collection, event);
        assert.ok(status === 201 || status === 200, `${status} ${text}`);
      }
      await drain(stage);
      await until(collection, () => caller.ask("count", { event_collection: collection }), 1);
      return "two requests with one token were one event";
    },
  },
  {
    name: "what cannot be accepted is refused at once and never queued",
    async run({ caller, operator, shop }) {
      const path = `/3.0/projects/${shop.project.id}/events/refused`;
      const json = { "content-type": "application/json" };
      const refusals = [
        [401, await caller.send("POST", path, json, "{}")],
        [401, await caller.send("POST", path, { ...json, authorization: shop.readKey }, "{}")],
        [400, await caller.send("POST", path, { ...json, authorization: shop.writeKey }, "{")],
        [400, await caller.record("refused", { $price: 1 })],
      ] as const;
      for (const [expected, { status, text }] of refusals) assert.equal(status, expected, text);
      assert.deepEqual(await operator.depth("events"), { visible: 0, hidden: 0 });
      return `${refusals.length} refusals: ${refusals.map(([status]) => status).join(", ")}`;
    },
  },
];
