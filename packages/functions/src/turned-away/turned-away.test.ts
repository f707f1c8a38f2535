import { createSqliteRegistry } from "@millrace/access";
import { fakeClock, HOUR, MINUTE, NOON } from "@millrace/access/testing";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { openCloudWatch } from "../cloudwatch/ask.ts";
import { metricsReader, type Metric } from "../cloudwatch/metrics.ts";
import { noteTurnedAway, turnedAwayReader } from "./turned-away.ts";
import { turnedAwayIn } from "./count.ts";

afterEach(() => vi.unstubAllEnvs());

test("what the gateway counted and handed to no function it turned away itself", () => {
  const sums = { requests: 100, invoked0: 60, invoked10: 20, throttled0: 5, failed1: 2, blocked: 7 };
  expect(turnedAwayIn(sums)).toEqual({ firewall: 7, gateway: 15, throttled: 5, failed: 2 });
});

test("a request of the hour's last moment may be in one count alone: never below none", () => {
  expect(turnedAwayIn({ requests: 99, invoked0: 100 }).gateway).toBe(0);
});

function setUp(firewall?: string) {
  const clock = fakeClock();
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  const asked: string[] = [];
  const named: string[] = [];
  const hours = new Map<number, Record<string, number>>();
  const state = { down: false };
  const reader = (who: string) => async (metrics: Readonly<Record<string, Metric>>, from: number, to: number) => {
    if (state.down) throw new Error("down");
    asked.push(`${who} ${(from - NOON) / HOUR}..${(to - NOON) / HOUR}`);
    named.push(...Object.keys(metrics));
    return hours;
  };
  const counted = { gateway: "g", functions: ["ingest", "query"], firewall };
  const note = () => noteTurnedAway({ registry, clock, counted, stage: reader("stage"), edge: reader("edge") });
  const read = turnedAwayReader(registry, async () => []);
  return { clock, registry, asked, named, hours, state, note, read };
}

test("an hour is noted once, a quarter of an hour after its end; an outage is made up for", async () => {
  const { clock, asked, hours, state, note, read } = setUp("firewall");
  hours.set(NOON - HOUR, { requests: 10, invoked0: 4 });
  clock.set(NOON + 14 * MINUTE);
  expect(await note()).toBe(1);
  expect(asked).toEqual(["stage -2..-1", "edge -2..-1"]);
  clock.set(NOON + 15 * MINUTE);
  state.down = true;
  await expect(note()).rejects.toThrow("down");
  expect(await read(NOON - HOUR, NOON)).toEqual([]);
  state.down = false;
  clock.advance(2 * HOUR);
  hours.set(NOON + HOUR, { blocked: 3 });
  expect(await note()).toBe(3);
  expect(await note()).toBe(0);
  expect(asked.slice(2)).toEqual(["stage -1..2", "edge -1..2"]);
  const rows = (await read(NOON - HOUR, NOON + 2 * HOUR)).filter(({ count }) => count > 0);
  expect(rows).toEqual([
    { hour: NOON - HOUR, reason: "gateway", count: 6 },
    { hour: NOON + HOUR, reason: "firewall", count: 3 },
  ]);
  expect(await read(NOON, NOON + HOUR)).toEqual([]);
});

test("where there is no firewall, nobody asks for its counts", async () => {
  const { asked, named, note } = setUp();
  await note();
  expect(asked).toEqual(["stage -2..-1"]);
  expect(named.join(" ")).toBe("requests invoked0 throttled0 failed0 invoked1 throttled1 failed1");
});

test("what was refused without a project is turned away too, whatever its reason", async () => {
  const { registry } = setUp();
  const read = turnedAwayReader(registry, async (from) => [
    { hour: from, reason: "InvalidApiKeyError", count: 2 },
    { hour: from, reason: "ResourceNotFoundError", count: 3 },
  ]);
  expect(await read(NOON, NOON + HOUR)).toEqual([
    { hour: NOON, reason: "unknown_project", count: 2 },
    { hour: NOON, reason: "unknown_project", count: 3 },
  ]);
});

/** CloudWatch's GetMetricData in its JSON protocol, as it answers the given request. */
async function cloudWatch(answer: (body: Record<string, unknown>) => [status: number, body: object]): Promise<void> {
  const server = createServer((request, response) => {
    void Array.fromAsync(request as AsyncIterable<Buffer>).then((chunks) => {
      expect(request.headers["x-amz-target"]).toBe("GraniteServiceVersion20100801.GetMetricData");
      expect(request.headers.authorization).toMatch(/us-east-1\/monitoring\/aws4_request/);
      const [status, body] = answer(JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>);
      response.writeHead(status).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => void server.close());
  vi.stubEnv("CLOUDWATCH_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
}

const COUNT: Metric = { namespace: "AWS/ApiGateway", name: "Count", dimensions: { ApiId: "a1" } };

test("CloudWatch is asked for sums by the hour, and its seconds are our milliseconds", async () => {
  await cloudWatch((body) => {
    expect(body).toEqual({
      StartTime: NOON / 1000,
      EndTime: (NOON + HOUR) / 1000,
      MetricDataQueries: [
        {
          Id: "requests",
          MetricStat: {
            Metric: {
              Namespace: "AWS/ApiGateway",
              MetricName: "Count",
              Dimensions: [{ Name: "ApiId", Value: "a1" }],
            },
            Period: 3600,
            Stat: "Sum",
          },
        },
      ],
    });
    const result = { Id: "requests", Label: "Count", Timestamps: [NOON / 1000], Values: [7], StatusCode: "Complete" };
    return [200, { MetricDataResults: [result] }];
  });
  const sums = await metricsReader(openCloudWatch("us-east-1"))({ requests: COUNT }, NOON, NOON + HOUR);
  expect([...sums]).toEqual([[NOON, { requests: 7 }]]);
});

test("a refusal of CloudWatch is an error that says what it answered", async () => {
  await cloudWatch(() => [400, { __type: "AccessDenied" }]);
  const read = metricsReader(openCloudWatch("us-east-1"))({ requests: COUNT }, NOON, NOON + HOUR);
  await expect(read).rejects.toMatchObject({
    code: "ServiceUnavailable",
    context: { operation: "GetMetricData", status: 400, answer: '{"__type":"AccessDenied"}' },
  });
});
