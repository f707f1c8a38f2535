import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
} from "@aws-sdk/lib-dynamodb";
import {
  span,
  TIME_BUDGETS,
  within,
  type Clock,
  type PutOptions,
  type Registry,
  type RegistryClaim,
  type RegistryItem,
  type RegistryKey,
} from "@millrace/core";
import { systemClock } from "../system.ts";

export interface DynamoRegistryOptions {
  /** A table with string keys `pk` and `sk` and its time to live on `ttl` (seconds). */
  readonly table: string;
  readonly client: DynamoDBDocumentClient;
  /** Most milliseconds of one request. Default: the budget of a process at whose other end somebody waits. */
  readonly budgetMs?: number;
  readonly clock?: Clock;
}

/** Enough to keep the table busy without flooding it. */
const CLAIMS_AT_ONCE = 32;

/** One item of the table. The value is JSON text: DynamoDB's own types would change numbers, empty strings and key order. */
interface Row {
  pk: string;
  sk: string;
  value: string;
  version: number;
  /** Milliseconds UTC, what readers go by: DynamoDB may delete an expired item days late. */
  expiresAt?: number;
  /** The same in seconds, rounded up, what DynamoDB deletes by. */
  ttl?: number;
}

/** Which items of a partition are wanted, and how many of them at most. */
interface Range {
  readonly condition: string;
  readonly sk: string;
  readonly limit?: number;
}

/** An expired item counts as absent. */
const ABSENT = "attribute_not_exists(pk) OR expiresAt <= :now";
const LIVE = "(attribute_not_exists(expiresAt) OR expiresAt > :now)";

/**
 * Calls to DynamoDB, each a span and within the registry's time budget.
 * @throws from the call, what the client throws, and MillraceError `ServiceUnavailable` when there is no answer in time
 */
