import { writeTable } from "./registry.ts";

/**
 * What visitor ids are made with, and nothing else: whoever has a day's salt can find the address behind its ids by trying. So this
 * table is the one that cannot be restored, and that no deploy leaves behind. Upkeep deletes what is over; the time to live is for
 * what upkeep could not delete, since AWS is days late with it. Losing the table makes a new visitor of everybody, for a day.
 */
export const salts = new sst.aws.Dynamo("Salts", {
  fields: { pk: "string", sk: "string" },
  primaryIndex: { hashKey: "pk", rangeKey: "sk" },
  ttl: "ttl",
  transform: {
    table: (args, options) => {
      args.pointInTimeRecovery = { enabled: false };
      options.retainOnDelete = false;
    },
  },
});

/** Permission to look a day's salt up, and to make it where there is none. */
export const useSalts = [
  { actions: ["dynamodb:GetItem"], resources: [salts.arn] },
  ...writeTable(salts, { put: ["salts"] }),
];

/** Permission to find what is over, and to delete it. */
export const purgeSalts = [
  { actions: ["dynamodb:Query"], resources: [salts.arn] },
  ...writeTable(salts, { delete: ["salts"] }),
];
