import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createDynamoRegistry } from "@millrace/access";
import type { Registry } from "@millrace/core";
import { setting } from "../config.ts";
import { createCounters, type Counters } from "./counters.ts";

/** The registry's table and the counters in it, as a function finds them. `DYNAMODB_URL` names another server (tests). */
export function openRegistry(): { registry: Registry; counters: Counters } {
  const endpoint = process.env["DYNAMODB_URL"];
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(endpoint === undefined ? {} : { endpoint }));
  const table = setting("REGISTRY_TABLE");
  return { registry: createDynamoRegistry({ table, client }), counters: createCounters({ table, client }) };
}
