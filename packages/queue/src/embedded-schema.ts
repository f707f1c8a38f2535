import { DatabaseSync } from "node:sqlite";

/** Raised when the tables change; a file of another version is refused, never guessed at. */
const SCHEMA_VERSION = 1;

// Bodies live apart: a claim rewrites a short row instead of up to 1 MiB. AUTOINCREMENT never gives a number twice, so a stale
// receipt cannot delete a message that came later. A dead message keeps its row, with the time of its death.
const SCHEMA = `
CREATE TABLE message (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  project TEXT NOT NULL,
  sent_at INTEGER NOT NULL,
  visible_at INTEGER NOT NULL,
  receive_count INTEGER NOT NULL DEFAULT 0,
  deliveries INTEGER NOT NULL DEFAULT 0,
  hour INTEGER NOT NULL,
  events INTEGER NOT NULL,
  dead_at INTEGER
) STRICT;
CREATE INDEX message_live ON message (project, visible_at, seq) WHERE dead_at IS NULL;
CREATE INDEX message_dead ON message (project, hour, events) WHERE dead_at IS NOT NULL;
CREATE TABLE body (seq INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
CREATE TABLE accepted (
  project TEXT NOT NULL,
  hour INTEGER NOT NULL,
  events INTEGER NOT NULL,
  PRIMARY KEY (project, hour)
) STRICT, WITHOUT ROWID;
PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * Opens the queue file, creating it when missing, for this process alone.
 * @throws Error whose message a person can act on: in use, damaged, not a queue, no such folder.
 */
export function openQueueFile(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    // One owner: a second process would hand out the same messages from its own idea of who is last in turn. The lock ends
    // with the process, however that ends. FULL syncs the log on every commit, which is what "accepted" means.
    database.exec(
      "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864;",
    );
    const version = database.prepare("PRAGMA user_version").get()?.["user_version"];
    if (version === 0) {
      database.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT;`);
    } else if (version !== SCHEMA_VERSION) {
      throw new Error(`The queue file ${path} has version ${String(version)}; this program reads ${SCHEMA_VERSION}.`);
    }
    return database;
  } catch (error) {
    database?.close();
    throw explain(error, path);
  }
}

/** Result codes of SQLite, https://www.sqlite.org/rescode.html; the low byte is the primary code. */
const REASONS: Readonly<Record<number, string>> = {
  5: "is in use by another process. Stop that one first, or give this one a data folder of its own.",
  8: "cannot be written: check its permissions.",
  11: "is damaged. Keep a copy of it, move it away and start again with an empty queue.",
  13: "cannot grow: the disk is full.",
  14: "cannot be opened: check that its folder exists and may be written.",
  26: "is not a queue file. Move it away and start again.",
};

function explain(error: unknown, path: string): unknown {
  const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : undefined;
  const reason = code === undefined ? undefined : REASONS[code];
  return reason === undefined ? error : new Error(`The queue file ${path} ${reason}`, { cause: error });
}
