import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { run } from "../../tools/run.ts";
import { makeCertificate } from "../gateway/certificate.ts";
import { openFrontDoor } from "../platform/front-door.ts";
import type { Stage } from "../platform/stage.ts";
import { drain } from "./drain.ts";
import type { Step } from "./step.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const ADDRESS = "198.51.100.21";
/** How often what waits is handed on while the browser looks: a second is what the queue's mapping and the subscriptions take on AWS. */
const EVERY_MS = 500;

/** What of Vitest's report is read. */
interface Report {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** The dashboard as it was deployed, seen by the tests that see the one of `npm start`. */
export const DASHBOARD: readonly Step[] = [
  {
    name: "the dashboard's browser suite, as far as it holds on a stage, in front of the deployed site",
    async run({ stage }) {
      const folder = await mkdtemp(join(tmpdir(), "millrace-dashboard-"));
      const certificate = await makeCertificate(folder, ["localhost"]);
      const door = await openFrontDoor((request) => stage.request(request), ADDRESS, certificate);
      const made = await stage.functions.invoke<{ key: string; id: string }>("admin", {
        action: "create-organisation-key",
        name: "dashboard",
      });
      const [ended, failed] = [new AbortController(), new AbortController()];
      const handing = handOn(stage, ended.signal);
      // What is told when it is waited for. Until then nobody waits for numbers that cannot come.
      handing.catch(() => failed.abort());
      try {
        const report = join(folder, "report.json");
        const { output } = await run(
          process.execPath,
          [
            "--disable-warning=ExperimentalWarning",
            "node_modules/vitest/vitest.mjs",
            "run",
            "web/test",
            "--tagsFilter=deployed",
            "--reporter=json",
            `--outputFile=${report}`,
          ],
          {
            cwd: ROOT,
            signal: failed.signal,
            env: {
              ...process.env,
              MILLRACE_STAGE_URL: door.url,
              MILLRACE_STAGE_KEY: made.key,
              NODE_EXTRA_CA_CERTS: certificate.file,
            },
          },
        );
        return seen(await readFile(report, "utf8"), output);
      } finally {
        ended.abort();
        await handing;
        await stage.functions.invoke("admin", { action: "revoke-organisation-key", key: made.id });
        await door.close();
        await rm(folder, { recursive: true, force: true });
      }
    },
  },
];

/** @returns how many tests there were. @throws Error with every one that failed, or when there was none */
function seen(json: string, output: string): string {
  const { testResults } = JSON.parse(json) as Report;
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = [
    // A suite that could not begin has no tests.
    ...testResults.filter(({ assertionResults, message }) => assertionResults.length === 0 && message !== ""),
    ...tests.filter(({ status }) => status === "failed"),
  ];
  const passed = tests.filter(({ status }) => status === "passed").length;
  if (failed.length > 0 || passed === 0)
    throw new Error(
      [`${passed} passed`, ...failed.map((each) => JSON.stringify(each)), output.slice(-2_000)].join("\n"),
    );
  return `${passed} tests`;
}

/**
 * Does meanwhile what AWS does by itself: the queue's messages go to the collector, the logs' lines to whoever is subscribed. What the
 * collector gives back, as it may while the machine is busy, comes again.
 */
async function handOn(stage: Stage, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    while (await stage.deliver());
    await stage.deliverLogs();
    await delay(EVERY_MS);
  }
  await drain(stage);
}
