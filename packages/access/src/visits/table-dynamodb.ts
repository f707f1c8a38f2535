import { ConditionalCheckFailedException, type AttributeValue } from "@aws-sdk/client-dynamodb";
import { GetCommand, PutCommand, UpdateCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { TIME_BUDGETS, VISIT_TIMEOUT_MS, type Clock, type VisitEntry, type VisitTouch } from "@millrace/core";
import { dynamoCalls } from "../registry/registry-dynamodb.ts";
import { placeOf, type RecentView, type VisitRecord } from "./record.ts";
import { VISIT_KEEP_MS, type VisitTable } from "./table.ts";

export interface DynamoVisitTableOptions {
  /** The registry's table. */
  readonly table: string;
  readonly client: DynamoDBDocumentClient;
  readonly clock: Clock;
  /** Most milliseconds of one request. */
  readonly budgetMs?: number;
}

/** An item, attribute by attribute, so that one conditional update is all an ordinary touch needs. Recent views are `v0`, `n0`, … */
interface Row {
  readonly version: number;
  readonly visit: string;
  /** Null for nobody: what is set once must be there, or the next update would set it. */
  readonly person: string | null;
  readonly entry: VisitEntry;
  readonly pages: number;
  readonly first: number;
  readonly last: number;
  readonly moved?: string;
  readonly [recent: string]: unknown;
}

/** More page views than this in one request are no ordinary request, and would make an expression that DynamoDB refuses. */
const ORDINARY_VIEWS = 32;

/** Visits in DynamoDB. An ordinary touch is one write of one small item; what was there comes back with a condition that failed. */
export function createDynamoVisitTable({ table, client, clock, budgetMs }: DynamoVisitTableOptions): VisitTable {
  const call = dynamoCalls(budgetMs ?? TIME_BUDGETS.visits);
  const keyOf = (project: string, visitor: string) => ({ pk: `visit:${project}:${visitor}`, sk: "running" });
  const expiry = () => {
    const expiresAt = clock.now() + VISIT_KEEP_MS;
    return { expiresAt, ttl: Math.ceil(expiresAt / 1000) };
  };
  const read = async (project: string, visitor: string) => {
    const command = new GetCommand({ TableName: table, Key: keyOf(project, visitor), ConsistentRead: true });
    const { Item } = await call("dynamodb.get", (options) => client.send(command, options));
    return Item && recordOf(Item as Row);
  };
  return {
    read,
    async proceed(visitor, touch, fresh) {
      if (touch.pageViews.length > ORDINARY_VIEWS) return { done: false, before: await read(touch.project, visitor) };
      const { ttl, expiresAt } = expiry();
      const update = updateOf(touch, fresh);
      const command = new UpdateCommand({
        TableName: table,
        Key: keyOf(touch.project, visitor),
        UpdateExpression: `SET ${[...update.sets, "expiresAt = :expiresAt", "#ttl = :ttl"].join(", ")}`,
        ConditionExpression: update.condition,
        ExpressionAttributeNames: { "#ttl": "ttl", "#first": "first", "#last": "last" },
        ExpressionAttributeValues: { ...update.values, ":expiresAt": expiresAt, ":ttl": ttl },
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      try {
        const { Attributes } = await call("dynamodb.update", (options) => client.send(command, options));
        return { done: true, record: recordOf(Attributes as Row) };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return { done: false, before: error.Item && recordOf(unmarshall(error.Item as Item) as Row) };
      }
    },
    async write(project, visitor, record) {
      const version = record.version - 1;
      const command = new PutCommand({
        TableName: table,
        Item: { ...keyOf(project, visitor), ...rowOf(record), ...expiry() },
        ConditionExpression: version === 0 ? "attribute_not_exists(pk)" : "version = :version",
        ...(version > 0 && { ExpressionAttributeValues: { ":version": version } }),
      });
      try {
        await call("dynamodb.put", (options) => client.send(command, options));
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}

type Item = Record<string, AttributeValue>;

/** The ordinary touch as an expression. Everything on the right of `SET` is the item as it was before. */
function updateOf(touch: VisitTouch, fresh: VisitRecord | undefined) {
  const { from, to, pageViews } = touch;
  const places = new Map<number, { view: string; number: number }>();
  const unknown: string[] = [];
  const values: Record<string, unknown> = {
    ":zero": 0,
    ":one": 1,
    ":views": pageViews.length,
    ":to": to,
    ":earliest": from - VISIT_TIMEOUT_MS,
  };
  for (const [index, id] of pageViews.entries()) {
    const { place, view } = placeOf(id);
    places.set(place, { view, number: index + 1 });
    values[`:k${index}`] = view;
    unknown.push(`(attribute_not_exists(v${place}) OR v${place} <> :k${index})`);
  }
  const running = ["attribute_not_exists(moved)", "#last BETWEEN :earliest AND :to", ...unknown].join(" AND ");
  const sets = [
    "version = if_not_exists(version, :zero) + :one",
    "pages = if_not_exists(pages, :zero) + :views",
    "#last = :to",
    "#first = if_not_exists(#first, :first)",
  ];
  values[":first"] = from;
  for (const [place, { view, number }] of places) {
    sets.push(`v${place} = :v${place}`, `n${place} = if_not_exists(pages, :zero) + :n${place}`);
    values[`:v${place}`] = view;
    values[`:n${place}`] = number;
  }
  if (!fresh) return { sets, values, condition: running };
  const { visit, person = null, entry } = fresh;
  for (const [name, value] of Object.entries({ visit, person, entry })) {
    sets.push(`${name} = if_not_exists(${name}, :${name})`);
    values[`:${name}`] = value;
  }
  return { sets, values, condition: `attribute_not_exists(pk) OR (${running})` };
}

function recordOf(row: Row): VisitRecord {
  const { version, visit, person, entry, pages, first, last, moved } = row;
  const recent: Record<number, RecentView> = {};
  for (const [name, view] of Object.entries(row)) {
    const place = /^v(\d+)$/.exec(name)?.[1];
    if (place !== undefined) recent[Number(place)] = { view: String(view), page: Number(row[`n${place}`]) };
  }
  return {
    version,
    visit,
    ...(person !== null && { person }),
    entry,
    pages,
    first,
    last,
    recent,
    ...(moved !== undefined && { moved }),
  };
}

function rowOf({ recent, person, moved, ...record }: VisitRecord): Row {
  const views = Object.entries(recent).flatMap(([place, { view, page }]) => [
    [`v${place}`, view],
    [`n${place}`, page],
  ]);
  return {
    ...record,
    person: person ?? null,
    ...(moved !== undefined && { moved }),
    ...(Object.fromEntries(views) as Record<string, unknown>),
  };
}
