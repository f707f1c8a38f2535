import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Deployment, Emulator } from "./deployed/deployment.ts";
import { runFlow } from "./flow/run-flow.ts";
import { startStage } from "./platform/stage.ts";
import { findingsOf, report, stepLine } from "./report.ts";

export interface RunOptions {
  /** Holds the deployed stage; what the flow leaves in it stays. */
  readonly emulator: Emulator;
  /** A real node without events, its address without a slash at the end. */
  readonly openSearch: string;
  readonly stage: string;
  readonly write: (line: string) => void;
  /** Changes what was read of the stage, to see that a fault is caught. Default: nothing. */
  readonly change?: (deployment: Deployment) => Deployment;
}

/** What a run came to. */
export interface Run {
  /** Nothing: it held. */
  readonly findings: readonly string[];
  /** Calls that a role did not allow, or that nobody could judge. */
  readonly denied: number;
}

/** The second half of the rehearsal: the zips of a deployed stage run the whole way under their environments and roles. */
export async function rehearseRun({ emulator, openSearch, stage: name, write, change }: RunOptions): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), "millrace-rehearsal-"));
  const stage = await startStage({ emulator, openSearch, stage: name, folder, ...(change && { change }) });
  try {
    const addresses = { emulator: emulator.url, openSearch };
    const results = await runFlow(stage, addresses, (result) => write(stepLine(result)));
    await stage.stop();
    const { denials, count: granted } = stage.usage;
    const outcome = { results, denials, unused: stage.unused(), granted };
    write(report(outcome));
    return { findings: findingsOf(outcome), denied: denials.length };
  } finally {
    await stage.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
