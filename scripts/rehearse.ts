// `npm run rehearse`: a deploy of this tree without AWS. The real `sst` command and the real Pulumi engine deploy, compare, deploy
// again, upgrade and remove each stage; AWS is an emulator on loopback. docs/rehearsal.md says what is real, what is a stand-in,
// and what a rehearsal cannot show.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAccount, type Account } from "./rehearse/account/account.ts";
import { setRehearsed } from "./rehearse/account/settings.ts";
import { copyOf, release } from "./rehearse/account/tree.ts";
import { FAULTS, putFault } from "./rehearse/faults.ts";
import { parseOptions, USAGE } from "./rehearse/options.ts";
import { lastLine } from "./rehearse/last-line.ts";
import { lastRelease } from "./rehearse/steps/release.ts";
import { playStage, type Play } from "./rehearse/steps/stage.ts";
import { tools as findTools } from "./rehearse/tools/tools.ts";

const ROOT = join(import.meta.dirname, "..");
/** Logs, and the calls of every step, for whoever wants to look or to count. */
const KEPT = join(ROOT, ".millrace/rehearsal");

const started = performance.now();
const say = (line: string) => console.log(`${seconds(started).padStart(6)}  ${line}`);
const stopping = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(name, () => stopping.abort(new Error(`stopped by ${name}`)));

let options;
try {
  options = parseOptions(process.argv.slice(2));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exit(2);
}
if (options.help) {
  console.log(USAGE);
  process.exit(0);
}

const { signal } = stopping;
const folder = await mkdtemp(join(tmpdir(), "millrace-rehearsal-"));
const accounts: Promise<Account>[] = [];
let passed = 0;
let failed = 0;
/** Of the zips' calls; undefined: they did not run. */
let denials: number | undefined;
/** Steps that came to an end, by stage. */
const played = new Map<string, string[]>();
try {
  const tools = await findTools(
    ROOT,
    options.parts.some(({ steps }) => steps.includes("run")),
    say,
    signal,
  );
  await rm(KEPT, { recursive: true, force: true });
  await mkdir(KEPT, { recursive: true });
  say("copying this tree");
  const tree = await copyOf(ROOT, join(folder, "tree"), signal);
  await setRehearsed(tree.folder);
  for (const name of options.faults) {
    await putFault(tree.folder, name);
    say(`put in: ${name} (${FAULTS[name].found})`);
  }

  const open = (name: string) => {
    let opened: Promise<Account> | undefined;
    return () => {
      if (!opened) accounts.push((opened = openAccount(tools, join(folder, name), signal)));
      return opened;
    };
  };
  const play: Play = async (stage, step, act) => {
    signal.throwIfAborted();
    const from = performance.now();
    say(`        ${stage} ${step} …`);
    const { findings, done, calls, output, denied } = await act();
    signal.throwIfAborted();
    played.set(stage, [...(played.get(stage) ?? []), step]);
    const ok = findings.length === 0;
    if (denied !== undefined) denials = (denials ?? 0) + denied;
    if (ok) passed += 1;
    else failed += 1;
    say(
      `${ok ? "ok    " : "FAILED"}  ${`${stage} ${step}`.padEnd(32)}${seconds(from).padStart(6)}  ${calls.length} calls`,
    );
    for (const finding of findings) console.log(`          ${finding}`);
    // Repeated by `.ci/run` at its end.
    if (!ok) console.log(`FAILED: rehearsal, ${stage} ${step}: ${findings[0]}`);
    const lines = calls.map((call) => JSON.stringify({ stage, step, ...call }));
    await writeFile(join(KEPT, "calls.jsonl"), lines.map((line) => `${line}\n`).join(""), { flag: "a" });
    await writeFile(join(KEPT, `${stage}-${step.replaceAll(" ", "-")}.log`), output);
    return done;
  };
  const theatre = {
    tools,
    signal,
    tree,
    account: open("account"),
    upgrades: open("upgrades"),
    say: (line: string) => console.log(`          ${line}`),
    release: async () => release(ROOT, (await lastRelease(ROOT)).commit, folder, say, signal),
  };
  for (const part of options.parts) await playStage(part, theatre, play);
} catch (error) {
  failed += 1;
  console.log(`\nFAILED: the rehearsal ended early: ${error instanceof Error ? error.message : String(error)}`);
} finally {
  for (const account of accounts) await account.then((opened) => opened.close()).catch(() => undefined);
  if (options.keep) console.log(`Kept: ${folder}`);
  else await rm(folder, { recursive: true, force: true });
}

console.log(`\nLogs and calls: ${KEPT}`);
console.log(`${passed} passed, ${failed} failed`);
console.log(lastLine(seconds(started), options.parts, played, denials));
process.exit(failed === 0 && passed > 0 ? 0 : 1);

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(0)} s`;
}
