import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createDynamoRegistry } from "@millrace/access";
import { stretchTimeBudgets, TIME_BUDGETS, type Registry } from "@millrace/core";
import { numericSetting, optionalSetting, setting } from "../config.ts";
import { createCounters, type Counters } from "./counters.ts";

/**
 * The registry's table and the counters in it, as a function finds them. `DYNAMODB_URL` names another server, and
 * `TIME_BUDGET_FACTOR` gives servers that are slower than AWS's more time (tests).
 * @param budgetMs most milliseconds of one request
 */
export function openRegistry(budgetMs: number = TIME_BUDGETS.registry): { registry: Registry; counters: Counters } {
  if (optionalSetting("TIME_BUDGET_FACTOR") !== undefined) stretchTimeBudgets(numericSetting("TIME_BUDGET_FACTOR"));
  const endpoint = optionalSetting("DYNAMODB_URL");
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(endpoint === undefined ? {} : { endpoint }));
  const table = setting("REGISTRY_TABLE");
  return {
    registry: createDynamoRegistry({ table, client, budgetMs }),
    counters: createCounters({ table, client, budgetMs }),
  };
}
