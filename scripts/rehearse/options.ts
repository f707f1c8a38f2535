import { parseArgs } from "node:util";
import { FAULTS, type FaultName } from "./faults.ts";
import { STEPS, type Step } from "./steps/steps.ts";

export const USAGE = `npm run rehearse -- [options]
Deploys this tree with the real sst command and the real Pulumi engine into an emulator of AWS, and runs what came out of it.
Nothing leaves this machine, apart from what is installed once into the cache.

  --stage NAME[=STEP,…]  this stage, and these steps of it; may be repeated. Default: production, staging and rehearsal (a personal stage)
  --fault NAME           put a known mistake into the copy that is deployed, to see that it is found; may be repeated:
${Object.entries(FAULTS)
  .map(([name, { found }]) => `                           ${name.padEnd(18)} ${found}`)
  .join("\n")}
  --keep                 leave the working folder (trees, logs, zips) where it is, and say where
  --help                 this text

Steps: ${STEPS.join(", ")}. Default: all that a stage has. Each rests on a deploy, which is made if it was not asked for.
The calls that AWS saw and the logs are in .millrace/rehearsal/ afterwards.`;

/** A stage, and what is done with it, in this order. */
export interface Part {
  readonly stage: string;
  readonly steps: readonly Step[];
}

export interface Options {
  readonly parts: readonly Part[];
  readonly faults: readonly FaultName[];
  readonly keep: boolean;
  readonly help: boolean;
}

const STAGES = ["production", "staging", "rehearsal"] as const;
const SHARED: readonly string[] = ["production", "staging"];

/** @throws Error that names the argument */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stage: { type: "string", multiple: true },
      fault: { type: "string", multiple: true },
      keep: { type: "boolean", default: false },
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  const faults = (values.fault ?? []).map(faultOf);
  return { parts: (values.stage ?? STAGES).map(partOf), faults, keep: values.keep, help: values.help };
}

function partOf(text: string): Part {
  const [stage = "", list] = text.split("=");
  if (!/^[a-z][a-z0-9-]*$/.test(stage))
    throw new Error(`--stage ${text}: a stage is lower-case letters, digits and hyphens.`);
  const possible = STEPS.filter((step) => isStepOf(step, stage));
  const wanted: readonly string[] = list === undefined ? possible : list.split(",");
  const unknown = wanted.find((step) => !possible.some((each) => each === step));
  if (unknown !== undefined)
    throw new Error(`--stage ${text}: ${stage} has no step "${unknown}"; it has ${possible.join(", ")}.`);
  return { stage, steps: possible.filter((step) => wanted.includes(step)) };
}

/** `sst dev` is for a developer's own stage; what runs through the zips needs everything that only production has. */
function isStepOf(step: Step, stage: string): boolean {
  if (step === "run") return stage === "production";
  return step !== "dev" || !SHARED.includes(stage);
}

function faultOf(name: string): FaultName {
  const known = (Object.keys(FAULTS) as FaultName[]).find((each) => each === name);
  if (!known) throw new Error(`--fault ${name}: there is none of that name.`);
  return known;
}
