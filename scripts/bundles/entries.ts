import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** A function that the stacks deploy. */
export interface Entry {
  /** File name without its ending, such as `ingest`. */
  readonly name: string;
  /** Path from the repository's root. */
  readonly file: string;
}

const HANDLER = /"(packages\/functions\/src\/([\w-]+))\.handler"/g;

/** The functions that these stack files name, by name. The stacks decide what is deployed, so a list of its own could forget one. */
export function entriesIn(sources: readonly string[]): Entry[] {
  const found = sources.flatMap((source) => [...source.matchAll(HANDLER)]);
  const byName = new Map(found.map(([, path = "", name = ""]) => [name, { name, file: `${path}.ts` }]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @param root the repository's root @throws Error when no stack names a function */
export async function findEntries(root: string): Promise<Entry[]> {
  const folder = join(root, "stacks");
  const files = (await readdir(folder)).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  const entries = entriesIn(await Promise.all(files.map((file) => readFile(join(folder, file), "utf8"))));
  if (entries.length === 0) throw new Error(`No file of ${folder} names a function.`);
  return entries;
}
