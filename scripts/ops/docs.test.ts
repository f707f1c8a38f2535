import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { look } from "./look.ts";
import { mend, MEND_WORDS } from "./mend.ts";
import { rejected } from "./rejected.ts";
import { reports } from "./reports.ts";

// Every command of the operator that the documents show is understood as it stands there. Nothing answers it here: what it does is
// shown in local/test/mend.test.ts and its neighbours.
const DOCS = ["running", "operations", "query-api"].map((name) => join(import.meta.dirname, `../../docs/${name}.md`));
const COMMAND = /npm run ops -- ([^`#\n|]+)/g;
const commands = [
  ...new Set(
    DOCS.flatMap((file) => [...readFileSync(file, "utf8").matchAll(COMMAND)].map(([, words = ""]) => words.trim())),
  ),
].filter((words) => !/…|\[/.test(words));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-docs-"));
  vi.stubEnv("MILLRACE_DATA", folder);
  vi.stubEnv("LAMBDA_URL", "http://127.0.0.1:1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  vi.stubEnv("AWS_MAX_ATTEMPTS", "1");
  vi.stubEnv("PATH", folder);
});
const { argv } = process;
afterEach(() => {
  process.argv = argv;
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test("the documents show commands", () => {
  expect(commands.length).toBeGreaterThan(20);
});

test.each(commands)("npm run ops -- %s", async (words) => {
  process.argv = [process.execPath, "ops.ts", ...words.split(/\s+/)];
  vi.spyOn(process, "exit").mockImplementation((code) => {
    throw new Error(`ended with ${code}: it is not understood`);
  });
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  const [name = ""] = words.split(" ");
  const run = MEND_WORDS.includes(name) ? mend : name === "rejected" ? rejected : name === "reports" ? reports : look;
  // There is no server, no stage and no command line of AWS.
  await expect(run()).rejects.toThrow(
    /^(There is no|connect |The AWS command line|There is an archive|Here it is|Nothing answers)/,
  );
  expect(said).not.toHaveBeenCalled();
});
