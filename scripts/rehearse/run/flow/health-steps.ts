import assert from "node:assert/strict";
import { functionNamed } from "../deployed/deployment.ts";
import type { Flow, Step } from "./step.ts";

interface Health {
  readonly status: string;
  readonly checks: readonly {
    readonly name: string;
    readonly status: string;
    readonly value: number | null;
    readonly detail: string | null;
  }[];
}

interface Cost {
  readonly month: number;
  readonly so_far: number;
  readonly plan: number | null;
  readonly events: number;
  readonly projects: readonly { readonly name: string; readonly events: number }[];
}

/** How the stage sees itself and what it costs, for operators over HTTP and by invoke. After what happens to it. */
export const HEALTH: readonly Step[] = [
  {
    name: "the checks of the stage: one list over HTTP and by invoke; an alarm of CloudWatch is in it, and out of it again",
    async run(flow) {
      const { stage, operator } = flow;
      const { name: collector } = functionNamed(stage.deployment, "collector");
      const alarm = `${collector}-errors`;
      const look = async (): Promise<Health> => {
        await stage.schedule("Health");
        const seen = await asOperator<Health>(flow, "health");
        const told = await byInvoke<Health>(flow, "health");
        assert.deepEqual(withoutAge(told), withoutAge(seen));
        return seen;
      };
      const failing = ({ checks }: Health) => checks.find(({ name }) => name === "FunctionErrors");
      const well = await look();
      for (const name of ["DeadLetters", "Lag", "Ledger", "Rejected", "Names", "Cost", "Store", "LastLook", "StoreRed"])
        assert.ok(
          well.checks.some((check) => check.name === name),
          name,
        );
      assert.equal(failing(well)?.status, "ok");
      await operator.setAlarm(alarm, "ALARM", "rehearsed");
      const bad = await look();
      assert.equal(bad.status, "critical");
      assert.deepEqual([failing(bad)?.status, failing(bad)?.detail], ["critical", "collector: rehearsed"]);
      await operator.setAlarm(alarm, "OK", "over");
      assert.equal(failing(await look())?.status, "ok");
      const { status } = await flow.caller.send("GET", "/ops/health", { authorization: flow.shop.masterKey });
      assert.equal(status, 401);
      return `${well.checks.length} checks; a project's master key is not let in`;
    },
  },
  {
    name: "what the stage measures itself is printed as the metrics that its alarms ask for",
    async run(flow) {
      const { stage } = flow;
      const lines = stage.functions.log("health").split("\n");
      const line = lines.findLast((each) => each.startsWith('{"_aws"'));
      assert.ok(line, "a line of metrics");
      const { _aws: about, ...values } = JSON.parse(line) as {
        _aws: { CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[] };
        [name: string]: unknown;
      };
      const [printed] = about.CloudWatchMetrics;
      assert.ok(printed);
      const asked = (await alarmsOf(flow)).filter(({ Namespace }) => Namespace === printed.Namespace);
      assert.deepEqual(
        printed.Metrics.map(({ Name }) => Name).sort(),
        asked.map(({ MetricName }) => MetricName).sort(),
      );
      for (const { Dimensions } of asked)
        assert.deepEqual(
          Dimensions.map(({ Name, Value }) => [Name, Value]),
          printed.Dimensions[0]?.map((name) => [name, values[name]]),
        );
      return asked.map(({ MetricName }) => `${MetricName} ${String(values[MetricName])}`).join(", ");
    },
  },
  {
    name: "what this month costs, over HTTP and by invoke: of the stage as it is, beside its plan",
    async run(flow) {
      const told = await asOperator<Cost>(flow, "cost");
      const { month, plan, projects } = await byInvoke<Cost>(flow, "cost");
      // The rehearsed month is a moment old: traffic goes on between the two.
      assert.ok(Math.abs(month / told.month - 1) < 0.5, `${month} and ${told.month}`);
      assert.equal(plan, 300);
      assert.ok(projects.some(({ name, events }) => name === "Shop" && events > 0));
      const { environment } = functionNamed(flow.stage.deployment, "health");
      const shape = new URLSearchParams(environment["STAGE_SHAPE"]);
      assert.equal(shape.get("alarms"), String((await alarmsOf(flow)).length));
      assert.equal(shape.get("nodes"), "3");
      const small = await asOperator<Cost>(
        flow,
        "cost?instance=t3.small&nodes=1&disk_gb=10&firewall=false&archive=false",
      );
      assert.ok(small.month < told.month);
      return `$${month.toFixed(0)} a month, of $${plan}; as a small stage $${small.month.toFixed(0)}`;
    },
  },
];

/** Those of this stage: the account may hold others. */
async function alarmsOf({ stage, operator }: Flow) {
  const prefix = functionNamed(stage.deployment, "health").name.replace(/health$/, "");
  return (await operator.alarms()).filter(({ AlarmName }) => AlarmName.startsWith(prefix));
}

/** The age of the last look grows between two questions. */
function withoutAge({ checks }: Health): object[] {
  return checks.filter(({ name }) => name !== "LastLook");
}

async function asOperator<T>({ stage, caller }: Flow, path: string): Promise<T> {
  const create = { action: "create-organisation-key", name: "operations" };
  const { key: authorization } = await stage.functions.invoke<{ key: string }>("admin", create);
  const { status, text } = await caller.send("GET", `/ops/${path}`, { authorization });
  assert.equal(status, 200, text);
  return JSON.parse(text) as T;
}

async function byInvoke<T>({ stage }: Flow, ops: string): Promise<T> {
  const { status, body } = await stage.functions.invoke<{ status: number; body: T }>("health", { ops });
  assert.equal(status, 200);
  return body;
}
