import { QueryCommand, UpdateCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { dynamoCalls } from "@millrace/access";
import { hourOf, type AcceptedRow, type RefusalCounter, type RefusedRow } from "@millrace/core";

/**
 * Counts per project and hour in the registry's table: what was accepted, the ledger's side of ingest, and what was refused. They
 * are gathered during a request and written at its end, before the answer: afterwards Lambda may freeze the process for good.
 */
export interface Counters extends RefusalCounter {
  /** Notes events that the queue has acknowledged. */
  accept(project: string, receivedAt: number, events: number): void;
  /** Writes what was gathered. Never fails the request: what could not be written is tried again with the next one. */
  flush(): Promise<void>;
  accepted(project: string, from: number, to: number): Promise<AcceptedRow[]>;
  refused(project: string, from: number, to: number): Promise<RefusedRow[]>;
}

/** Counters outlive the longest retention of events, and are then forgotten. */
const KEEP_SECONDS = 400 * 24 * 3600;

interface Row {
  readonly sk: string;
  readonly total: number;
}

export function createCounters({
  table,
  client,
  budgetMs,
}: {
  table: string;
  client: DynamoDBDocumentClient;
  /** Most milliseconds of one request. */
  budgetMs?: number;
}): Counters {
  const call = dynamoCalls(budgetMs);
  let pending = new Map<string, { pk: string; sk: string; count: number; hour: number }>();

  function add(pk: string, hour: number, name: string, count: number): void {
    const sk = `${String(hour).padStart(14, "0")}#${name}`;
    const key = `${pk} ${sk}`;
    const entry = pending.get(key) ?? { pk, sk, count: 0, hour };
    pending.set(key, { ...entry, count: entry.count + count });
  }

  async function write({
    pk,
    sk,
    count,
    hour,
  }: {
    pk: string;
    sk: string;
    count: number;
    hour: number;
  }): Promise<void> {
    await call("dynamodb.update", (options) =>
      client.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk, sk },
          UpdateExpression: "ADD #total :count SET #ttl = :ttl",
          ExpressionAttributeNames: { "#total": "total", "#ttl": "ttl" },
          ExpressionAttributeValues: { ":count": count, ":ttl": Math.ceil(hour / 1000) + KEEP_SECONDS },
        }),
        options,
      ),
    );
  }

  async function read(pk: string, from: number, to: number): Promise<{ hour: number; name: string; count: number }[]> {
    const rows: Row[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const page = await call("dynamodb.query", (options) =>
        client.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
            ExpressionAttributeValues: {
              ":pk": pk,
              ":from": String(from).padStart(14, "0"),
              // "#" comes before every digit, so this ends before the first row of `to`.
              ":to": String(to).padStart(14, "0"),
            },
            ...(start && { ExclusiveStartKey: start }),
          }),
          options,
        ),
      );
      rows.push(...((page.Items ?? []) as Row[]));
      start = page.LastEvaluatedKey;
    } while (start);
    return rows.map(({ sk, total }) => {
      const [hour = "", name = ""] = sk.split("#");
      return { hour: Number(hour), name, count: total };
    });
  }

  return {
    accept(project, receivedAt, events) {
      add(`accepted:${project}`, hourOf(receivedAt), "events", events);
    },
    count({ project, reason, events, at }) {
      // Refusals of no known project share a row: made-up ids must not make rows.
      add(`refused:${project ?? ""}`, hourOf(at), reason, events);
    },
    async flush() {
      const batch = [...pending.values()];
      pending = new Map();
      const results = await Promise.allSettled(batch.map(write));
      for (const [i, result] of results.entries()) {
        const entry = batch[i];
        if (result.status === "fulfilled" || !entry) continue;
        console.error(`A count of ${entry.pk} could not be written: ${String(result.reason)}`);
        add(entry.pk, entry.hour, entry.sk.split("#")[1] ?? "", entry.count);
      }
    },
    async accepted(project, from, to) {
      return (await read(`accepted:${project}`, from, to)).map(({ hour, count }) => ({ hour, count }));
    },
    async refused(project, from, to) {
      return (await read(`refused:${project}`, from, to)).map(({ hour, name, count }) => ({
        hour,
        reason: name,
        count,
      }));
    },
  };
}
