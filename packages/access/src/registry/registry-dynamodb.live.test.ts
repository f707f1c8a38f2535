import { TIME_BUDGETS } from "@millrace/core";
import { describeRegistryContract } from "@millrace/core/contract";
import { newTable } from "./dynamodb-testing.ts";
import { createDynamoRegistry } from "./registry-dynamodb.ts";

describeRegistryContract({
  name: "DynamoDB",
  create: async (clock) =>
    createDynamoRegistry({ ...(await newTable()), clock, budgetMs: TIME_BUDGETS.registryInBackground }),
});
