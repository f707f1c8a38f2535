import { hourOf, type AcceptedRow, type Queue } from "@millrace/core";
import { DatabaseSync } from "node:sqlite";

/** Ingest's side of the ledger for a queue that does not keep it itself (SQS): events sent, by project and hour of receipt. */
export interface AcceptedCounts {
  /** The same queue; each successful send is counted. */
  counting(queue: Queue): Queue;
  read(project: string, from: number, to: number): Promise<AcceptedRow[]>;
  close(): void;
}

/**
 * Counts in one SQLite file. A crash between SQS's acknowledgement and the count shows as more ends than starts in the ledger:
 * visible, and on the safe side. (The embedded queue has no such gap: it counts in the transaction of the send.)
 */
export function openAcceptedCounts(path: string): AcceptedCounts {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  database.exec(`CREATE TABLE IF NOT EXISTS accepted (
    project TEXT NOT NULL, hour INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (project, hour)
  ) STRICT, WITHOUT ROWID`);
  const add = database.prepare(
    "INSERT INTO accepted VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = accepted.count + excluded.count",
  );
  const read = database.prepare(
    "SELECT hour, count FROM accepted WHERE project = ? AND hour >= ? AND hour < ? ORDER BY hour",
  );
  return {
    counting: (queue) => ({
      ...queue,
      async send(message) {
        await queue.send(message);
        add.run(message.group, hourOf(message.accepted.receivedAt), message.accepted.events);
      },
    }),
    async read(project, from, to) {
      return read.all(project, from, to) as unknown as AcceptedRow[];
    },
    close: () => database.close(),
  };
}
