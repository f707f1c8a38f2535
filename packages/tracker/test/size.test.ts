import { readFile } from "node:fs/promises";
import { Script } from "node:vm";
import { expect, test } from "vitest";
import { builtTracker } from "../build.ts";
import { EXTRAS, partSizes, pinned, scriptNamed, scriptNames, sizes, type PartName } from "../pieces.ts";

/** Bytes of brotli. Every visitor of every customer's site downloads these files: what grows one must be worth that. */
const BUDGET = {
  "t.core.js": 2100,
  "t.js": 2930,
  "t.actions.rules.scroll.js": 3510,
  [`t.${EXTRAS.join(".")}.js`]: 4580,
  "t.frame.js": 515,
  "t.debug.js": 4680,
};

/** What each part may add. */
const PARTS: Record<PartName, number> = {
  navigation: 210,
  hints: 95,
  elements: 230,
  clicks: 195,
  actions: 280,
  errors: 180,
  rules: 235,
  scroll: 145,
  vitals: 420,
  widgets: 660,
};

const pieces = await builtTracker();
const scriptOf = (name: string) => {
  const script = scriptNamed(pieces, name);
  if (script === undefined) throw new Error(`There is no ${name}.`);
  return script;
};

test.each(Object.entries(BUDGET))("%s is at most %i B", (name, bytes) => {
  expect(sizes(scriptOf(name)).brotli).toBeLessThanOrEqual(bytes);
});

test.each(Object.entries(partSizes(pieces)))("the part %s adds %i B, which is within its budget", (part, bytes) => {
  expect(bytes).toBeLessThanOrEqual(PARTS[part as PartName]);
});

test("every script there can be is a program, keeps nothing in the browser and evaluates no code from text", () => {
  expect(scriptNames()).toHaveLength(2 ** EXTRAS.length + 4);
  for (const name of scriptNames()) {
    const script = scriptOf(name);
    if (name.endsWith(".js")) expect(() => new Script(script)).not.toThrow();
    expect(script).not.toMatch(/\beval\(|new Function|document\.cookie|localStorage|sessionStorage|indexedDB/);
    expect(script).not.toMatch(/\b_[a-z]/);
  }
});

test("a name that pins a version is that of this very script; other names are none", () => {
  const script = scriptOf("t.scroll.widgets.js");
  const name = pinned("t.scroll.widgets.js", script);
  expect(name).toMatch(/^t\.scroll\.widgets\.[0-9a-f]{8}\.js$/);
  expect(scriptNamed(pieces, name)).toBe(script);
  for (const other of [
    "t.widgets.scroll.js",
    "t.nothing.js",
    "t.core.scroll.js",
    "t.00000000.js",
    name.replace("scroll.", ""),
    `${name}x`,
    "t.scroll.mjs",
    "toString",
  ]) {
    expect(scriptNamed(pieces, other)).toBeUndefined();
  }
});

test("docs/tracker.md tells these budgets", async () => {
  const guide = await readFile(new URL("../../../docs/tracker.md", import.meta.url), "utf8");
  const rows = guide.matchAll(/^\| (?:\+ )?`([\w.]+)`\s*\|\s*([\d,]+) \|/gm);
  const told = new Map(Array.from(rows, ([, name = "", bytes = ""]) => [name, Number(bytes.replace(",", ""))]));
  const budgets = Object.entries<number>({ ...BUDGET, ...PARTS }).filter(([name]) => told.has(name));
  expect(Object.fromEntries(budgets)).toEqual(Object.fromEntries(told));
  expect([...told.keys()]).toEqual(expect.arrayContaining(["t.core.js", "t.js", ...EXTRAS]));
});
