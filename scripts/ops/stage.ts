import { appOf } from "@millrace/access";
import { isObject } from "@millrace/core";
import { createForwarder, executionRoutes, LOG_FILTER, readSearch, type LogLine } from "@millrace/ops";
import { createDuckDbExecutions } from "@millrace/store-duckdb";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { OpsAnswer } from "../../packages/functions/src/http/ask-routes.ts";
import { FUNCTIONS } from "../../packages/functions/src/settings.ts";
import type { Asker } from "./ask.ts";
import { openAwsStage } from "./aws.ts";

/** As sst.config.ts names the application; the groups are made in stacks/lambda.ts. */
const APP = "millrace";
const MAX_OUTPUT_BYTES = 1_000_000_000;
/** What is looked through for one id, of which nobody said when it ran. */
const SHOW_SINCE = "1d";

interface LogEvents {
  readonly events: readonly { readonly timestamp: number; readonly message: string }[];
}

/** Who answers what, by the beginning of its path below `/ops/`. */
const ANSWERED_BY: Readonly<Record<string, string>> = { health: "health", cost: "health", executions: "executions" };

/**
 * Asks a function of a stage what its API would answer below `/ops/`, by `lambda:InvokeFunction`: the account's own identities decide who may.
 * @throws Error for people: what AWS, or the stage, says
 */
export function askerOfStage(stage: string): Asker {
  return async <T>(path: string): Promise<T> => {
    const aws = openAwsStage(stage);
    const [what = ""] = path.split(/[/?]/);
    const name = ANSWERED_BY[what] ?? "executions";
    const { status, body } = await aws.invoke<OpsAnswer>(name, { ops: path }).finally(() => aws.close());
    if (status === 200) return body as T;
    const said = isObject(body) && typeof body["message"] === "string" ? body["message"] : "no reason was given";
    throw new Error(`The stage answered ${status}: ${said}`);
  };
}

/**
 * Answers as the API of a stage would, from the log of its functions, which is the record, also while the store is away: the lines of the time asked for are read
 * by the AWS command line with the operator's own rights (`logs:FilterLogEvents`), and searched here.
 * @throws Error for people: no command line, no rights, no such stage
 */
export function askerOfLog(stage: string): Asker {
  return async <T>(path: string): Promise<T> => {
    const { pathname, searchParams } = new URL(path, "http://stage/");
    const isSearch = searchParams.size > 0 || !pathname.slice(1).includes("/");
    const asked = isSearch ? Object.fromEntries(searchParams) : { since: SHOW_SINCE };
    const { search } = readSearch(asked, Date.now());
    const executions = await createDuckDbExecutions({ path: ":memory:" });
    try {
      const forward = createForwarder(executions, { busy: [] });
      const names = search.function === undefined ? Object.keys(FUNCTIONS) : [search.function];
      for (const name of names) await forward(await linesOf(stage, name, search.from, search.to));
      const routes = executionRoutes({ executions, clock: { now: Date.now }, admit: () => Promise.resolve() });
      const answer = await appOf(routes, () => {}).request(`/ops/${path}`);
      const body: unknown = await answer.json();
      if (!answer.ok) throw new Error((body as { message: string }).message);
      return body as T;
    } finally {
      await executions.close();
    }
  };
}

async function linesOf(stage: string, name: string, from: number, to: number): Promise<LogLine[]> {
  const group = `/${APP}/${stage}/${name}`;
  const times = ["--start-time", String(from), "--end-time", String(to)];
  const args = [
    "logs",
    "filter-log-events",
    "--log-group-name",
    group,
    "--filter-pattern",
    LOG_FILTER,
    "--output",
    "json",
  ];
  try {
    const { stdout } = await promisify(execFile)("aws", [...args, ...times], { maxBuffer: MAX_OUTPUT_BYTES });
    const { events } = JSON.parse(stdout) as LogEvents;
    return events.map(({ timestamp, message }) => ({ text: message.trim(), at: timestamp, function: name }));
  } catch (thrown) {
    const said = thrown instanceof Error && "stderr" in thrown ? String(thrown.stderr).trim() : "";
    // A stage without an archive has no function that replays it.
    if (said.includes("ResourceNotFoundException")) return [];
    const missing = thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
    throw new Error(
      missing ? "The AWS command line (aws) is not installed." : `The log ${group} cannot be read: ${said}`,
      {
        cause: thrown,
      },
    );
  }
}
