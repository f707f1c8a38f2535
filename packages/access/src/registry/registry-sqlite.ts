import { DatabaseSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock, PutOptions, Registry, RegistryClaim, RegistryItem, RegistryKey } from "@millrace/core";
import { systemClock } from "../system.ts";
import { isBusy, whenFree } from "./when-free.ts";

export interface SqliteRegistryOptions {
  /** File of the database, or `:memory:`. Several processes may open the same file. */
  readonly path: string;
  readonly clock?: Clock;
  /**
   * `full` (default): a put that answered true survives a power cut. `relaxed`: it survives a killed process but not a power
   * cut, and costs no disk flush: for what may be lost, such as visits.
   */
  readonly durability?: "full" | "relaxed";
  /** What is deleted is overwritten, and leaves the file and its log before `delete` resolves. Slow: for salts. */
  readonly erasing?: boolean;
}

interface Row {
  pk: string;
  sk: string;
  value: string;
  version: number;
  expires_at: number | null;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS items (
    pk TEXT NOT NULL, sk TEXT NOT NULL, value TEXT NOT NULL, version INTEGER NOT NULL, expires_at INTEGER,
    PRIMARY KEY (pk, sk)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS items_by_expiry ON items (expires_at) WHERE expires_at IS NOT NULL;`;

/** SQLite's word for a list without an end. */
const ALL = -1;

/** While the file is opened nobody else is served yet, milliseconds. */
const OPENING_MS = 5_000;

/**
 * Claims of one transaction: some five milliseconds of this thread, and one flush of the disk for all of them. Each claim stands by
 * itself, so those of one call need not be one transaction.
 */
const CLAIMS_AT_ONCE = 200;

/** Every so many writes the expired items are thrown out: often enough that visits do not pile up, too rarely to be felt. */
const PURGE_EVERY_WRITES = 1_000;

/** The registry in one SQLite file: what DynamoDB is on AWS. See {@link Registry} for the contract. */
export function createSqliteRegistry({
  path,
  clock = systemClock,
  durability = "full",
  erasing = false,
}: SqliteRegistryOptions): Registry {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA busy_timeout = ${OPENING_MS}; PRAGMA journal_mode = WAL;`);
  db.exec(`PRAGMA synchronous = ${durability === "full" ? "FULL" : "NORMAL"};`);
  if (erasing) db.exec("PRAGMA secure_delete = ON;");
  db.exec(SCHEMA);
  const selectOne = db.prepare(
    "SELECT * FROM items WHERE pk = ? AND sk = ? AND (expires_at IS NULL OR expires_at > ?)",
  );
  // The prefix is compared by substr and not by LIKE or a range: sort keys hold any character, wildcards included.
  const selectMany = db.prepare(
    "SELECT * FROM items WHERE pk = ? AND sk >= ? AND substr(sk, 1, length(?)) = ? AND (expires_at IS NULL OR expires_at > ?) ORDER BY sk",
  );
  const selectFrom = db.prepare(
    "SELECT * FROM items WHERE pk = ? AND sk >= ? AND (expires_at IS NULL OR expires_at > ?) ORDER BY sk LIMIT ?",
  );
  const upsert = `INSERT INTO items (pk, sk, value, version, expires_at) VALUES (:pk, :sk, :value, 1, :expires)
    ON CONFLICT (pk, sk) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at,
      version = CASE WHEN items.expires_at <= :now THEN 1 ELSE items.version + 1 END`;
  const putAlways = db.prepare(upsert);
  const putAbsent = db.prepare(`${upsert} WHERE items.expires_at <= :now`);
  const putOver = db.prepare(
    `UPDATE items SET value = :value, expires_at = :expires, version = version + 1
      WHERE pk = :pk AND sk = :sk AND version = :version AND (expires_at IS NULL OR expires_at > :now)`,
  );
  const remove = db.prepare("DELETE FROM items WHERE pk = ? AND sk = ?");
  const purge = db.prepare("DELETE FROM items WHERE expires_at <= ?");
  purge.run(clock.now());
  // From here on SQLite waits for nobody: it would stand in this thread, and everybody with it.
  db.exec("PRAGMA busy_timeout = 0;");
  let writes = 0;
  const countWrites = (count: number, now: number): void => {
    writes += count;
    if (writes < PURGE_EVERY_WRITES) return;
    try {
      purge.run(now);
      writes = 0;
    } catch (error) {
      // What was written is written. The next write tries again.
      if (!isBusy(error)) throw error;
    }
  };
  // One transaction is one flush of the disk, however many they are; nothing is awaited within, so no other call gets into it.
  const transaction = <T>(work: () => T): T => {
    db.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      db.exec("COMMIT");
      return result;
    } catch (error) {
      if (db.isTransaction) db.exec("ROLLBACK");
      throw error;
    }
  };

  return {
    async get<T>({ partition, sort }: RegistryKey) {
      const row = selectOne.get(partition, sort, clock.now()) as unknown as Row | undefined;
      return row && itemOf<T>(row);
    },
    async list<T>(partition: string, prefix = "") {
      const rows = selectMany.all(partition, prefix, prefix, prefix, clock.now()) as unknown as Row[];
      return rows.map((row) => itemOf<T>(row));
    },
    async listFrom<T>(partition: string, from: string, limit = ALL) {
      const rows = selectFrom.all(partition, from, clock.now(), limit) as unknown as Row[];
      return rows.map((row) => itemOf<T>(row));
    },
    async put<T>(key: RegistryKey, value: T, options: PutOptions = {}) {
      const now = clock.now();
      const fields = {
        pk: key.partition,
        sk: key.sort,
        value: JSON.stringify(value),
        expires: options.expiresAt === undefined ? null : Math.trunc(options.expiresAt),
        now,
      };
      const condition = options.if;
      const { changes } = await whenFree(() => {
        if (condition === undefined) return putAlways.run(fields);
        return condition === "absent" ? putAbsent.run(fields) : putOver.run({ ...fields, version: condition });
      });
      countWrites(1, now);
      return changes === 1;
    },
    async claimMany<T>(claims: readonly RegistryClaim<T>[]) {
      const now = clock.now();
      const claimOne = ({ key: { partition, sort }, value, expiresAt }: RegistryClaim<T>): T => {
        const fields = { pk: partition, sk: sort, value: JSON.stringify(value), expires: Math.trunc(expiresAt), now };
        if (putAbsent.run(fields).changes === 1) return value;
        const { value: owner } = selectOne.get(partition, sort, now) as unknown as Row;
        return JSON.parse(owner) as T;
      };
      const owners: T[] = [];
      while (owners.length < claims.length) {
        const some = claims.slice(owners.length, owners.length + CLAIMS_AT_ONCE);
        owners.push(...(await whenFree(() => transaction(() => some.map(claimOne)))));
        countWrites(some.length, now);
        await nextTurn();
      }
      return owners;
    },
    async delete({ partition, sort }: RegistryKey) {
      await whenFree(() => remove.run(partition, sort));
      if (erasing) await whenFree(() => db.exec("PRAGMA wal_checkpoint(TRUNCATE);"));
    },
    async close() {
      db.close();
    },
  };
}

function itemOf<T>(row: Row): RegistryItem<T> {
  return {
    key: { partition: row.pk, sort: row.sk },
    value: JSON.parse(row.value) as T,
    version: row.version,
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
  };
}
