import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { randomUUID } from "node:crypto";

function endpoint(): string {
  const url = process.env["DYNAMODB_URL"];
  if (url) return url;
  throw new Error(
    "DYNAMODB_URL is not set: this suite needs a real DynamoDB. `npm test` starts DynamoDB Local for it.",
  );
}

/** An empty table like the registry's, in the DynamoDB of the tests. */
export async function newTable(): Promise<{ table: string; client: DynamoDBDocumentClient }> {
  const client = new DynamoDBClient({
    endpoint: endpoint(),
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const table = `registry-${randomUUID()}`;
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
    }),
  );
  return { table, client: DynamoDBDocumentClient.from(client) };
}
