import { createHash, createHmac } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { firstLines } from "./lines.ts";

/**
 * How many first lines tell one stream of lines from another. So many lines are never equal in two places: their times and
 * addresses are those of different visitors.
 */
const TELLING_LINES = 64;

/** A stream that was imported before: its name in ids, and hashes of its first line, first two lines, and so on. */
interface KnownStream {
  readonly id: string;
  readonly prefixes: readonly string[];
}

/**
 * Tells which stream of lines a file is, so that the same file again (grown, renamed, rotated away, packed) gives its events the
 * same ids, and equal lines of two servers, sites or files do not. Two files are one stream when one begins as the other does,
 * as far as both go, at most for {@link TELLING_LINES} lines; a file of at least so many is known by them alone, on any
 * machine. Shorter ones that may grow are remembered in a file.
 *
 * Ids are keyed: whoever can only read events must not be able to try addresses until one gives the id.
 *
 * @param memory the file that remembers the streams of one target
 * @param key a secret of the target: its key
 */
export async function openStreams(
  memory: string,
  key: string,
): Promise<(file: string, site: string) => Promise<string>> {
  const known = await remembered(memory);

  return async (file, site) => {
    const prefixes = prefixesOf(await firstLines(file, TELLING_LINES), site);
    const last = prefixes.at(-1);
    if (last === undefined) return "empty";
    const found = known.find((stream) => isSame(stream.prefixes, prefixes));
    const id = found?.id ?? createHmac("sha256", key).update(last).digest("base64url").slice(0, 16);
    if (found === undefined || found.prefixes.length < prefixes.length) {
      if (found !== undefined) known.splice(known.indexOf(found), 1);
      known.push({ id, prefixes });
      await mkdir(dirname(memory), { recursive: true });
      await writeFile(`${memory}.new`, JSON.stringify(known), { mode: 0o600 });
      await rename(`${memory}.new`, memory);
    }
    return id;
  };
}

/** Each hash covers all lines up to its own. */
function prefixesOf(lines: readonly string[], site: string): string[] {
  let sum = createHash("sha256").update(site).digest("base64url");
  return lines.map((line) => (sum = createHash("sha256").update(`${sum}\n${line}`).digest("base64url")));
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  const shared = Math.min(a.length, b.length) - 1;
  return a[shared] === b[shared];
}

async function remembered(memory: string): Promise<KnownStream[]> {
  try {
    return JSON.parse(await readFile(memory, "utf8")) as KnownStream[];
  } catch (error) {
    // Without a memory only short files that have grown are affected; one that cannot be read must not be taken for an empty one.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
