import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type { Account, Done } from "../account/account.ts";
import type { Tree } from "../account/tree.ts";
import { inventory } from "../emulator/inventory.ts";
import type { Call } from "../emulator/emulator.ts";
import { readDeployment, type Emulator } from "../run/deployed/deployment.ts";
import type { Tools } from "../tools/tools.ts";
import { rehearseDev } from "./dev.ts";
import { callFindings, changes, functionFindings, type Findings } from "./findings.ts";

export const STEPS = ["deploy", "diff", "redeploy", "run", "upgrade", "remove", "dev"] as const;
export type Step = (typeof STEPS)[number];

/** One step of one stage, as it went. */
export interface Outcome {
  readonly findings: Findings;
  /** The command did what it was to do; only then the stage's next steps mean something. */
  readonly done: boolean;
  readonly calls: readonly Call[];
  /** The end of what the command said, where it matters. */
  readonly output: string;
  /** Calls that a role did not allow, where roles were tried. */
  readonly denied?: number;
}

/** What the steps of a stage need. */
export interface Scene {
  readonly tools: Tools;
  readonly account: Account;
  readonly stage: string;
  readonly tree: Tree;
  /** Ends what the step has begun. */
  readonly signal: AbortSignal;
}

/** The account's emulator, for whoever reads the stage that was deployed there. */
export function emulatorOf({ python }: Tools, { emulator: { url } }: Account): Emulator {
  return { url, keyValueStoreUrl: url, python };
}

/** `sst deploy`, and what came out of it: calls, zips, settings. */
export async function deploy({ tools, account, stage, tree }: Scene): Promise<Outcome> {
  const done = await account.sst(tree, ["deploy", "--stage", stage, "--print-logs"], { log: `${stage}-deploy.log` });
  if (done.status !== 0) return outcome(done, [`the deploy ended with ${done.status}: ${reasonIn(done.output)}`]);
  const folder = await mkdtemp(join(account.folder, `zips-${stage}-`));
  const { functions } = await readDeployment(emulatorOf(tools, account), stage, folder);
  const none = functions.length === 0 ? ["no function was deployed"] : [];
  return outcome(done, [...none, ...callFindings(done.calls), ...(await functionFindings(functions))]);
}

/** `sst deploy` of the last release, from which an upgrade starts: its zips are what they are. */
export async function deployRelease({ account, stage, tree }: Scene): Promise<Outcome> {
  const done = await account.sst(tree, ["deploy", "--stage", stage, "--print-logs"], { log: `${stage}-release.log` });
  return outcome(done, done.status === 0 ? [] : [`the release cannot be deployed: ${reasonIn(done.output)}`]);
}

/** `sst diff` right after a deploy: nothing is to change but the site, of which SST cannot know before it is built. */
export async function diff({ account, stage, tree }: Scene): Promise<Outcome> {
  const done = await account.sst(tree, ["diff", "--stage", stage], { log: `${stage}-diff.log` });
  if (done.status !== 0) return outcome(done, [`the diff ended with ${done.status}: ${reasonIn(done.output)}`]);
  return outcome(
    done,
    planned(done.output).map((line) => `would change: ${line}`),
  );
}

/** A second deploy: the site is built anew, nothing else happens. */
export async function redeploy({ account, stage, tree }: Scene): Promise<Outcome> {
  const done = await account.sst(tree, ["deploy", "--stage", stage, "--print-logs"], { log: `${stage}-redeploy.log` });
  const failed = done.status === 0 ? [] : [`the deploy ended with ${done.status}: ${reasonIn(done.output)}`];
  return outcome(done, [...failed, ...changes(done.calls)]);
}

/** `sst remove`: refused where the stage is protected, else nothing is left. */
export async function remove(
  { account, stage, tree }: Scene,
  isProtected: boolean,
  before: Findings,
): Promise<Outcome> {
  const aws = account.emulator.as("rehearsal");
  const had = await inventory(aws);
  const done = await account.sst(tree, ["remove", "--stage", stage, "--print-logs"], { log: `${stage}-remove.log` });
  const has = await inventory(aws);
  if (isProtected) {
    const lost = had.filter((line) => !has.includes(line)).map((line) => `was removed: ${line}`);
    const refused = done.status !== 0 && /protected/i.test(done.output);
    return outcome(done, [
      ...lost,
      ...(refused ? [] : [`the removal was not refused (it ended with ${done.status})`]),
      ...((await hasState(account, stage)) ? [] : ["the state is gone"]),
    ]);
  }
  const failed = done.status === 0 ? [] : [`the removal ended with ${done.status}: ${reasonIn(done.output)}`];
  const left = has.filter((line) => !before.includes(line)).map((line) => `is left: ${line}`);
  return outcome(done, [...failed, ...left]);
}

/** `sst dev`: the graph without a domain, and its panes. */
export async function dev({ account, stage, tree }: Scene): Promise<Outcome> {
  const before = (await account.emulator.calls()).length;
  const { output, findings } = await rehearseDev(account, tree, stage);
  return { findings, output, done: findings.length === 0, calls: (await account.emulator.calls()).slice(before) };
}

const outcome = ({ calls, output, status }: Done, findings: Findings): Outcome => ({
  findings,
  done: status === 0,
  calls,
  output,
});

/** What a diff would make, change or delete, without the parts of the site. */
export function planned(output: string): string[] {
  const lines = output.split("\n").filter((line) => /^[+*-] {2}\S/.test(line));
  return lines.filter((line) => !line.includes("sst:aws:StaticSite"));
}

/** The line that says why, of a long log. */
function reasonIn(output: string): string {
  const lines = output.split("\n").filter((line) => !line.startsWith("time=") && line.trim() !== "");
  const failed = lines.findLastIndex((line) => line.includes("Failed"));
  return lines
    .slice(failed === -1 ? -8 : failed, failed === -1 ? undefined : failed + 8)
    .map((line) => line.trim())
    .join(" | ")
    .slice(0, 1_500);
}

/** Whether SST's state of a stage is still in its bucket. */
async function hasState({ emulator }: Account, stage: string): Promise<boolean> {
  const aws = emulator.as("rehearsal");
  const { Buckets } = await aws("s3", "ListBuckets");
  const names = (Array.isArray(Buckets) ? Buckets : []).map((each) => String((each as { Name?: unknown }).Name));
  const bucket = names.find((name) => name.startsWith("sst-state-"));
  if (bucket === undefined) return false;
  const key = `app/millrace/${stage}.json`;
  return aws("s3", "HeadObject", { Bucket: bucket, Key: key }).then(
    () => true,
    () => false,
  );
}
