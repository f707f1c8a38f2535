import { DatabaseSync } from "node:sqlite";
import { hourOf, type RefusalCounts, type RefusedRow } from "@millrace/core";

/** Refusals of no known project share one row per reason and hour. */
const NO_PROJECT = "";

/** Refused counts in one SQLite file. They are not flushed to the disk one by one: a power cut may cost the last few. */
export function createSqliteRefusals({ path }: { path: string }): RefusalCounts {
  const db = new DatabaseSync(path);
  db.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
  db.exec(`CREATE TABLE IF NOT EXISTS refused (
    project TEXT NOT NULL, hour INTEGER NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (project, hour, reason)
  ) STRICT, WITHOUT ROWID`);
  const add = db.prepare(
    "INSERT INTO refused VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = refused.count + excluded.count",
  );
  const read = db.prepare(
    "SELECT hour, reason, count FROM refused WHERE project = ? AND hour >= ? AND hour < ? ORDER BY hour, reason",
  );
  return {
    count({ project, reason, events, at }) {
      try {
        add.run(project ?? NO_PROJECT, hourOf(at), reason, events);
      } catch {
        // A full disk must not turn a clear 4xx into a 500: the counter is the lesser loss.
      }
    },
    async refused(project, from, to) {
      return read.all(project ?? NO_PROJECT, from, to) as unknown as RefusedRow[];
    },
    async close() {
      db.close();
    },
  };
}
