import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { PATTERNS_FILE, patternsOfUapCore } from "./uap-core.ts";

test("the patterns of keen:ua_parser are those of the installed uap-core (else: node scripts/uap-core.ts)", async () => {
  expect((await readFile(PATTERNS_FILE, "utf8")) === (await patternsOfUapCore())).toBe(true);
});
