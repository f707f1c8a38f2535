import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import {
  createDynamoRegistry,
  createDynamoVisitTable,
  createSalts,
  systemClock,
  systemRandom,
  type Salts,
  type VisitTable,
} from "@millrace/access";
import { stretchTimeBudgets, TIME_BUDGETS, type Registry } from "@millrace/core";
import { randomUUID } from "node:crypto";
import { numericSetting, optionalSetting, setting } from "../config.ts";
import { createCounters, type Counters } from "./counters.ts";

export interface OpenedRegistry {
  readonly registry: Registry;
  readonly counters: Counters;
  /** Names this process among all that ever ran, in its counts as in its messages. */
  readonly instance: string;
  readonly visits: VisitTable;
}

/**
 * The registry's table, and the counters and visits in it, as a function finds them. `DYNAMODB_URL` names another server, and
 * `TIME_BUDGET_FACTOR` gives servers that are slower than AWS's more time (tests).
 * @param budgetMs most milliseconds of one request
 */
export function openRegistry(budgetMs: number = TIME_BUDGETS.registry): OpenedRegistry {
  if (optionalSetting("TIME_BUDGET_FACTOR") !== undefined) stretchTimeBudgets(numericSetting("TIME_BUDGET_FACTOR"));
  const client = openDynamo();
  const instance = randomUUID();
  const table = setting("REGISTRY_TABLE");
  return {
    registry: createDynamoRegistry({ table, client, budgetMs }),
    counters: createCounters({ table, client, budgetMs, instance, clock: systemClock }),
    instance,
    visits: createDynamoVisitTable({ table, client, clock: systemClock }),
  };
}

/**
 * The salts, in a table of their own that cannot be restored.
 * @param budgetMs most milliseconds of one request
 */
export function openSalts(budgetMs: number = TIME_BUDGETS.registry): Salts {
  const registry = createDynamoRegistry({ table: setting("SALTS_TABLE"), client: openDynamo(), budgetMs });
  return createSalts({ registry, clock: systemClock, random: systemRandom });
}

let opened: DynamoDBDocumentClient | undefined;

/** One for the whole process: connections are shared by whatever lies in DynamoDB. */
function openDynamo(): DynamoDBDocumentClient {
  const endpoint = optionalSetting("DYNAMODB_URL");
  opened ??= DynamoDBDocumentClient.from(new DynamoDBClient(endpoint === undefined ? {} : { endpoint }));
  return opened;
}
