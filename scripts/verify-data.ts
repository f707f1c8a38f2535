// `npm run verify-data -- FOLDER`: imports the two whole public data sets (see packages/local/test/fixtures/README.md for their
// origin) through a running server and compares every total that is known of them; then imports them again, and once more with
// three kills in between.
import { randomUUID } from "node:crypto";
import {
  freePort,
  ledgerTotals,
  runImporter,
  settled,
  startImporter,
  startServer,
  temporaryFolder,
} from "../packages/local/test/harness.ts";
import { accessTotals, editTotals } from "../packages/local/test/known-totals.ts";
import type { Demo } from "../packages/local/src/demo.ts";
import { parseVerifyData, VERIFY_DATA_USAGE } from "./verify-data/options.ts";

const ACCESS = accessTotals({
  good: 9_999,
  bytes: 2_747_282_505,
  status: { "200": 9_125, "206": 45, "301": 164, "304": 445, "403": 2, "404": 213, "416": 2, "500": 3 },
  method: { GET: 9_951, HEAD: 42, OPTIONS: 1, POST: 5 },
  days: { "2015-05-17": 1_632, "2015-05-18": 2_893, "2015-05-19": 2_896, "2015-05-20": 2_578 },
  topTarget: ["/favicon.ico", 807],
  targets: 1_498,
});
const EDITS = editTotals({
  rows: 39_244,
  added: 9_385_573,
  deleted: 394_298,
  delta: 8_991_275,
  robots: 15_420,
  users: 10_531,
  pages: 35_143,
  countries: 113,
  countryNull: 35_445,
  medianAdded: 18,
  first: "2015-09-12T00:46:58.771Z",
  last: "2015-09-12T23:59:59.200Z",
  channels: {
    "#en.wikipedia": 11_549,
    "#vi.wikipedia": 9_747,
    "#de.wikipedia": 2_523,
    "#fr.wikipedia": 2_099,
    "#ru.wikipedia": 1_386,
  },
  hours: { "2015-09-12T00": 268, "2015-09-12T17": 2_300 },
  funnels: { plain: [1_132, 279, 74], inverted: [1_132, 853], optional: [1_132, 279, 563] },
});

const { accessFile, editsFile, openSearch } = optionsOrExit();
const access = ["apache", accessFile];
const edits = ["ndjson", editsFile, "--collection", "edits", "--timestamp", "time"];
let failures = 0;

await inFreshFolder(async (folder, port, env) => {
  const server = await startServer(folder, port, env);
  console.log((await runImporter(folder, access)).output, (await runImporter(folder, edits)).output);
  const first = await settled(server.demo);
  await compare(server.demo);
  console.log((await runImporter(folder, access)).output, (await runImporter(folder, edits)).output);
  const second = await settled(server.demo);
  check("imported again: stored", second.stored, first.stored);
  check("ledger: accepted = ends", second.accepted, second.stored + second.duplicate + second.rejected + second.dead);
  check("stops cleanly", await server.stop(), 0);
});

await inFreshFolder(async (folder, port, env) => {
  let server = await startServer(folder, port, env);
  const importer = startImporter(folder, edits);
  for (const goal of [8_000, 18_000, 28_000]) {
    while ((await ledgerTotals(server.demo)).accepted < goal) await new Promise((resolve) => setTimeout(resolve, 10));
    await server.kill();
    console.log(`killed (-9) after ${goal} accepted events, restarting`);
    server = await startServer(folder, port, env);
  }
  check("import with three kills: exit code", await importer.exited, 0);
  await runImporter(folder, access);
  const totals = await settled(server.demo);
  await compare(server.demo);
  check("killed: ledger stored", totals.stored, 39_244 + 9_999);
  check("killed: accepted = ends", totals.accepted, totals.stored + totals.duplicate + totals.rejected + totals.dead);
  await server.stop();
});

console.log(failures === 0 ? "\nEvery known total is met." : `\n${failures} totals differ.`);
process.exit(failures === 0 ? 0 : 1);

/** What was asked for; a wrong use ends here, in one line and the usage. */
function optionsOrExit() {
  try {
    const options = parseVerifyData(process.argv.slice(2));
    if (options !== "help") return options;
    console.log(VERIFY_DATA_USAGE);
    process.exit(0);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${VERIFY_DATA_USAGE}`);
    process.exit(2);
  }
}

type Work = (folder: string, port: number, env: Record<string, string>) => Promise<void>;

/** A folder and, in a cluster, index names that nobody has used: what is there already would be counted with it. */
async function inFreshFolder(work: Work): Promise<void> {
  const folder = await temporaryFolder();
  const prefix = `verify-${randomUUID().slice(0, 8)}`;
  try {
    await work(
      folder.path,
      await freePort(),
      openSearch === undefined ? {} : { OPENSEARCH_URL: openSearch, OPENSEARCH_PREFIX: prefix },
    );
  } finally {
    await folder.remove();
  }
}

async function compare(demo: Demo): Promise<void> {
  for (const total of [...ACCESS, ...EDITS]) check(total.name, await total.ask(demo), total.expected);
}

/** Groups come in any order: compared as sets of entries. */
function check(name: string, actual: unknown, expected: unknown): void {
  const ok = canonical(actual) === canonical(expected);
  if (!ok) failures++;
  console.log(`${ok ? "ok  " : "BAD "} ${name}: ${canonical(actual)}${ok ? "" : ` (expected ${canonical(expected)})`}`);
}

function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value);
  return JSON.stringify(Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))));
}
