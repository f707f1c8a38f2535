import type { Account } from "../account/account.ts";
import type { Tree } from "../account/tree.ts";
import { inventory } from "../emulator/inventory.ts";
import type { Part } from "../options.ts";
import type { Tools } from "../tools/tools.ts";
import { run, WEBHOOK } from "./run.ts";
import { deploy, deployRelease, dev, diff, redeploy, remove, type Outcome, type Scene } from "./steps.ts";

/** Shows and counts a step; says whether its command did what it was to do. */
export type Play = (stage: string, step: string, act: () => Promise<Outcome>) => Promise<boolean>;

/** What the stages are played on. The account of upgrades starts from the last release, so it is another one. */
export interface Theatre {
  readonly tools: Tools;
  readonly signal: AbortSignal;
  readonly tree: Tree;
  account(): Promise<Account>;
  upgrades(): Promise<Account>;
  release(): Promise<Tree>;
  /** Told what happens inside of a long step. */
  readonly say: (line: string) => void;
}

/** One stage's steps, in their order; a stage whose deploy fails ends there. */
export async function playStage({ stage, steps }: Part, theatre: Theatre, play: Play): Promise<void> {
  const { tools, tree, signal } = theatre;
  const asked = (step: Part["steps"][number]) => steps.includes(step);
  if (steps.some((step) => !["upgrade", "dev"].includes(step))) {
    const account = await theatre.account();
    const scene: Scene = { tools, account, stage, tree, signal };
    const before = await inventory(account.emulator.as("rehearsal"));
    if (asked("run")) await setSecret(scene);
    if (!(await play(stage, "deploy", () => deploy(scene)))) return;
    if (asked("diff")) await play(stage, "diff", () => diff(scene));
    if (asked("redeploy")) await play(stage, "redeploy", () => redeploy(scene));
    if (asked("run")) await play(stage, "run", () => run(scene, theatre.say));
    if (asked("remove")) await play(stage, "remove", () => remove(scene, stage === "production", before));
  }
  if (asked("upgrade")) {
    const account = await theatre.upgrades();
    const old = await theatre.release();
    // Its zips are what they are; this tree's are looked at.
    const released = await play(stage, `release ${old.name}`, () =>
      deployRelease({ tools, account, stage, tree: old, signal }),
    );
    if (released && (await play(stage, "upgrade", () => deploy({ tools, account, stage, tree, signal }))))
      await play(stage, "diff after it", () => diff({ tools, account, stage, tree, signal }));
  }
  if (asked("dev")) {
    const account = await theatre.account();
    await play(stage, "dev", () => dev({ tools, account, stage, tree, signal }));
  }
}

async function setSecret({ account, tree, stage }: Scene): Promise<void> {
  const command = ["secret", "set", "SlackWebhook", WEBHOOK, "--stage", stage];
  const { status, output } = await account.sst(tree, command);
  if (status !== 0) throw new Error(`sst secret set ended with ${status}:\n${output.slice(-1_000)}`);
}
