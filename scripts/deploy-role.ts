// `npm run deploy-role -- CALLS`: the policy of a role that may deploy, from the calls that rehearsed deploys made (the record that
// `npm run rehearse` leaves, one line of JSON a call; several files are joined). Writes docs/deploy-role.json.
//   npm run deploy-role -- --check CALLS   says which of the calls docs/deploy-role.json would refuse, and ends with 1 if any
//   npm run deploy-role -- --for network   prints what the role needs on top for a setting that no rehearsed stage has on
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { mistake, readCommand } from "./command.ts";
import { BEYOND_RECORD } from "./deploy-role/beyond-record.ts";
import { NEEDY_SETTINGS, policyOfSettings } from "./deploy-role/of-settings.ts";
import { deployPolicy, refusedBy, type Policy, type RecordedCall } from "./deploy-role/policy.ts";

const FILE = join(import.meta.dirname, "../docs/deploy-role.json");

const USAGE = `npm run deploy-role -- [--check] CALLS…
npm run deploy-role -- --for SETTING…

  CALLS           the records of rehearsed deploys (.millrace/rehearsal/calls.jsonl), one line of JSON a call
  --check         says which of the calls docs/deploy-role.json would refuse, and ends with 1 if there are. It compares the names
                  of actions, not the resources that they are allowed on
  --for SETTING   prints the further policy of a stage with this setting (may be repeated): ${NEEDY_SETTINGS.join(", ")}
  --help`;

const { files, isCheck, settings } = readCommand(
  USAGE,
  {
    options: { check: { type: "boolean", default: false }, for: { type: "string", multiple: true, default: [] } },
    allowPositionals: true,
  },
  ({ values, positionals }) => {
    const on = values.for.map((name) => {
      const known = NEEDY_SETTINGS.find((each) => each === name);
      return known ?? mistake(`--for ${name}: one of ${NEEDY_SETTINGS.join(", ")}.`);
    });
    if (positionals.length === 0 && on.length === 0) mistake("Say which records.");
    for (const file of positionals) if (!existsSync(file)) mistake(`There is no file ${file}.`);
    return { files: positionals, isCheck: values.check, settings: on };
  },
);

if (settings.length > 0) {
  console.log(JSON.stringify(policyOfSettings(settings, "ACCOUNT"), undefined, 2));
  process.exit(0);
}

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
