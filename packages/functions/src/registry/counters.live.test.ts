import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { HOUR_MS } from "@millrace/core";
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { createCounters } from "./counters.ts";

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

test("counts of several processes add up by hour, and another project's or hour's never show", async () => {
  const parts = await newTable();
  const [one, two] = [createCounters(parts), createCounters(parts)];
  one.accept("shop", HOUR + 1, 3);
  one.accept("shop", HOUR + 2, 4);
  two.accept("shop", HOUR + HOUR_MS - 1, 10);
  two.accept("shop", HOUR + HOUR_MS, 100);
  two.accept("other", HOUR, 1_000);
  await Promise.all([one.flush(), two.flush()]);
  await one.flush();
  expect(await one.accepted("shop", HOUR, HOUR + HOUR_MS)).toEqual([{ hour: HOUR, count: 17 }]);
});

test("refusals are counted by reason; those of no known project share one row", async () => {
  const counters = createCounters(await newTable());
  counters.count({ project: "shop", reason: "InvalidEventError", events: 2, at: HOUR });
  counters.count({ project: undefined, reason: "InvalidApiKeyError", events: 1, at: HOUR });
  await counters.flush();
  expect(await counters.refused("shop", HOUR, HOUR + HOUR_MS)).toEqual([
    { hour: HOUR, reason: "InvalidEventError", count: 2 },
  ]);
});

test("what could not be written is written with the next flush", async () => {
  const { table, client } = await newTable();
  let down = true;
  const shaky = {
    send: (command: never) => (down ? Promise.reject(new Error("down")) : client.send(command)),
  } as unknown as DynamoDBDocumentClient;
  const counters = createCounters({ table, client: shaky });
  counters.accept("shop", HOUR, 5);
  await counters.flush();
  down = false;
  await counters.flush();
  expect(await counters.accepted("shop", HOUR, HOUR + HOUR_MS)).toEqual([{ hour: HOUR, count: 5 }]);
});
