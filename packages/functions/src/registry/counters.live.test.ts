import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, ScanCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { HOUR_MS, LOST } from "@millrace/core";
import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createCounters, type Counters } from "./counters.ts";

const HOUR = 500_000 * HOUR_MS;

async function newTable(): Promise<{ table: string; client: DynamoDBDocumentClient }> {
  const endpoint = process.env["DYNAMODB_URL"];
  if (!endpoint) throw new Error("DYNAMODB_URL is not set: this suite needs a real DynamoDB, which `npm test` starts.");
  const client = new DynamoDBClient({ endpoint, region: "us-east-1" });
  const table = `counters-${randomUUID()}`;
  const key = (AttributeName: string) => ({ AttributeName, AttributeType: "S" as const });
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [key("pk"), key("sk")],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
    }),
  );
  return { table, client: DynamoDBDocumentClient.from(client) };
}

let now = HOUR;
const clock = { now: () => now };
beforeEach(() => {
  now = HOUR;
});
afterEach(() => vi.restoreAllMocks());

const totalOf = (rows: readonly { readonly count: number }[]) => rows.reduce((sum, { count }) => sum + count, 0);
const inHour = (counters: Counters) => counters.accepted("shop", HOUR, HOUR + HOUR_MS);

test("counts of several processes add up by hour, and another project's or hour's never show", async () => {
  const parts = { ...(await newTable()), clock };
  const [one, two] = [createCounters({ ...parts, instance: "1" }), createCounters({ ...parts, instance: "2" })];
  one.accept("shop", HOUR + 1, 3);
  one.accept("shop", HOUR + 2, 4);
  two.accept("shop", HOUR + HOUR_MS - 1, 10);
  two.accept("shop", HOUR + HOUR_MS, 100);
  two.accept("other", HOUR, 1_000);
  await Promise.all([one.flush(), two.flush()]);
  await one.flush();
  expect(await inHour(one)).toEqual([
    { hour: HOUR, count: 7, instance: "1" },
    { hour: HOUR, count: 10, instance: "2" },
  ]);
});

test("refusals are counted by reason, what senders lost too; those of no known project share one row", async () => {
  const counters = createCounters({ ...(await newTable()), clock, instance: "1" });
  counters.count({ project: "shop", reason: "InvalidEventError", events: 2, at: HOUR });
  counters.count({ project: "shop", reason: LOST, events: 9, at: HOUR });
  counters.count({ project: undefined, reason: "InvalidApiKeyError", events: 1, at: HOUR });
  await counters.flush();
  expect(await counters.refused("shop", HOUR, HOUR + HOUR_MS)).toEqual([
    { hour: HOUR, reason: "InvalidEventError", count: 2 },
    { hour: HOUR, reason: LOST, count: 9 },
  ]);
});

test("a write whose answer was lost, and that is therefore made twice, counts once", async () => {
  const { table, client } = await newTable();
  const counters = createCounters({ table, client, clock, instance: "1" });
  const apply = client.send.bind(client) as (command: UpdateCommand) => Promise<unknown>;
  const sending = vi.spyOn(client, "send");
  // Applied, and then no answer: what the client's own repeats and the next write do then must change nothing.
  const lose = (command: UpdateCommand) => apply(command).then(() => Promise.reject(new Error("socket hang up")));
  sending.mockImplementation(lose as never);
  counters.accept("shop", HOUR, 3);
  await counters.flush();
  sending.mockRestore();
  expect(totalOf(await inHour(counters))).toBe(3);
  await counters.flush();
  expect(totalOf(await inHour(counters))).toBe(3);
});

test("what could not be written is part of the next write", async () => {
  const { table, client } = await newTable();
  const counters = createCounters({ table, client, clock, instance: "1" });
  const sending = vi.spyOn(client, "send").mockRejectedValue(new Error("down"));
  counters.accept("shop", HOUR, 5);
  await counters.flush();
  sending.mockRestore();
  counters.accept("shop", HOUR, 1);
  await counters.flush();
  expect(totalOf(await inHour(counters))).toBe(6);
});

