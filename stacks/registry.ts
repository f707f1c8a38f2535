import { stage } from "./stage.ts";

/**
 * Projects, keys, salts, visits, catalogue: small records that must be there while OpenSearch is down. SST turns point-in-time
 * recovery on; deletion protection keeps the table from being deleted even by hand.
 */
export const registry = new sst.aws.Dynamo("Registry", {
  fields: { pk: "string", sk: "string" },
  primaryIndex: { hashKey: "pk", rangeKey: "sk" },
  ttl: "ttl",
  deletionProtection: stage.keep,
});

/** Permission to look single items up; nobody scans or exports the table. */
export const readRegistry = { actions: ["dynamodb:GetItem", "dynamodb:Query"], resources: [registry.arn] };

/**
 * Permission to change items of the kinds named (the partition key starts with the kind). A function that the public reaches
 * can then count visits, and cannot make itself a key.
 */
export function writeRegistry(...kinds: readonly string[]) {
  return {
    actions: ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
    resources: [registry.arn],
    conditions: [
      {
        test: "ForAllValues:StringLike",
        variable: "dynamodb:LeadingKeys",
        values: kinds.flatMap((kind) => [kind, `${kind}:*`]),
      },
    ],
  };
}
