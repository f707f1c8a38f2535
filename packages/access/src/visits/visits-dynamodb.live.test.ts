import { describeVisitsContract } from "@millrace/core/contract";
import { expect, test } from "vitest";
import { newTable } from "../registry/dynamodb-testing.ts";
import { systemClock, systemRandom } from "../system.ts";
import { createDynamoVisitTable } from "./table-dynamodb.ts";
import { createVisits } from "./visits.ts";

/** DynamoDB Local on a busy machine is slower than any budget that is meant for AWS. */
const PATIENCE_MS = 30_000;

async function create() {
  const { table, client } = await newTable();
  const visits = createDynamoVisitTable({ table, client, clock: systemClock, budgetMs: PATIENCE_MS });
  return { client, open: () => createVisits({ table: visits, random: systemRandom }) };
}

describeVisitsContract({ name: "DynamoDB", create: async () => (await create()).open });

test("an ordinary page view is one write and no read, whether the visit is new or runs", async () => {
  const { client, open } = await create();
  const commands: string[] = [];
  client.middlewareStack.add(
    (next, context) => (args) => {
      commands.push(String(context.commandName));
      return next(args);
    },
    { step: "initialize" },
  );
  const visits = open();
  const at = Date.now();
  for (const view of ["a", "b", "c"]) {
    await visits.touch({ project: "p", visitors: ["v"], from: at, to: at, pageViews: [view], entry: {} });
  }
  expect(commands).toEqual(["UpdateItemCommand", "UpdateItemCommand", "UpdateItemCommand"]);
});
