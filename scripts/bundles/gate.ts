import { isBuiltin } from "node:module";
import type { Contents } from "./contents.ts";

/** Most bytes that are read at a start, minified: above it reading and compiling the code shows in every cold start. */
export const MAX_BYTES = 1_500_000;

/** What Lambda must never load, by a part of its path, and why. */
const UNWANTED: readonly (readonly [part: string, why: string])[] = [
  ["node:sqlite", "the one-machine registry and queue"],
  ["@duckdb/", "the one-machine store"],
  ["packages/local/", "the one-machine server"],
  ["packages/store-duckdb/", "the one-machine store"],
  ["packages/queue/src/embedded", "the one-machine queue"],
  ["packages/client/", "the browser's code"],
  ["node_modules/vite/", "a build tool"],
  ["node_modules/esbuild/", "a build tool"],
  ["node_modules/playwright", "a test tool"],
  ["/testing", "help for tests"],
];

/** Asked for inside a `try` and done without: `debug`, which the OpenSearch client brings, would colour a terminal with it. */
const OPTIONAL = new Set(["supports-color"]);

/** What is wrong with a bundle, in words; empty when nothing is. */
export function problemsOf(bytes: number, { files, outside }: Pick<Contents, "files" | "outside">): string[] {
  const unwanted = [...files, ...outside].flatMap((path) =>
    UNWANTED.filter(([part]) => path.includes(part)).map(([, why]) => `${path} is in it: ${why}`),
  );
  const native = files.filter((file) => file.endsWith(".node")).map((file) => `${file} is native code`);
  // Only what Node itself brings is there when the function runs: nothing is installed beside a bundle.
  const missing = outside
    .filter((path) => !isBuiltin(path) && !OPTIONAL.has(path))
    .map((path) => `${path} is expected from outside`);
  const tooLarge = bytes > MAX_BYTES ? [`it has ${bytes} bytes; at most ${MAX_BYTES} are allowed`] : [];
  return [...tooLarge, ...unwanted, ...native, ...missing];
}
