import { stage } from "./stage.ts";

/**
 * Projects, keys, visits, catalogue: small records that must be there while OpenSearch is down. SST turns point-in-time
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

/** What is done with an item, and the action that it is. */
const CHANGES = {
  /** Written on a condition: when it is absent, or as it was read. */
  put: "dynamodb:PutItem",
  /** Written whatever is there, or counted. */
  update: "dynamodb:UpdateItem",
  delete: "dynamodb:DeleteItem",
} as const;

type Kinds = Readonly<Partial<Record<keyof typeof CHANGES, readonly string[]>>>;

/**
 * Permission to change items of the kinds named (the partition key starts with the kind), each in the ways named and no other. A
 * function that the public reaches can then count visits, and can neither make itself a key nor take one away.
 */
export function writeRegistry(kinds: Kinds) {
  return writeTable(registry, kinds);
}

/** The same for another table of this form. */
export function writeTable(table: sst.aws.Dynamo, kinds: Kinds) {
  return (Object.keys(CHANGES) as (keyof typeof CHANGES)[]).flatMap((change) => {
    const those = kinds[change];
    if (those === undefined) return [];
    const values = those.flatMap((kind) => [kind, `${kind}:*`]);
    return [
      {
        actions: [CHANGES[change]],
        resources: [table.arn],
        conditions: [{ test: "ForAllValues:StringLike", variable: "dynamodb:LeadingKeys", values }],
      },
    ];
  });
}
