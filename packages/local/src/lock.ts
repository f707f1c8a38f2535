import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";

/** Held while a server uses a data folder. The system lets go of it even after kill -9, so it is never stale. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes the data folder for this process. A SQLite transaction is the lock: DuckDB's own lock comes later and its message would
 * name a file instead of the other server.
 * @throws Error saying that another server uses the folder
 */
export function lockFolder(folder: string): FolderLock {
  const database = new DatabaseSync(join(folder, "lock.sqlite"));
  try {
    database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE;");
  } catch (cause) {
    database.close();
    throw new Error(
      `Another Millrace is running on the data in ${folder}. Stop it first, or start this one on other data: MILLRACE_DATA=other-folder npm start`,
      { cause },
    );
  }
  return { release: () => database.close() };
}
