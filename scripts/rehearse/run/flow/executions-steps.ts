import assert from "node:assert/strict";
import type { Flow, Step } from "./step.ts";
import { until } from "./until.ts";

interface Found {
  readonly executions: readonly {
    readonly id: string;
    readonly function: string;
    readonly labels: readonly string[];
  }[];
}

/** The functions' logs, forwarded and searched. After the loads, whose calls are counted. */
export const EXECUTIONS: readonly Step[] = [
  {
    name: "executions of every function that ran are found by an operator, over HTTP and by invoke",
    async run(flow) {
      const { lines, givenUp } = await flow.stage.deliverLogs();
      assert.equal(givenUp, 0);
      const key = await organisationKey(flow);
      const { total, functions } = await whenThere(flow, key, lines);
      for (const name of ["admin", "collector", "ingest", "query", "manage", "console", "upkeep"])
        assert.ok(
          functions.some((each) => each.function === name),
          name,
        );
      const project = flow.shop.project.id;
      const { executions } = await ask<Found>(flow, key, `executions?since=1h&function=collector&project=${project}`);
      const [newest] = executions;
      assert.ok(newest, "an execution of the collector with this project");
      const shown = await invoke<{ record: object }>(flow, `executions/${newest.id}`);
      assert.equal((shown.record as Record<string, unknown>)["faas.invocation_id"], newest.id);
      const { status } = await flow.caller.send("GET", "/ops/executions", { authorization: flow.shop.masterKey });
      assert.equal(status, 401);
      return `${lines} lines, which stand for ${total.count} runs; a project's master key is not let in`;
    },
  },
  {
    name: "while the store takes no executions their lines wait, and are kept when it is back, once",
    async run(flow) {
      const { stage, operator } = flow;
      const key = await organisationKey(flow);
      await stage.deliverLogs();
      await operator.blockWrites(true, "executions");
      await flow.caller.ask("count", { event_collection: "purchases" });
      try {
        const { givenUp } = await stage.deliverLogs();
        assert.ok(givenUp > 0);
      } finally {
        await operator.blockWrites(false, "executions");
      }
      const before = (await summary(flow, key)).total.count;
      const late = await stage.deliverLate();
      assert.deepEqual({ failed: late?.failed, error: late?.error }, { failed: [], error: undefined });
      assert.equal(await stage.deliverLate(), undefined);
      await until("more executions", async () => (await summary(flow, key)).total.count > before, true);
      return `${late?.event.Records.length ?? 0} batches given up after three tries, left in the queue, and kept from there`;
    },
  },
];

interface Summary {
  readonly total: { readonly count: number };
  readonly functions: readonly { readonly function: string; readonly count: number }[];
}

const summary = (flow: Flow, key: string) => ask<Summary>(flow, key, "executions/summary?since=1d&spans=1");

/** Ordinary runs of ingest are sampled, all others are there, each line once. */
async function whenThere(flow: Flow, key: string, lines: number): Promise<Summary> {
  await until("executions", async () => (await summary(flow, key)).functions.length >= 7, true);
  const found = await summary(flow, key);
  const others = found.functions
    .filter((each) => each.function !== "ingest")
    .reduce((sum, { count }) => sum + count, 0);
  assert.ok(others <= lines, `${others} executions of ${lines} lines`);
  return found;
}

async function organisationKey(flow: Flow): Promise<string> {
  const made = await flow.stage.functions.invoke<{ key: string }>("admin", {
    action: "create-organisation-key",
    name: "operations",
  });
  return made.key;
}

async function ask<T>({ caller }: Flow, authorization: string, path: string): Promise<T> {
  const { status, text } = await caller.send("GET", `/ops/${path}`, { authorization });
  assert.equal(status, 200, text);
  return JSON.parse(text) as T;
}

async function invoke<T>({ stage }: Flow, ops: string): Promise<T> {
  const { status, body } = await stage.functions.invoke<{ status: number; body: T }>("executions", { ops });
  assert.equal(status, 200);
  return body;
}
