import { readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeFolder, orSay } from "../../packages/local/src/make-folder.ts";

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
  const entries = orSay(`${path} cannot be read`, () => readdirSync(path));
  if (entries.includes(MARKER)) return { path, isNew: false };
  if (entries.length > 0) {
    const marker = join(path, MARKER);
    throw new Error(
      `${path} is not empty and not a folder that OpenSearch was started in, so nothing in it is touched. Name a new or an empty folder. (If it is one from before this check: touch ${marker})`,
    );
  }
  orSay(`${path} cannot be written to`, () =>
    writeFileSync(join(path, MARKER), "Data of an OpenSearch node, started by `npm run opensearch`.\n"),
  );
  return { path, isNew: true };
}
