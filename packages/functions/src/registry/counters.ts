import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { QueryCommand, UpdateCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { dynamoCalls } from "@millrace/access";
import type { Arrival } from "@millrace/collector";
import {
  HOUR_MS,
  hourOf,
  type ArrivalsRow,
  type Clock,
  type OutcomesQuery,
  type RefusalCounter,
  type RefusedRow,
  type StartsRow,
} from "@millrace/core";

/**
 * Counts per project and hour in the registry's table: what was accepted, the ledger's side of ingest, and what was refused. Each
 * process keeps a running total per count in an item of its own and sets it, never adds to it: writing one twice, late, or after an
 * answer that was lost changes nothing. The sum over the processes is the count.
 */
export interface Counters extends RefusalCounter {
  /** Notes events that the queue has acknowledged. */
  accept(project: string, receivedAt: number, events: number): void;
  /**
   * Sees to it that the totals that changed are written, once a second at most; returns at once and never throws. A process that is
   * frozen meanwhile goes on with its next request, and totals that could not be written are part of the next write.
   */
  spill(): void;
  /** Writes the totals that changed, now. What cannot be written is left for the next time. */
  flush(): Promise<void>;
  accepted(project: string, from: number, to: number): Promise<StartsRow[]>;
  /**
   * Notes the running totals of messages of which not every event was stored: what is not stored cannot tell of its instance. An
   * instance may have ended before it wrote these totals itself.
   */
  noteArrivals(arrivals: readonly Arrival[]): Promise<void>;
  /** The newest totals so noted, for hours that start in [from, to), milliseconds UTC. */
  arrivals(query: OutcomesQuery): Promise<ArrivalsRow[]>;
  /** @param project undefined: what was refused of no known project */
  refused(project: string | undefined, from: number, to: number): Promise<RefusedRow[]>;
  /**
   * Replaces the totals of the processes in one hour by their sum, for good. Only for an hour that is settled: what a process still
   * wrote there would not be counted any more.
   */
  settle(project: string, hour: number, accepted: number): Promise<void>;
}

export interface CountersOptions {
  readonly table: string;
  readonly client: DynamoDBDocumentClient;
  readonly clock: Clock;
  /** Names this process among all that ever ran. */
  readonly instance: string;
  /** Most milliseconds of one request. */
  readonly budgetMs?: number;
}

/** The totals of single processes are kept this long: until long after their hour was settled into one sum, which is kept for ever. */
const INSTANCE_KEEP_SECONDS = 60 * 24 * 3600;
/** Refusals are no part of the balance: they are kept as long as anybody looks at them. */
const REFUSED_KEEP_SECONDS = 400 * 24 * 3600;
const SPILL_MS = 1_000;
/** In place of a process's name, in the item that holds the sum of a settled hour. */
const SETTLED = "";

interface Total {
  readonly pk: string;
  readonly sk: string;
  readonly hour: number;
  count: number;
  written: number;
}

interface Row {
  readonly hour: number;
  readonly name: string;
  readonly instance: string;
  readonly count: number;
}

export function createCounters({ table, client, clock, instance, budgetMs }: CountersOptions): Counters {
  const call = dynamoCalls(budgetMs);
  const totals = new Map<string, Total>();
  let spilledAt = -Infinity;
  let later: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;

  function add(pk: string, hour: number, name: string, count: number): void {
    const sk = sortOf(hour, name, instance);
    const key = `${pk} ${sk}`;
    const total = totals.get(key) ?? { pk, sk, hour, count: 0, written: 0 };
    total.count += count;
    totals.set(key, total);
  }

  async function set(total: Pick<Total, "pk" | "sk">, count: number, ttl: number | undefined): Promise<void> {
    const expiry = ttl === undefined ? "" : ", #ttl = :ttl";
    const update = new UpdateCommand({
      TableName: table,
      Key: { pk: total.pk, sk: total.sk },
      UpdateExpression: `SET #total = :count${expiry}`,
      // An earlier write may arrive after a later one.
      ConditionExpression: "attribute_not_exists(#total) OR #total < :count",
      ExpressionAttributeNames: { "#total": "total", ...(ttl !== undefined && { "#ttl": "ttl" }) },
      ExpressionAttributeValues: { ":count": count, ...(ttl !== undefined && { ":ttl": ttl }) },
    });
    await call("dynamodb.update", (options) => client.send(update, options)).catch((thrown: unknown) => {
      if (!(thrown instanceof ConditionalCheckFailedException)) throw thrown;
    });
  }

  async function write(): Promise<void> {
    const changed = [...totals.values()].filter(({ count, written }) => count > written);
    await Promise.allSettled(
      changed.map(async (total) => {
        const { count, hour, pk } = total;
        await set(total, count, ttlOf(hour, pk.startsWith("refused:") ? REFUSED_KEEP_SECONDS : INSTANCE_KEEP_SECONDS));
        total.written = count;
      }),
    );
    // A process lives for days and many tenants pass through it: what is over and written is no longer needed. Of the hour before,
    // requests may still be under way; a total begun anew for them would be smaller than the one in the table, and not be set.
    const oldest = hourOf(clock.now()) - HOUR_MS;
    for (const [key, { hour, count, written }] of totals) if (hour < oldest && count === written) totals.delete(key);
  }

  /** One write after the other, so that a slow registry is not asked the same thing many times over. */
  function writeOnce(): Promise<void> {
    writing ??= write().finally(() => (writing = undefined));
    return writing;
  }

  async function flush(): Promise<void> {
    // What runs already may have begun before the last count.
    await writing;
    await writeOnce();
  }

  function spillNow(): void {
    clearTimeout(later);
    later = undefined;
    spilledAt = clock.now();
    void flush();
  }

  async function read(pk: string, from: number, to: number): Promise<Row[]> {
    const rows: { readonly sk: string; readonly total: number }[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const query = new QueryCommand({
        TableName: table,
        KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
        // "#" comes before every digit, so this ends before the first row of `to`.
        ExpressionAttributeValues: { ":pk": pk, ":from": digits(from), ":to": digits(to) },
        ...(start && { ExclusiveStartKey: start }),
      });
      const page = await call("dynamodb.query", (options) => client.send(query, options));
      rows.push(...((page.Items ?? []) as typeof rows));
      start = page.LastEvaluatedKey;
    } while (start);
    return rows.map(({ sk, total }) => {
      const [hour = "", name = "", writer = SETTLED] = sk.split("#");
      return { hour: Number(hour), name, instance: writer, count: total };
    });
  }

  return {
    accept(project, receivedAt, events) {
      add(`accepted:${project}`, hourOf(receivedAt), ACCEPTED, events);
    },
    count({ project, reason, events, at }) {
      // Refusals of no known project share a row: made-up ids must not make rows.
      add(`refused:${project ?? ""}`, hourOf(at), reason, events);
    },
    spill() {
      const wait = spilledAt + SPILL_MS - clock.now();
      if (wait > 0) {
        // Nothing may come after this one for a long time.
        later ??= setTimeout(spillNow, wait).unref();
        return;
      }
      spillNow();
    },
    flush,
    async accepted(project, from, to) {
      const byHour = Map.groupBy(await read(`accepted:${project}`, from, to), ({ hour }) => hour);
      return [...byHour].flatMap(([hour, its]): StartsRow[] => {
        const settled = its.find((row) => row.instance === SETTLED);
        if (settled) return [{ hour, count: settled.count }];
        return its.map((row) => ({ hour, count: row.count, instance: row.instance }));
      });
    },
    async noteArrivals(arrivals) {
      await Promise.all(
        arrivals.map(({ project, hour, instance: from, accepted }) =>
          set({ pk: `arrived:${project}`, sk: sortOf(hour, ACCEPTED, from) }, accepted, ttlOf(hour)),
        ),
      );
    },
    async arrivals({ project, from, to }) {
      const rows = await read(`arrived:${project}`, from, to);
      return rows.map(({ hour, instance: of, count }) => ({ hour, instance: of, accepted: count }));
    },
    async refused(project, from, to) {
      const rows = await read(`refused:${project ?? ""}`, from, to);
      return rows.map(({ hour, name, count }) => ({ hour, reason: name, count }));
    },
    settle: (project, hour, accepted) =>
      set({ pk: `accepted:${project}`, sk: sortOf(hour, ACCEPTED, SETTLED) }, accepted, undefined),
  };
}

const ACCEPTED = "events";

function ttlOf(hour: number, keepSeconds: number = INSTANCE_KEEP_SECONDS): number {
  return Math.ceil(hour / 1000) + keepSeconds;
}

function sortOf(hour: number, name: string, instance: string): string {
  return `${digits(hour)}#${name}#${instance}`;
}

/** As wide as every time of this epoch, so that text sorts as time does. */
function digits(ms: number): string {
  return String(ms).padStart(14, "0");
}
