import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import type { Account } from "../account/account.ts";
import type { Tree } from "../account/tree.ts";

/** Longest wait for the deploy and the panes; this ends a rehearsal in which one hangs, and decides nothing else. */
const PATIENCE_MS = 600_000;
/** Where Vite says that it serves the dashboard. */
const ADDRESS = /Local:\s+(http:\/\/\S+)/;
/** "Complete", "No changes" or nothing, by which of the panes was there when the deploy ended; a failure has another sign. */
const DEPLOYED = /^\[\w+\] ✓/m;

/** What `sst dev` came to. */
export interface Dev {
  readonly output: string;
  readonly findings: readonly string[];
}

/**
 * `sst dev` of a stage until its panes run: the graph is deployed, the dashboard's own server answers. Live events need AppSync's
 * websocket, which nothing emulates, so no event reaches a function here.
 */
export async function rehearseDev(account: Account, tree: Tree, stage: string): Promise<Dev> {
  const log = `${stage}-dev.log`;
  const enough = new AbortController();
  let ended = false;
  const command = account
    .sst(tree, ["dev", "--stage", stage, "--mode=mono"], { log, env: { SST_SKIP_APPSYNC: "1" }, until: enough.signal })
    .finally(() => (ended = true));
  const said = async () => {
    const file = join(account.folder, log);
    return existsSync(file) ? stripVTControlCharacters(await readFile(file, "utf8")) : "";
  };
  const findings: string[] = [];
  try {
    const deadline = Date.now() + PATIENCE_MS;
    let address: string | undefined;
    for (;;) {
      const output = await said();
      [, address] = ADDRESS.exec(output) ?? [];
      const failed = /npm error.*|✕ {2}Failed[^\n]*|.*exited with error.*/.exec(output)?.[0];
      if (failed !== undefined) findings.push(`a pane or the deploy failed: ${failed.trim()}`);
      if (failed !== undefined || (address !== undefined && DEPLOYED.test(output))) break;
      if (ended || Date.now() > deadline) {
        findings.push(ended ? "the command ended before its panes ran" : "the panes did not run in time");
        break;
      }
      await delay(500);
    }
    if (findings.length === 0 && address !== undefined && !(await answers(address)))
      findings.push(`the dashboard's server does not answer at ${address}`);
    return { output: await said(), findings };
  } finally {
    enough.abort();
    await command.catch(() => undefined);
  }
}

async function answers(address: string): Promise<boolean> {
  const response = await fetch(address).catch(() => undefined);
  return response?.ok === true && (await response.text()).includes("<div id=");
}
