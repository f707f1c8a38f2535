import { access, glob, mkdtemp, readFile, rm } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { bundle } from "./bundle.ts";
import { contentsOf } from "./contents.ts";
import { ENTRIES } from "./entries.ts";
import { MAX_BYTES, problemsOf } from "./gate.ts";
import { startFiles } from "./start-files.ts";

const ROOT = join(import.meta.dirname, "../..");

async function bundled(file: string) {
  const folder = await mkdtemp(join(tmpdir(), "millrace-bundle-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return bundle({ name: "x", file }, folder);
}

test("each function of the table of settings has its file, and no helper file counts as a function", async () => {
  for (const { file } of ENTRIES) await expect(access(join(ROOT, file)), file).resolves.toBeUndefined();
  const handlers = await Promise.all(
    (await Array.fromAsync(glob("packages/functions/src/*.ts", { cwd: ROOT }))).map(async (file) =>
      /^export (?:(?:async )?function|const) handler\b/m.test(await readFile(join(ROOT, file), "utf8")) ? [file] : [],
    ),
  );
  expect(ENTRIES.map(({ file }) => file)).toEqual(handlers.flat().sort());
});

test("sizes are summed by package, nested packages by themselves, and what was dropped is no content", () => {
  const input = (bytesInOutput: number) => ({ bytesInOutput });
  const contents = contentsOf({
    outputs: {
      "bundle.mjs": {
        bytes: 600,
        inputs: {
          "packages/core/src/a.ts": input(1),
          "packages/core/src/b.ts": input(2),
          "node_modules/@aws-sdk/core/dist/x.js": input(30),
          "node_modules/zod/y.js": input(10),
          "node_modules/zod/node_modules/deep/z.js": input(20),
          "packages/queue/src/embedded.ts": input(0),
        },
        imports: [{ path: "node:fs", kind: "import-statement", external: true }],
        exports: [],
      },
    },
  });
  expect(contents.parts.slice(0, 4)).toEqual([
    { name: "@aws-sdk/core", bytes: 30 },
    { name: "deep", bytes: 20 },
    { name: "zod", bytes: 10 },
    { name: "packages/core", bytes: 3 },
  ]);
  expect(contents.files).not.toContain("packages/queue/src/embedded.ts");
  expect(contents.outside).toEqual(["node:fs"]);
});

test("a bundle is refused for its size, for a one-machine part, for native code and for what nobody would install", () => {
  expect(problemsOf(MAX_BYTES, { files: ["packages/ingest/src/routes.ts"], outside: ["node:fs", "crypto"] })).toEqual(
    [],
  );
  expect(problemsOf(MAX_BYTES + 1, { files: [], outside: [] })).toEqual([expect.stringContaining("at most")]);
  expect(problemsOf(1, { files: [], outside: ["node:sqlite"] })).toEqual([expect.stringContaining("one-machine")]);
  expect(problemsOf(1, { files: ["x/y.node"], outside: [] })).toEqual([expect.stringContaining("native")]);
  expect(problemsOf(1, { files: [], outside: ["sharp"] })).toEqual([expect.stringContaining("from outside")]);
});

test("what is imported when it is needed is not read at a start: of the query function, what is for assistants", async () => {
  const { file, laterBytes } = await bundled("packages/functions/src/query.ts");
  const atStart = [...(await startFiles(file)).values()].join("\n");
  expect(atStart).not.toContain("McpServer");
  expect(laterBytes).toBeGreaterThan(300_000);
});

test("the embedded queue inside a function would be noticed, its SQS sibling is fine", async () => {
  const wrong = await bundled("packages/queue/src/embedded.ts");
  expect(problemsOf(wrong.bytes, wrong)).toEqual([expect.stringContaining("the one-machine queue")]);
  const right = await bundled("packages/queue/src/sqs.ts");
  expect(problemsOf(right.bytes, right)).toEqual([]);
});

/** The wrapper is in every function of a company, also in those that are a few lines themselves. Compressed, as it is uploaded. */
const MONITOR_MAX_BYTES = 5_000;

test("the monitor has no dependency but Node, and is small", async () => {
  const { gzipBytes, files, outside } = await bundled("packages/monitor/src/index.ts");
  expect(files.filter((file) => !/^packages\/(?:monitor|core\/src\/execution)\//.test(file))).toEqual([]);
  expect(outside.filter((path) => !isBuiltin(path))).toEqual([]);
  expect(gzipBytes).toBeLessThan(MONITOR_MAX_BYTES);
});
