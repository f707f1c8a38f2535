// `npm run deploy-role -- CALLS`: the policy of a role that may deploy, from the calls that rehearsed deploys made (the record that
// `npm run rehearse` leaves, one line of JSON a call; several files are joined). Writes docs/deploy-role.json.
//   npm run deploy-role -- --check CALLS   says which of the calls docs/deploy-role.json would refuse, and ends with 1 if any
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { mistake, readCommand } from "./command.ts";
import { BEYOND_RECORD } from "./deploy-role/beyond-record.ts";
import { deployPolicy, refusedBy, type Policy, type RecordedCall } from "./deploy-role/policy.ts";

const FILE = join(import.meta.dirname, "../docs/deploy-role.json");

const USAGE = `npm run deploy-role -- [--check] CALLS…

  CALLS     the records of rehearsed deploys (.millrace/rehearsal/calls.jsonl), one line of JSON a call
  --check   says which of the calls docs/deploy-role.json would refuse, and ends with 1 if there are
  --help`;

const { files, isCheck } = readCommand(
  USAGE,
  { options: { check: { type: "boolean", default: false } }, allowPositionals: true },
  ({ values, positionals }) => {
    if (positionals.length === 0) mistake("Say which records.");
    for (const file of positionals) if (!existsSync(file)) mistake(`There is no file ${file}.`);
    return { files: positionals, isCheck: values.check };
  },
);

const lines = (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("\n").split("\n");
const calls = lines.filter(Boolean).map((line) => JSON.parse(line) as RecordedCall);
if (isCheck) {
  const refused = refusedBy(JSON.parse(await readFile(FILE, "utf8")) as Policy, calls);
  for (const action of refused) console.error(`The deploy role lacks ${action}.`);
  console.log(`${calls.length} calls, ${refused.length} actions refused.`);
  process.exitCode = refused.length > 0 ? 1 : 0;
} else {
  await writeFile(FILE, `${JSON.stringify(deployPolicy([...calls, ...BEYOND_RECORD], "ACCOUNT"), undefined, 2)}\n`);
  console.log(`${relative(process.cwd(), FILE)} is made of ${calls.length} calls.`);
}
