import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Says that a folder was made for OpenSearch by us, so that a start may write into it and change owners in it. */
const MARKER = ".millrace-opensearch";

/** A folder for the data of a node. */
export interface DataFolder {
  /** Absolute. */
  readonly path: string;
  /** True when it was empty or did not exist, so nothing in it is anybody else's. */
  readonly isNew: boolean;
}

/**
 * Makes the folder when it is missing, and marks it as ours. A folder that holds anything else is refused: `--data .` must not
 * turn somebody's repository into a data folder.
 * @throws Error in one line for the person who named the folder
 */
export function openDataFolder(name: string): DataFolder {
  const path = resolve(name);
  makeFolder(path);
  const entries = attempt(`${path} cannot be read`, () => readdirSync(path));
  if (entries.includes(MARKER)) return { path, isNew: false };
  if (entries.length > 0) {
    const marker = join(path, MARKER);
    throw new Error(
      `${path} is not empty and not a folder that OpenSearch was started in, so nothing in it is touched. Name a new or an empty folder. (If it is one from before this check: touch ${marker})`,
    );
  }
  attempt(`${path} cannot be written to`, () =>
    writeFileSync(join(path, MARKER), "Data of an OpenSearch node, started by `npm run opensearch`.\n"),
  );
  return { path, isNew: true };
}

/**
 * One level after the other: Node's recursive mkdir never returns where a parent exists but takes no folders (/proc), and names
 * neither the file in the way nor the parent that is closed.
 */
function makeFolder(path: string): void {
  const found = attempt(`${path} cannot be reached`, () => statSync(path, { throwIfNoEntry: false }));
  if (found?.isDirectory()) return;
  if (found) throw new Error(`${path} is a file, not a folder.`);
  makeFolder(dirname(path));
  attempt(`${path} cannot be made`, () => mkdirSync(path));
}

function attempt<T>(problem: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    const reason = code === "EACCES" || code === "EPERM" ? `no permission (${code})` : code;
    throw new Error(`${problem}: ${reason}.`, { cause });
  }
}
