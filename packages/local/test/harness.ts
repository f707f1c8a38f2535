import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Demo } from "../src/demo.ts";

const START = fileURLToPath(new URL("../src/start.ts", import.meta.url));
const IMPORT = fileURLToPath(new URL("../src/import/cli.ts", import.meta.url));
const READY = /^Millrace is ready/m;

/** A server in a process of its own, as `npm start` runs it: so that it can be killed for real. */
export interface ServerProcess {
  readonly demo: Demo;
  readonly pid: number;
  readonly output: () => string;
  /** Ends it without warning (kill -9). */
  kill(): Promise<void>;
  /** Ends it as Ctrl-C does; resolves with its exit code. */
  stop(): Promise<number>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "millrace-"));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

/** Starts a server on this folder and port and waits until it says that it is ready. */
export async function startServer(
  folder: string,
  port: number,
  env: Record<string, string> = {},
): Promise<ServerProcess> {
  const child = run(START, [], { MILLRACE_DATA: folder, PORT: String(port), ...env });
  await child.until(READY);
  return {
    demo: JSON.parse(await readFile(join(folder, "demo.json"), "utf8")) as Demo,
    pid: child.process.pid ?? 0,
    output: () => child.output(),
    async kill() {
      child.process.kill("SIGKILL");
      await child.exited;
    },
    async stop() {
      child.process.kill("SIGINT");
      return child.exited;
    },
  };
}

/** Runs a start that is expected to end by itself. */
export async function runStart(env: Record<string, string>): Promise<{ code: number; output: string }> {
  const child = run(START, [], env);
  const code = await child.exited;
  return { code, output: child.output() };
}

/** Runs the importer to its end. @param input what is piped into it */
export async function runImporter(
  folder: string,
  args: readonly string[],
  input?: Buffer,
): Promise<{ code: number; output: string }> {
  const child = run(IMPORT, args, { MILLRACE_DATA: folder });
  child.process.stdin?.end(input);
  const code = await child.exited;
  return { code, output: child.output() };
}

export function startImporter(folder: string, args: readonly string[]) {
  return run(IMPORT, args, { MILLRACE_DATA: folder });
}

interface Running {
  readonly process: ChildProcess;
  readonly exited: Promise<number>;
  output(): string;
  /** Resolves when the output matches; throws when the process ends before. */
  until(pattern: RegExp): Promise<void>;
}

/**
 * Embedded, unless a test says otherwise: `npm test` has servers for the live suites, and what is meant to be a product of its own would
 * share one store with all others, under one name.
 */
const EMBEDDED = { OPENSEARCH_URL: "", OPENSEARCH_PREFIX: "", SQS_QUEUE_URL: "" };

function run(file: string, args: readonly string[], env: Record<string, string>): Running {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", file, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, ...EMBEDDED, ...env },
  });
  let text = "";
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      for (const watch of watchers) watch();
    });
  }
  const exited = once(child, "exit").then(([code]) => (code as number | null) ?? -1);
  return {
    process: child,
    exited,
    output: () => text,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const watch = () => {
          if (!pattern.test(text)) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
        watch();
        void exited.then((code) =>
          reject(new Error(`ended with ${code} before it printed ${String(pattern)}:\n${text}`)),
        );
      }),
  };
}

/** Asks one question over HTTP, as a stranger would. @throws Error with the answer's body when it is not a 2xx */
export async function ask(demo: Demo, analysis: string, parameters: Record<string, unknown>): Promise<unknown> {
  const response = await fetch(`${demo.url}/3.0/projects/${demo.project}/queries/${analysis}`, {
    method: "POST",
    headers: { authorization: demo.readKey, "content-type": "application/json" },
    body: JSON.stringify(parameters),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${analysis} ${JSON.stringify(parameters)}: ${response.status} ${text}`);
  return (JSON.parse(text) as { result: unknown }).result;
}

export interface LedgerTotals {
  accepted: number;
  stored: number;
  duplicate: number;
  rejected: number;
  dead: number;
  deleted: number;
  in_flight: number;
}

/** The sums of the project's ledger over the last day. */
export async function ledgerTotals(demo: Demo): Promise<LedgerTotals> {
  const response = await fetch(`${demo.url}/3.0/projects/${demo.project}/ledger`, {
    headers: { authorization: demo.masterKey },
  });
  const { result } = (await response.json()) as { result: LedgerTotals[] };
  const totals: LedgerTotals = { accepted: 0, stored: 0, duplicate: 0, rejected: 0, dead: 0, deleted: 0, in_flight: 0 };
  for (const hour of result)
    for (const name of Object.keys(totals) as (keyof LedgerTotals)[]) totals[name] += hour[name];
  return totals;
}

/** Waits until nothing is in flight. */
export async function settled(demo: Demo, timeoutMs = 60_000): Promise<LedgerTotals> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const totals = await ledgerTotals(demo);
    if (totals.in_flight === 0 && totals.accepted > 0) return totals;
    if (Date.now() > until) throw new Error(`still in flight: ${JSON.stringify(totals)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
