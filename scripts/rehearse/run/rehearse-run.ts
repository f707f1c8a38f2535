import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "./deployed/deployment.ts";
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
  /** Ends the run early. */
  readonly signal?: AbortSignal | undefined;
}

/** What a run came to. */
export interface Run {
  /** Nothing: it held. */
  readonly findings: readonly string[];
  /** Calls that a role did not allow, or that nobody could judge. */
  readonly denied: number;
}

/** The second half of the rehearsal: the zips of a deployed stage run the whole way under their environments and roles. */
export async function rehearseRun({ emulator, openSearch, stage: name, write, signal }: RunOptions): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), "millrace-rehearsal-"));
  const stage = await startStage({ emulator, openSearch, stage: name, folder });
  // A step that waits for a function then fails at once, and the flow ends before its next one.
  const stop = () => void stage.stop().catch(() => undefined);
  signal?.addEventListener("abort", stop);
  try {
    const addresses = { emulator: emulator.url, openSearch };
    const results = await runFlow(stage, addresses, (result) => write(stepLine(result)), signal);
    await stage.stop();
    const { denials, count: granted } = stage.usage;
    const outcome = { results, denials, unused: stage.unused(), granted };
    write(report(outcome));
    return { findings: findingsOf(outcome), denied: denials.length };
  } finally {
    signal?.removeEventListener("abort", stop);
    await stage.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
