// `npm run import -- log FILE… | ndjson FILE… | keen FILE…`: see usage.ts. Speaks only HTTP, so it works against any Millrace.
import { hourOf } from "@millrace/core";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { dryRun } from "./dry-run.ts";
import { kindOf, openSource } from "./open-source.ts";
import { ImportError } from "./read/error.ts";
import { openInputs } from "./read/inputs.ts";
import type { ImportSource } from "./read/source.ts";
import { openStreams } from "./read/streams.ts";
import { openCheckpoint } from "./send/checkpoint.ts";
import { progressBar } from "./send/progress-bar.ts";
import { runImport } from "./send/run.ts";
import { readLedger, waitUntilSettled } from "./send/settle.ts";
import type { Target } from "./send/target.ts";
import { USAGE, UsageError } from "./usage.ts";

const BAD_LINES_SHOWN = 5;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: "boolean", short: "h" },
      "dry-run": { type: "boolean" },
      format: { type: "string" },
      host: { type: "string" },
      collection: { type: "string" },
      "collection-from": { type: "string" },
      timestamp: { type: "string" },
      preset: { type: "string" },
      map: { type: "string" },
      timezone: { type: "string" },
      url: { type: "string" },
      project: { type: "string" },
      "master-key": { type: "string" },
      "write-key": { type: "string" },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const [word, ...names] = positionals;
  if (word === undefined || names.length === 0) throw new UsageError("Say what kind of file, and which files.");
  const kind = kindOf(word, values);
  const dataFolder = process.env["MILLRACE_DATA"] ?? ".millrace";
  const target = values["dry-run"] ? undefined : await targetOf(dataFolder, values);
  const inputs = await openInputs(names, process.stdin);
  try {
    // A try sends nothing, so it has nothing to remember; Keen's rows have ids of their own, wherever they lie.
    const streamOf =
      target === undefined || kind === "keen"
        ? () => Promise.resolve(kind)
        : await openStreams(streamMemory(dataFolder, target), target.key);
    const files = [];
    for (const path of inputs.files) files.push({ path, stream: await streamOf(path, values.host ?? "") });
    const source = await openSource(kind, files, values, (note) => console.log(`  ${note}`));
    if (target === undefined) return await tryOut(source);
    return await importInto(target, source, inputs.files, dataFolder, JSON.stringify(values));
  } finally {
    await inputs.close();
  }
}

async function tryOut(source: ImportSource): Promise<number> {
  const { good, bad } = await dryRun(source, (line) => console.log(line));
  console.log(
    `Nothing was sent. ${good.toLocaleString("en")} events would be, ${bad.toLocaleString("en")} lines are bad.`,
  );
  return bad === 0 ? 0 : 3;
}

async function importInto(
  target: Target,
  source: ImportSource,
  files: readonly string[],
  dataFolder: string,
  options: string,
): Promise<number> {
  const into = `${target.url} ${target.project} ${options}`;
  const checkpoint = await openCheckpoint(join(dataFolder, "imports"), files, into);

  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort(new ImportError("interrupted")));
  process.once("SIGTERM", () => stop.abort(new ImportError("terminated")));

  console.log(`Importing ${files.join(", ")} into ${target.url}, project ${target.project}`);
  const bar = progressBar(process.stderr);
  const from = hourOf(Date.now());
  const before = await readLedger(target, from, stop.signal).catch(() => undefined);
  const report = await runImport(source, target, checkpoint, bar, stop.signal).finally(() => bar.end());

  if (report.resumedAt > 0)
    console.log(`Went on after line ${report.resumedAt.toLocaleString("en")}, where the last run had stopped.`);
  console.log(`${report.accepted.toLocaleString("en")} events accepted, ${report.bad.toLocaleString("en")} bad lines`);
  const after = before && (await waitUntilSettled(target, from, stop.signal));
  if (before && after) {
    const [stored, duplicate] = [after.stored - before.stored, after.duplicate - before.duplicate];
    console.log(
      `${stored.toLocaleString("en")} new events stored, ${duplicate.toLocaleString("en")} were there already` +
        (after.inFlight > 0 ? `, ${after.inFlight.toLocaleString("en")} still on their way` : ""),
    );
  }
  if (report.bad === 0) return 0;
  console.log(`The bad lines, with file, number and reason, are in ${checkpoint.badFile}:`);
  const badText = await readFile(checkpoint.badFile, "utf8");
  for (const line of badText.trimEnd().split("\n").slice(0, BAD_LINES_SHOWN)) {
    const [file, number, reason] = line.split("\t");
    console.log(`  ${files.length > 1 ? `${file}, ` : ""}line ${number}: ${reason}`);
  }
  return 3;
}

/** What the streams of lines of one target are called is remembered by target: the same file is other events elsewhere. */
function streamMemory(dataFolder: string, { url, project }: Target): string {
  const name = createHash("sha256").update(`${url} ${project}`).digest("hex").slice(0, 16);
  return join(dataFolder, "imports", `streams-${name}.json`);
}

async function targetOf(
  dataFolder: string,
  values: { url?: string; project?: string; "master-key"?: string; "write-key"?: string },
): Promise<Target> {
  const key = values["master-key"] ?? values["write-key"];
  if (values.url !== undefined || values.project !== undefined || key !== undefined) {
    if (values.url === undefined || values.project === undefined || key === undefined) {
      throw new UsageError("Another server needs --url, --project and --master-key (or --write-key) together.");
    }
    const keyKind = values["master-key"] === undefined ? "write" : "master";
    return { url: values.url.replace(/\/+$/, ""), project: values.project, key, keyKind };
  }
  const demoFile = join(dataFolder, "demo.json");
  const text = await readFile(demoFile, "utf8").catch(() => {
    throw new UsageError(
      `There is no ${demoFile}. Start the server first (npm start), or name one with --url, --project and --master-key.`,
    );
  });
  const demo = JSON.parse(text) as { url: string; project: string; masterKey: string };
  return { url: demo.url, project: demo.project, key: demo.masterKey, keyKind: "master" };
}

try {
  process.exitCode = await main();
} catch (error) {
  const usage =
    error instanceof UsageError ||
    (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"));
  console.error(error instanceof Error ? error.message : String(error));
  if (usage) console.error(`\n${USAGE}`);
  process.exitCode = usage ? 2 : 1;
}
