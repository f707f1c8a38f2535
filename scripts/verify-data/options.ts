import { statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const ACCESS = "apache-access-2015.log.gz";
const EDITS = "wikipedia-edits-2015-09-12.ndjson.gz";

export const VERIFY_DATA_USAGE = `Usage: npm run verify-data -- FOLDER [--opensearch URL]

Imports two public data sets through a server of its own, compares every total that is known of them, imports them again, and once
more while the server is killed three times. Takes a few minutes. FOLDER holds
  ${ACCESS}
  ${EDITS}

  --opensearch URL  keep the events in this OpenSearch instead of the embedded DuckDB
  --help            this text`;

/** What was asked for on the command line. */
export interface VerifyData {
  readonly accessFile: string;
  readonly editsFile: string;
  readonly openSearch: string | undefined;
}

/** @throws with a sentence for the person who typed it: before anything is started, not minutes later */
export function parseVerifyData(args: readonly string[]): VerifyData | "help" {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { opensearch: { type: "string" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) return "help";
  const [folder, ...more] = positionals;
  if (folder === undefined) throw new Error("Name the folder with the two files.");
  if (more.length > 0) throw new Error(`One folder only; "${more[0]}" is too much.`);
  const url = values.opensearch;
  if (url !== undefined && !(URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)))
    throw new Error(`--opensearch must be an address such as http://127.0.0.1:9200, not "${url}".`);
  const [accessFile, editsFile] = [join(folder, ACCESS), join(folder, EDITS)];
  for (const file of [accessFile, editsFile])
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new Error(`There is no file ${file}.`);
  return { accessFile, editsFile, openSearch: url };
}
