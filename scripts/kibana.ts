// `npm run kibana`: dashboards for OpenSearch Dashboards, written from code, and imported into a running one.
import { STORE_PREFIX } from "@millrace/core";
import { writeFileSync } from "node:fs";
import { readCommand } from "./command.ts";
import { savedObjects } from "./kibana/dashboards.ts";
import { importObjects } from "./kibana/import.ts";
import { toNdjson } from "./kibana/saved-object.ts";

const USAGE = `npm run kibana            writes index patterns, searches and two dashboards as NDJSON, which Dashboards imports
                          (Dashboards Management > Saved objects > Import)

  --out FILE              default: standard output
  --url URL               imports them into a running one instead, in place of those of before. KIBANA_AUTHORIZATION is the
                          Authorization header, where it wants one
  --prefix PREFIX         what the names of the indexes begin with. Default: ${STORE_PREFIX}`;

const TEXT = { type: "string" } as const;
const { out, url, prefix } = readCommand(
  USAGE,
  { options: { out: TEXT, url: TEXT, prefix: { ...TEXT, default: STORE_PREFIX } } },
  ({ values }) => values,
);

const ndjson = toNdjson(savedObjects(prefix));
try {
  if (url !== undefined) {
    const count = await importObjects(url, ndjson, process.env["KIBANA_AUTHORIZATION"]);
    console.log(`${count} objects are in ${url}: open its dashboards "Traffic, live" and "Executions".`);
  } else if (out !== undefined) writeFileSync(out, ndjson);
  else process.stdout.write(ndjson);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
