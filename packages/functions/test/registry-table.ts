import { CreateTableCommand, DeleteTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { randomUUID } from "node:crypto";
import { serverUrl } from "./server-url.ts";

/** A table with the keys of stacks/registry.ts on the DynamoDB of the test run, and how to remove it. */
export async function createRegistryTable(): Promise<{ name: string; remove(): Promise<void> }> {
  const client = new DynamoDBClient({ endpoint: serverUrl("DYNAMODB_URL"), region: "us-east-1" });
  const name = `functions-${randomUUID()}`;
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["pk", "sk"].map((AttributeName) => ({ AttributeName, AttributeType: "S" as const })),
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
    }),
  );
  return {
    name,
    async remove() {
      await client.send(new DeleteTableCommand({ TableName: name }));
      client.destroy();
    },
  };
}
