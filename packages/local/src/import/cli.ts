// `npm run import -- apache FILE | ndjson FILE …`: see usage below. Speaks only HTTP, so it works against any Millrace.
import { hourOf } from "@millrace/core";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { apacheSource } from "./apache-source.ts";
import { openCheckpoint } from "./checkpoint.ts";
import { ndjsonSource } from "./ndjson-source.ts";
import { progressBar } from "./progress-bar.ts";
import { runImport } from "./run.ts";
import { readLedger, waitUntilSettled } from "./settle.ts";
import type { ImportSource } from "./source.ts";
import type { Target } from "./target.ts";

const USAGE = `Imports a file of past events, through the same HTTP API and queue as live ones.

  npm run import -- apache access.log.gz [--host example.com]
      Apache or nginx access log, combined format. Page requests (GET, 2xx or 304, not an asset) become "pageviews",
      everything else "requests"; visits are computed.
  npm run import -- ndjson events.ndjson.gz --collection edits --timestamp time
      One JSON object per line. --timestamp names the property with the time (ISO 8601, or milliseconds since 1970).

Where to (default: the "npm start" on this machine, from demo.json in .millrace or MILLRACE_DATA):
  --url URL --project ID --master-key KEY    ids and context are taken from the file
  --url URL --project ID --write-key KEY     without context; repeats are recognised for 31 days

Interrupt it at any time and run it again: it goes on where it was. Importing a file twice stores nothing twice.
Exit code: 0 everything imported, 1 failed or interrupted, 2 wrong usage, 3 finished, but some lines were bad.
`;

class UsageError extends Error {}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: "boolean", short: "h" },
      host: { type: "string" },
      collection: { type: "string" },
      timestamp: { type: "string" },
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
  const [kind, file, ...more] = positionals;
  if (kind === undefined || file === undefined || more.length > 0)
    throw new UsageError("Say what kind of file, and which file.");
  const source = sourceOf(kind, file, values);
  const dataFolder = process.env["MILLRACE_DATA"] ?? ".millrace";
  const target = await targetOf(dataFolder, values);
  const checkpoint = await openCheckpoint(join(dataFolder, "imports"), file, `${target.url} ${target.project}`);

  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort(new Error("interrupted")));
  process.once("SIGTERM", () => stop.abort(new Error("terminated")));

  console.log(`Importing ${file} into ${target.url}, project ${target.project}`);
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
  console.log(`The bad lines, with number and reason, are in ${checkpoint.badFile}:`);
  const badText = await readFile(checkpoint.badFile, "utf8");
  for (const line of badText.trimEnd().split("\n").slice(0, 5)) {
    const [number, reason] = line.split("\t");
    console.log(`  line ${number}: ${reason}`);
  }
  return 3;
}

function sourceOf(
  kind: string,
  file: string,
  values: { host?: string; collection?: string; timestamp?: string },
): ImportSource {
  if (kind === "apache") return apacheSource(file, values.host);
  if (kind !== "ndjson") throw new UsageError(`"${kind}" is not a kind of file; there are apache and ndjson.`);
  if (values.collection === undefined || values.timestamp === undefined) {
    throw new UsageError("ndjson needs --collection NAME and --timestamp PROPERTY.");
  }
  return ndjsonSource(file, values.collection, values.timestamp);
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