test("an older total that arrives late does not replace a newer one", async () => {
  const parts = { ...(await newTable()), clock };
  const [early, late] = [createCounters({ ...parts, instance: "1" }), createCounters({ ...parts, instance: "1" })];
  early.accept("shop", HOUR, 2);
  late.accept("shop", HOUR, 9);
  await late.flush();
  await early.flush();
  expect(totalOf(await inHour(early))).toBe(9);
});

test("totals are written once a second at most, and nobody waits for it", async () => {
  const { table, client } = await newTable();
  const sending = vi.spyOn(client, "send");
  const counters = createCounters({ table, client, clock, instance: "1" });
  for (let request = 0; request < 100; request++) {
    counters.accept("shop", HOUR, 1);
    // Gives no promise: there is nothing to wait for.
    expect(counters.spill()).toBeUndefined();
    // The write that the first one begins knows of no other.
    await Promise.resolve();
  }
  // The last ones are not left for a request that may never come.
  await expect.poll(async () => totalOf(await inHour(counters))).toBe(100);
  const writes = sending.mock.calls.filter(([command]) => command instanceof UpdateCommand);
  expect(writes).toHaveLength(2);
});

test("what is counted while a slow write is under way is written after it, by no further request", async () => {
  const { table, client } = await newTable();
  const apply = client.send.bind(client) as (command: UpdateCommand) => Promise<unknown>;
  const slow = Promise.withResolvers<undefined>();
  const sending = vi.spyOn(client, "send");
  sending.mockImplementationOnce(((command: UpdateCommand) => slow.promise.then(() => apply(command))) as never);
  const counters = createCounters({ table, client, clock, instance: "1" });
  counters.accept("shop", HOUR, 1);
  counters.spill();
  await expect.poll(() => sending.mock.calls.length).toBe(1);
  counters.accept("shop", HOUR, 2);
  now += 1_000;
  counters.spill();
  slow.resolve(undefined);
  await expect.poll(async () => totalOf(await inHour(counters))).toBe(3);
});

test("a request that ends in the next hour counts in its own, although that was written as over", async () => {
  const counters = createCounters({ ...(await newTable()), clock, instance: "1" });
  const lastMoment = HOUR + HOUR_MS - 1;
  const count = (accepted: number, refused: number) => {
    counters.accept("shop", lastMoment, accepted);
    counters.count({ project: "shop", reason: "InvalidEventError", events: refused, at: lastMoment });
  };
  count(5, 4);
  now = HOUR + HOUR_MS;
  await counters.flush();
  count(2, 1);
  await counters.flush();
  expect(totalOf(await inHour(counters))).toBe(7);
  expect(totalOf(await counters.refused("shop", HOUR, HOUR + HOUR_MS))).toBe(5);
});

test("the newest total of a message that was not stored whole is found by instance", async () => {
  const counters = createCounters({ ...(await newTable()), clock, instance: "collector" });
  const arrival = { project: "shop", hour: HOUR, instance: "1", accepted: 7 };
  await counters.noteArrivals([arrival, { ...arrival, project: "other" }]);
  await counters.noteArrivals([{ ...arrival, accepted: 3 }]);
  expect(await counters.arrivals({ project: "shop", from: HOUR, to: HOUR + HOUR_MS })).toEqual([
    { hour: HOUR, instance: "1", accepted: 7 },
  ]);
  expect(await counters.accepted("shop", HOUR, HOUR + HOUR_MS)).toEqual([]);
});

test("a settled hour keeps one sum, for ever, and no process's total", async () => {
  const { table, client } = await newTable();
  const counters = createCounters({ table, client, clock, instance: "1" });
  counters.accept("shop", HOUR, 5);
  counters.accept("shop", HOUR + HOUR_MS, 6);
  await counters.flush();
  await counters.settle("shop", HOUR, 8);
  await counters.settle("shop", HOUR, 8);
  expect(await counters.accepted("shop", HOUR, HOUR + 2 * HOUR_MS)).toEqual([
    { hour: HOUR, count: 8 },
    { hour: HOUR + HOUR_MS, count: 6, instance: "1" },
  ]);
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
  expect(Items.filter(({ ttl }) => ttl === undefined)).toMatchObject([{ total: 8 }]);
});
