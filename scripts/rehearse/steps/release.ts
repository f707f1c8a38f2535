import { readFile } from "node:fs/promises";
import { join } from "node:path";

const FILE = "release.json";

/** What the last release was: what production runs on when this tree is deployed. */
export interface Release {
  readonly version: string;
  /** The whole id. */
  readonly commit: string;
}

/** Reads `release.json`, which whoever makes a release writes (docs/rehearsal.md). @throws Error when it names no commit */
export async function lastRelease(root: string): Promise<Release> {
  const { version, commit } = JSON.parse(await readFile(join(root, FILE), "utf8")) as Partial<Release>;
  if (version === undefined || commit === undefined || !/^[0-9a-f]{40}$/.test(commit))
    throw new Error(`${FILE} must name a version and the 40 digits of its commit.`);
  return { version, commit };
}
