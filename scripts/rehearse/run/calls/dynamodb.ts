import { jsonOf, targetOf, textOf, UnknownCall, type Account, type Call, type Incoming } from "./call.ts";

type Json = Readonly<Record<string, unknown>>;

/** What one operation does to one table: its permission, and the partition keys it names. */
interface Access {
  readonly action: string;
  readonly table: string;
  readonly keys: readonly string[];
}

/** A transaction's parts need the permissions of the single operations. */
const PARTS: Readonly<Record<string, string>> = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
  Get: "GetItem",
};

/**
 * With the leading keys of the items, on which a role's conditions hang.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export function dynamoDbCall(request: Incoming, { id, region, partitionKey }: Account): Call {
  const operation = targetOf(request, "DynamoDB_20120810");
  const accesses = accessesOf(operation, jsonOf(request), partitionKey);
  const needs = accesses.map(({ action, table, keys }) => ({
    action: `dynamodb:${action}`,
    resource: `arn:aws:dynamodb:${region}:${id}:table/${table}`,
    context: { ...(keys.length > 0 && { "dynamodb:LeadingKeys": keys }) },
  }));
  // A key begins with its kind; what follows is somebody's.
  const kinds = new Set(accesses.flatMap(({ keys }) => keys).map((key) => key.split(":")[0]));
  return { service: "dynamodb", operation, needs, target: `table/${accesses[0]?.table ?? ""} ${[...kinds].join(",")}` };
}

function accessesOf(operation: string, body: Json, partitionKey: (table: string) => string): Access[] {
  const single = (key: (of: Json, name: string) => string, of = body, action = operation): Access => {
    const table = textOf(of, "TableName");
    return { action, table, keys: [key(of, partitionKey(table))] };
  };
  switch (operation) {
    case "GetItem":
    case "UpdateItem":
    case "DeleteItem":
      return [single(ofKey)];
    case "PutItem":
      return [single(ofItem)];
    case "Query":
      return [single(ofQuery)];
    case "Scan":
      return [{ action: operation, table: textOf(body, "TableName"), keys: [] }];
    case "BatchGetItem":
      return entries(body["RequestItems"]).map(([table, of]) => ({
        action: operation,
        table,
        keys: list((of as Json)["Keys"]).map((key) => text((key as Json)[partitionKey(table)])),
      }));
    case "BatchWriteItem":
      return entries(body["RequestItems"]).map(([table, of]) => ({
        action: operation,
        table,
        keys: list(of).map((each) => {
          const { PutRequest: put, DeleteRequest: remove } = each as { PutRequest?: Json; DeleteRequest?: Json };
          return put ? ofItem(put, partitionKey(table)) : ofKey(remove ?? {}, partitionKey(table));
        }),
      }));
    case "TransactWriteItems":
    case "TransactGetItems":
      return list(body["TransactItems"]).flatMap((each) =>
        entries(each).map(([kind, of]) => {
          const action = PARTS[kind];
          if (action === undefined) throw new UnknownCall(`DynamoDB's ${kind} is not known here.`);
          return single(kind === "Put" ? ofItem : ofKey, of as Json, action);
        }),
      );
    default:
      throw new UnknownCall(`DynamoDB's ${operation} is not known here.`);
  }
}

const ofKey = (of: Json, name: string) => text((of["Key"] as Json | undefined)?.[name]);
const ofItem = (of: Json, name: string) => text((of["Item"] as Json | undefined)?.[name]);

/** `pk = :pk AND …`: the partition key is always compared with one value. */
function ofQuery(of: Json, name: string): string {
  const names = (of["ExpressionAttributeNames"] ?? {}) as Readonly<Record<string, string>>;
  const values = (of["ExpressionAttributeValues"] ?? {}) as Json;
  for (const [, left = "", right = ""] of textOf(of, "KeyConditionExpression").matchAll(/(#?\w+)\s*=\s*(:\w+)/g))
    if ((names[left] ?? left) === name) return text(values[right]);
  throw new UnknownCall("The question names no partition.");
}

function text(value: unknown): string {
  const { S, N } = (value ?? {}) as { S?: unknown; N?: unknown };
  const found = S ?? N;
  if (typeof found !== "string") throw new UnknownCall("A partition key is missing.");
  return found;
}

function entries(value: unknown): [string, unknown][] {
  return Object.entries((value ?? {}) as Json);
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
