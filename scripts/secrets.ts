// No file under version control holds a secret of a kind that can be told by its form: keys of clouds and services, private keys,
// passwords in addresses. What only looks like one is put together in the code that needs it.
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { findSecrets } from "./secrets/find.ts";

/** Larger ones are data of tests, compressed or made by machines. */
const MOST_BYTES = 1_000_000;
const BINARY = "\u0000";

const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
const paths = execFileSync("git", list, { encoding: "utf8" }).split("\0");
let count = 0;
for (const path of paths.filter((each) => each !== "" && isFile(each))) {
  const content = readFileSync(path, "utf8");
  if (content.includes(BINARY)) continue;
  const found = await findSecrets(path, content);
  for (const { line, message } of found) console.error(`${path}:${line}: ${message}`);
  count += found.length;
}
if (count > 0) process.exit(1);

/** What was deleted and is not yet committed is listed still. */
function isFile(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.size <= MOST_BYTES;
}
