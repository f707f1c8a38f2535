import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A static import of a file beside it, in what esbuild writes; `import("./x.mjs")` is none. */
const STATIC = /(?:\bfrom|\bimport)\s*"(\.\/[^"]+)"/g;

/**
 * The code that Node reads before a handler can be called: its file and what that imports at once, and so on. What is imported when it
 * is needed lies beside it and costs a cold start nothing.
 * @returns text by path
 */
export async function startFiles(file: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const waiting = [file];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    const code = await readFile(path, "utf8");
    found.set(path, code);
    for (const [, beside = ""] of code.matchAll(STATIC)) waiting.push(join(dirname(path), beside));
  }
  return found;
}
