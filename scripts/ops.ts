// `npm run ops -- COMMAND`: what an operator asks of a running installation, and does to it.
import { look, LOOK_USAGE } from "./ops/look.ts";
import { mend, MEND_USAGE, MEND_WORDS } from "./ops/mend.ts";
import { rejected, REJECTED_USAGE } from "./ops/rejected.ts";
import { reports, REPORTS_USAGE } from "./ops/reports.ts";

/** Those that are no look at health and executions, by their first word. */
const COMMANDS: Readonly<Record<string, () => Promise<void>>> = {
  rejected,
  reports,
  ...Object.fromEntries(MEND_WORDS.map((name) => [name, mend])),
};

const [name = "--help"] = process.argv.slice(2);
if (["--help", "-h"].includes(name)) {
  console.log([LOOK_USAGE, REJECTED_USAGE, REPORTS_USAGE, MEND_USAGE].join("\n\n"));
} else {
  try {
    await (Object.hasOwn(COMMANDS, name) ? COMMANDS[name]?.() : look());
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
