// `npm run bundles`: every Lambda function bundled as SST would, its size, what is in it, and how long a new process takes to
// load it. Fails when one is too large or holds what Lambda must not load.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { exampleEnvironment } from "../packages/functions/src/settings.ts";
import { bundle } from "./bundles/bundle.ts";
import { coldImport } from "./bundles/cold-import.ts";
import { ENTRIES } from "./bundles/entries.ts";
import { MAX_BYTES, problemsOf } from "./bundles/gate.ts";

const RUNS = 7;
const SHOWN_PARTS = 5;
const ROOT = join(import.meta.dirname, "..");
const FOLDER = join(ROOT, "packages/functions/dist");

const kilobytes = (bytes: number) => Math.round(bytes / 1000);

await rm(FOLDER, { recursive: true, force: true });
const rows: Record<string, string | number>[] = [];
const failures: string[] = [];
for (const entry of ENTRIES) {
  try {
    const { bytes, gzipBytes, laterBytes, parts, file, ...contents } = await bundle(entry, FOLDER);
    failures.push(...problemsOf(bytes, contents).map((problem) => `${entry.name}: ${problem}`));
    const { wallMs, cpuMs } = await coldImport(file, exampleEnvironment(entry.name), RUNS);
    rows.push({
      function: entry.name,
      "KB minified": kilobytes(bytes),
      "KB gzip": kilobytes(gzipBytes),
      "KB later": kilobytes(laterBytes),
      "import ms": wallMs.toFixed(0),
      "CPU ms": cpuMs.toFixed(0),
      "most of it": parts
        .slice(0, SHOWN_PARTS)
        .map((part) => `${part.name} ${kilobytes(part.bytes)}`)
        .join(", "),
    });
  } catch (error) {
    failures.push(`${entry.name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
console.table(rows);
console.log(
  `Bundled with the options of SST's deploy, at most ${kilobytes(MAX_BYTES)} KB each to be read at the start. Import: median of ${RUNS} new processes on ` +
    `Node ${process.versions.node}, this machine.`,
);
for (const failure of failures) console.error(`FAILED  ${failure}`);
process.exit(failures.length > 0 ? 1 : 0);
