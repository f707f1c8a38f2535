import { CreateTableCommand, DeleteTableCommand, DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createDynamoRegistry } from "@millrace/access";
import type { Registry } from "@millrace/core";
import { randomUUID } from "node:crypto";
import { serverUrl } from "./server-url.ts";

const TABLES = ["REGISTRY_TABLE", "SALTS_TABLE"] as const;

/** The stage's tables on the DynamoDB of the test run. */
export interface Tables {
  /** Their names, as the functions are told them. */
  readonly environment: Readonly<Record<(typeof TABLES)[number], string>>;
  /** The kinds of items of a table, each once: what their partition keys begin with. */
  kindsIn(table: (typeof TABLES)[number]): Promise<string[]>;
  /** One of them, as the functions read it. */
  registry(table: (typeof TABLES)[number]): Registry;
  remove(): Promise<void>;
}

/** Makes tables with the keys of stacks/registry.ts and stacks/salts.ts. */
export async function createTables(): Promise<Tables> {
  const client = new DynamoDBClient({ endpoint: serverUrl("DYNAMODB_URL"), region: "us-east-1" });
  const of = (table: (typeof TABLES)[number]) => environment[table];
  const id = randomUUID();
  const environment = { REGISTRY_TABLE: `functions-${id}`, SALTS_TABLE: `functions-salts-${id}` };
  for (const table of TABLES)
    await client.send(
      new CreateTableCommand({
        TableName: of(table),
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: ["pk", "sk"].map((AttributeName) => ({ AttributeName, AttributeType: "S" as const })),
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
      }),
    );
  return {
    environment,
    async kindsIn(table) {
      const { Items = [] } = await client.send(new ScanCommand({ TableName: of(table) }));
      return [...new Set(Items.map(({ pk }) => pk?.S?.split(":")[0] ?? ""))].sort();
    },
    registry: (table) =>
      createDynamoRegistry({ table: of(table), client: DynamoDBDocumentClient.from(client), budgetMs: 10_000 }),
    async remove() {
      for (const table of TABLES) await client.send(new DeleteTableCommand({ TableName: of(table) }));
      client.destroy();
    },
  };
}
