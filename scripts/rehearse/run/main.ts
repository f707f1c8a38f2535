// Runs the zips of a stage that was just deployed in an emulator: the second half of `npm run rehearse` by itself, to work on the
// flow. An emulator serves one run: the last step lets months pass.
//   node scripts/node24.mjs scripts/rehearse/run/main.ts --emulator URL --python PATH [--key-value-store URL] [--stage NAME]
import { parseArgs } from "node:util";
import { startOpenSearch } from "../../servers/opensearch.ts";
import { rehearseRun } from "./rehearse-run.ts";

const { values } = parseArgs({
  options: {
    emulator: { type: "string" },
    "key-value-store": { type: "string" },
    python: { type: "string" },
    stage: { type: "string", default: "production" },
  },
});
const { emulator: url, python, stage } = values;
if (url === undefined || python === undefined) throw new Error("--emulator and --python are needed.");

const server = await startOpenSearch({ heap: "512m" });
try {
  const { findings } = await rehearseRun({
    emulator: { url, keyValueStoreUrl: values["key-value-store"] ?? url, python },
    openSearch: server.url,
    stage,
    write: (line) => console.log(line),
  });
  for (const finding of findings) console.log(finding);
  process.exitCode = findings.length === 0 ? 0 : 1;
} finally {
  await server.stop();
}
