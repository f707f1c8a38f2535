import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { REHEARSED, SENDER } from "./account/settings.ts";
import { FAULTS, withFault } from "./faults.ts";

const ROOT = join(import.meta.dirname, "../..");

test.each(Object.entries(FAULTS))("%s can still be put into this tree", async (_name, fault) => {
  const text = await readFile(join(ROOT, fault.file), "utf8");
  expect(withFault(text, fault)).not.toBe(text);
});

test("what is rehearsed beyond this tree's own settings can still be set in it", async () => {
  const text = await readFile(join(ROOT, REHEARSED.file), "utf8");
  expect(withFault(text, REHEARSED)).toContain(SENDER);
});

test("a fault whose text is gone, or there twice, is an error and not a rehearsal without it", () => {
  const fault = { file: "x.ts", from: "a", to: "b", found: "" };
  expect(() => withFault("none", fault)).toThrow("no longer fits x.ts");
  expect(() => withFault("a a", fault)).toThrow("no longer fits x.ts");
});
