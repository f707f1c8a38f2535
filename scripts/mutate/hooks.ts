// Preloaded into the process that runs the tests, and with it into its worker threads: gives them the instrumented code, and the tests
// our own `test` and `describe`.
import crypto from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes, syncBuiltinESMExports } from "node:module";
import { isMainThread } from "node:worker_threads";
import { CODE_VARIABLE, switchboard, TEST_VARIABLE, THREADS_VARIABLE } from "./switchboard.ts";

declare global {
  var millraceLoading:
    | {
        /** Above 0: the modules of ours that are imported now are loaded anew, unless this generation has them. */
        generation: number;
        /** Which are, by URL; none: all of them. The others are shared with those that were loaded first. */
        anew?: ReadonlySet<string> | undefined;
        /** Which modules a module imports, by URL: the way from a test file to the code it tests. */
        readonly imports: Map<string, Set<string>>;
      }
    | undefined;
}

const QUICK = 2 ** 8;
const COLLECTING = new URL("./collecting.ts", import.meta.url).href;
const HERE = new URL(".", import.meta.url).href;
const code = JSON.parse(readFileSync(process.env[CODE_VARIABLE] ?? "", "utf8")) as Record<string, string>;
const loading: NonNullable<typeof globalThis.millraceLoading> = (globalThis.millraceLoading ??= {
  generation: 0,
  imports: new Map(),
});
const stripped = new Map<string, string>();

registerHooks({
  resolve(specifier, context, next) {
    const from = context.parentURL;
    const isTests = from !== undefined && !from.startsWith(HERE) && !from.includes("/node_modules/");
    if (specifier === "vitest" && isTests) return { url: COLLECTING, shortCircuit: true };
    const resolved = next(specifier, context);
    const isOurs =
      resolved.url.startsWith("file:") && !resolved.url.includes("/node_modules/") && !resolved.url.startsWith(HERE);
    if (!isOurs) return resolved;
    if (from !== undefined) loading.imports.set(from, (loading.imports.get(from) ?? new Set()).add(resolved.url));
    const isAnew = loading.generation > 0 && (loading.anew?.has(resolved.url) ?? true);
    return isAnew ? { ...resolved, url: `${resolved.url}?generation=${loading.generation}` } : resolved;
  },
  load(url, context, next) {
    const file = url.replace(/\?generation=\d+$/, "");
    if (file === url && code[file] === undefined) return next(url, context);
    if (!file.endsWith(".ts")) return next(file, context);
    return { format: "module", source: strippedOf(file), shortCircuit: true };
  },
});

/** Types are taken out once, not for each generation. */
function strippedOf(file: string): string {
  const known = stripped.get(file);
  if (known !== undefined) return known;
  const source = stripTypeScriptTypes(code[file] ?? readFileSync(new URL(file), "utf8"));
  stripped.set(file, source);
  return source;
}

// That a password is slow to check is for whoever guesses: here most of the time of access went there.
const { scrypt } = crypto;
crypto.scrypt = ((...[password, salt, length, options, done]: Parameters<typeof scrypt>) =>
  scrypt(password, salt, length, { ...options, N: QUICK }, done)) as typeof scrypt;
syncBuiltinESMExports();

if (!isMainThread) {
  const test = (switchboard.currentTestId = process.env[TEST_VARIABLE]);
  process.once("exit", () => {
    const hits = { ...switchboard.mutantCoverage?.perTest[test ?? ""], ...switchboard.mutantCoverage?.static };
    if (test !== undefined) appendFileSync(process.env[THREADS_VARIABLE] ?? "", `${JSON.stringify({ test, hits })}\n`);
  });
}
