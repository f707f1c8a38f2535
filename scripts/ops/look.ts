import type { OpsExecutionDetail, OpsExecutions, OpsHealth, OpsSummary } from "@millrace/client";
import { setTimeout as wait } from "node:timers/promises";
import { mistake, readCommand } from "../command.ts";
import { askerOf, type Asker } from "./ask.ts";
import { askerOfLog, askerOfStage } from "./stage.ts";
import { executionLine, executionTable, healthText, showExecution, summaryText } from "./show.ts";

export const LOOK_USAGE = `npm run ops -- health              what is watched, how it is, and what to do
             executions [SEARCH] [--order newest|slowest|largest] [--limit N]
             show ID             one execution with its spans
             summary [SEARCH]    counts and percentiles over time, functions, failures by kind
             tail [SEARCH]       executions as they come

SEARCH, of which all must hold:
  --since 1h             how far back (s, m, h, d), or --from and --to with times such as 2026-11-29T12:00:00Z
  --failed               whatever did not end well; --status ok|failed|timeout|out-of-memory
  --function NAME        --trigger http|pubsub|timer|datasource|other
  --fingerprint F        failures of one kind
  --project ID           --batch ID, --label NAME=VALUE (also a metric)
  --slower-than MS       --memory-above MB
  --cold                 the first run of a process

  --json                 the answer as it came
  --url URL              the installation; default: the server of MILLRACE_DATA (default .millrace), with its own key.
                         Elsewhere MILLRACE_KEY is the token of somebody who operates all projects
  --stage STAGE          a stage on AWS, with your own rights there (lambda:InvokeFunction on its function "executions", and "health" for health)
  --log                  of a stage: from the log of its functions itself, by the AWS command line, also while the store is away; not health,
                         not tail`;

const COMMANDS = ["health", "executions", "show", "summary", "tail"] as const;
const TAIL_MS = 1_000;
/** A line may be forwarded later than one that began after it. */
const OVERLAP_MS = 30_000;
const TAIL_LIMIT = "1000";

const readLook = () =>
  readCommand(
    LOOK_USAGE,
    {
      options: {
        since: { type: "string" },
        from: { type: "string" },
        to: { type: "string" },
        failed: { type: "boolean" },
        status: { type: "string" },
        function: { type: "string" },
        trigger: { type: "string" },
        fingerprint: { type: "string" },
        project: { type: "string", multiple: true },
        batch: { type: "string", multiple: true },
        label: { type: "string", multiple: true },
        "slower-than": { type: "string" },
        "memory-above": { type: "string" },
        cold: { type: "boolean" },
        order: { type: "string" },
        limit: { type: "string" },
        json: { type: "boolean" },
        url: { type: "string" },
        stage: { type: "string" },
        log: { type: "boolean" },
      },
      allowPositionals: true,
    },
    ({ values, positionals: [name, id, ...more] }) => {
      const command = COMMANDS.find((known) => known === name) ?? mistake(`Say what: ${COMMANDS.join(", ")}.`);
      const tooMuch = command === "show" ? more[0] : id;
      if (tooMuch !== undefined) mistake(`"${tooMuch}" is one word too many.`);
      if (command === "show" && id === undefined) mistake("Say which execution.");
      if (values.failed && values.status !== undefined) mistake("--failed and --status are two ways to say the same.");
      const { stage, log = false } = values;
      if (log && stage === undefined) mistake("--log is of a stage: name it by --stage.");
      if (log && command === "tail") mistake("For that there is aws logs tail.");
      if (log && command === "health") mistake("The health of a stage is in no log.");
      const megabytes = values["memory-above"];
      const search = new URLSearchParams();
      const add = (parameter: string, value: string | boolean | readonly string[] | undefined) => {
        for (const each of [value ?? []].flat()) search.append(parameter, String(each));
      };
      for (const same of [
        "since",
        "from",
        "to",
        "function",
        "trigger",
        "fingerprint",
        "project",
        "batch",
        "label",
        "cold",
      ] as const)
        add(same, values[same]);
      add("status", values.failed ? "any-failure" : values.status);
      add("min_duration", values["slower-than"]);
      if (megabytes !== undefined) add("min_memory", String(Number(megabytes) * 1024 * 1024));
      add("order", values.order);
      add("limit", values.limit);
      return { command, id: id ?? "", search, json: values.json ?? false, url: values.url, stage, log };
    },
  );

type Asked = ReturnType<typeof readLook>;

/** Runs a command that looks and changes nothing. @throws Error for people */
export async function look(): Promise<void> {
  const asked = readLook();
  const { stage, url, log } = asked;
  await run(stage === undefined ? await askerOf(url) : log ? askerOfLog(stage) : askerOfStage(stage), asked);
}

async function run(ask: Asker, asked: Asked): Promise<void> {
  const { command, id, search, json } = asked;
  const print = <T>(answer: T, inWords: (answer: T) => string) =>
    console.log(json ? JSON.stringify(answer, null, 2) : inWords(answer));
  switch (command) {
    case "health": {
      const health = await ask<OpsHealth>("health");
      print(health, healthText);
      // As scripts want it.
      if (health.status === "critical") process.exitCode = 1;
      return;
    }
    case "executions":
      return print(await ask<OpsExecutions>(`executions?${search.toString()}`), ({ executions }) =>
        executionTable(executions),
      );
    case "show":
      return print(await ask<OpsExecutionDetail>(`executions/${encodeURIComponent(id)}`), showExecution);
    case "summary":
      return print(await ask<OpsSummary>(`executions/summary?${search.toString()}`), summaryText);
    case "tail":
      return tail(ask, asked);
  }
}

/** Runs until it is interrupted. */
async function tail(ask: Asker, asked: Asked): Promise<never> {
  const seen = new Map<string, number>();
  const begun = Date.now();
  for (;;) {
    const from = Math.max(begun, Date.now() - OVERLAP_MS);
    const search = new URLSearchParams(asked.search);
    search.delete("since");
    search.set("from", new Date(from).toISOString());
    search.set("limit", TAIL_LIMIT);
    const { executions } = await ask<OpsExecutions>(`executions?${search.toString()}`);
    for (const execution of executions.toReversed()) {
      if (seen.has(execution.id)) continue;
      seen.set(execution.id, Date.parse(execution.started_at));
      console.log(asked.json ? JSON.stringify(execution) : executionLine(execution));
    }
    for (const [id, startedAt] of seen) if (startedAt < from) seen.delete(id);
    await wait(TAIL_MS);
  }
}