export function dynamoCalls(budgetMs: number = TIME_BUDGETS.registry) {
  let answered = false;
  return <T>(name: `dynamodb.${string}`, work: (options: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> =>
    span(name, undefined, async () => {
      const most = answered ? budgetMs : Math.max(budgetMs, TIME_BUDGETS.registryFirst);
      const answer = await within(most, "The registry", (abortSignal) => work({ abortSignal }));
      answered = true;
      return answer;
    });
}

/** The registry in one DynamoDB table. Reads are strongly consistent: a revoked key must not come back. */
export function createDynamoRegistry({
  table,
  client,
  budgetMs,
  clock = systemClock,
}: DynamoRegistryOptions): Registry {
  const call = dynamoCalls(budgetMs);
  const isLive = (row: Row) => row.expiresAt === undefined || row.expiresAt > clock.now();

  async function putIf(row: Omit<Row, "version">, version: number, condition: string, values: Record<string, unknown>) {
    try {
      await call("dynamodb.put", (options) =>
        client.send(
          new PutCommand({
            TableName: table,
            Item: { ...row, version },
            ConditionExpression: condition,
            ExpressionAttributeValues: values,
          }),
          options,
        ),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  /** Unconditional, one round trip. Over an expired item that is still there the version goes on instead of starting at 1. */
  async function putAlways(row: Omit<Row, "version">): Promise<true> {
    const expiry = row.ttl === undefined ? "REMOVE expiresAt, #ttl" : ", expiresAt = :expiresAt, #ttl = :ttl";
    await call("dynamodb.put", (options) =>
      client.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk: row.pk, sk: row.sk },
          UpdateExpression: `SET #value = :value, version = if_not_exists(version, :zero) + :one ${expiry}`,
          ExpressionAttributeNames: { "#value": "value", "#ttl": "ttl" },
          ExpressionAttributeValues: {
            ":value": row.value,
            ":zero": 0,
            ":one": 1,
            ...(row.ttl !== undefined && { ":expiresAt": row.expiresAt, ":ttl": row.ttl }),
          },
        }),
        options,
      ),
    );
    return true;
  }

  /** One request, whoever has it: DynamoDB tells what is there when it refuses. A read before would be paid for every new item. */
  async function claimOne<T>({ key, value, expiresAt }: RegistryClaim<T>): Promise<T> {
    const ttl = Math.ceil(expiresAt / 1000);
    try {
      await call("dynamodb.put", (options) =>
        client.send(
          new PutCommand({
            TableName: table,
            Item: {
              pk: key.partition,
              sk: key.sort,
              value: JSON.stringify(value),
              version: 1,
              expiresAt: Math.trunc(expiresAt),
              ttl,
            },
            ConditionExpression: ABSENT,
            ExpressionAttributeValues: { ":now": clock.now() },
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
          options,
        ),
      );
      return value;
    } catch (error) {
      const owner = error instanceof ConditionalCheckFailedException ? error.Item?.["value"]?.S : undefined;
      if (owner === undefined) throw error;
      return JSON.parse(owner) as T;
    }
  }

  async function query<T>(partition: string, range: Range): Promise<RegistryItem<T>[]> {
    const { condition, sk, limit = Number.POSITIVE_INFINITY } = range;
    // DynamoDB does not take an empty text, before which nothing comes anyway.
    const limited = sk !== "";
    const items: RegistryItem<T>[] = [];
    let from: Record<string, unknown> | undefined;
    do {
      const page = await call("dynamodb.query", (options) =>
        client.send(
          new QueryCommand({
            TableName: table,
            ConsistentRead: true,
            KeyConditionExpression: limited ? `pk = :pk AND ${condition}` : "pk = :pk",
            ExpressionAttributeValues: { ":pk": partition, ...(limited && { ":sk": sk }) },
            ...(from && { ExclusiveStartKey: from }),
            ...(Number.isFinite(limit) && { Limit: limit - items.length }),
          }),
          options,
        ),
      );
      for (const row of (page.Items ?? []) as Row[]) if (isLive(row)) items.push(itemOf<T>(row));
      from = page.LastEvaluatedKey;
    } while (from && items.length < limit);
    return items;
  }

  return {
    async get<T>({ partition, sort }: RegistryKey) {
      const answer = await call("dynamodb.get", (options) =>
        client.send(
          new GetCommand({ TableName: table, Key: { pk: partition, sk: sort }, ConsistentRead: true }),
          options,
        ),
      );
      const row = answer.Item as Row | undefined;
      return row && isLive(row) ? itemOf<T>(row) : undefined;
    },
    list: <T>(partition: string, prefix = "") => query<T>(partition, { condition: "begins_with(sk, :sk)", sk: prefix }),
    listFrom: <T>(partition: string, from: string, limit?: number) =>
      query<T>(partition, { condition: "sk >= :sk", sk: from, ...(limit !== undefined && { limit }) }),
    async put<T>({ partition, sort }: RegistryKey, value: T, options: PutOptions = {}) {
      const row = {
        pk: partition,
        sk: sort,
        value: JSON.stringify(value),
        ...(options.expiresAt !== undefined && {
          expiresAt: Math.trunc(options.expiresAt),
          ttl: Math.ceil(options.expiresAt / 1000),
        }),
      };
      const now = { ":now": clock.now() };
      if (options.if === undefined) return putAlways(row);
      if (options.if === "absent") return putIf(row, 1, ABSENT, now);
      return putIf(row, options.if + 1, `version = :version AND ${LIVE}`, { ...now, ":version": options.if });
    },
    async claimMany<T>(claims: readonly RegistryClaim<T>[]) {
      const byKey = Map.groupBy(claims, ({ key: { partition, sort } }) => JSON.stringify([partition, sort]));
      const owners = new Map<RegistryClaim<T>, T>();
      const groups = byKey.values();
      const worker = async () => {
        for (const equal of groups) {
          const [first] = equal;
          if (!first) continue;
          const owner = await claimOne(first);
          for (const claim of equal) owners.set(claim, owner);
        }
      };
      await Promise.all(Array.from({ length: Math.min(CLAIMS_AT_ONCE, byKey.size) }, worker));
      return claims.map((claim) => owners.get(claim) as T);
    },
    async delete({ partition, sort }: RegistryKey) {
      await call("dynamodb.delete", (options) =>
        client.send(new DeleteCommand({ TableName: table, Key: { pk: partition, sk: sort } }), options),
      );
    },
    async close() {
      client.destroy();
    },
  };
}

function itemOf<T>(row: Row): RegistryItem<T> {
  return {
    key: { partition: row.pk, sort: row.sk },
    value: JSON.parse(row.value) as T,
    version: row.version,
    ...(row.expiresAt !== undefined && { expiresAt: row.expiresAt }),
  };
}
