import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { buildTracker } from "../build.ts";

/**
 * Bytes. Every visitor of every customer's site downloads this file: what grows it must be worth that. The last quarter of a kilobyte is
 * what keeps events through an outage, counts those that had to go, and says what was refused.
 */
const BUDGET = { brotli: 2816, gzip: 3136, raw: 6336 };

test("the script stays within its size budget and evaluates no code from text", async () => {
  const { file, bytes } = await buildTracker();
  expect(bytes.brotli).toBeLessThanOrEqual(BUDGET.brotli);
  expect(bytes.gzip).toBeLessThanOrEqual(BUDGET.gzip);
  expect(bytes.raw).toBeLessThanOrEqual(BUDGET.raw);
  const script = await readFile(file, "utf8");
  expect(script).not.toMatch(/\beval\(|new Function|document\.cookie|localStorage|sessionStorage|indexedDB/);
});
