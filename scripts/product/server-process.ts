import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const START = fileURLToPath(new URL("../../packages/local/src/start.ts", import.meta.url));
const READY_WITHIN_MS = 300_000;

/** Whatever the environment says: only who starts the product says what it runs on. */
const EMBEDDED = { OPENSEARCH_URL: "", OPENSEARCH_PREFIX: "", SQS_QUEUE_URL: "", GEO_DB: "", TRUST_PROXY: "" };

/** The product as `npm start` runs it, in a process that can be killed and started again on the same port and folder. */
export interface Product {
  readonly url: string;
  pid(): number | undefined;
  /** Starts it, and again as often as it ends before it answers. @param skewMs how far its clock is off */
  start(skewMs?: number): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
  /** As Ctrl-C does; the exit code. */
  stop(): Promise<number | null>;
  /** Of each time that it ended although nobody asked it to: how, and what it said last. */
  crashes(): readonly string[];
  lastLines(): Promise<string>;
}

export interface ProductOptions {
  readonly folder: string;
  readonly port: number;
  readonly logFile: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Ends a start that is under way. */
  readonly signal?: AbortSignal;
}

export function createProduct({ folder, port, logFile, env = {}, signal }: ProductOptions): Product {
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  let isEnding = false;
  const crashes: string[] = [];
  process.once("exit", () => child?.kill("SIGKILL"));

  async function startOnce(skewMs: number, until: number): Promise<boolean> {
    const log = openSync(logFile, "a");
    isEnding = false;
    const started = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...skew(skewMs), START], {
      stdio: ["ignore", log, log],
      env: { ...process.env, ...EMBEDDED, ...env, MILLRACE_DATA: folder, PORT: String(port), HOST: "127.0.0.1" },
    });
    closeSync(log);
    child = started;
    let isGone = false;
    let wasReady = false;
    started.once("exit", (code, by) => {
      isGone = true;
      // Now: the next start writes into the same file.
      if (wasReady && !isEnding) crashes.push(`${by ?? `exit code ${code}`}\n${tailNow(logFile)}`);
    });
    while (!isGone && Date.now() < until && !signal?.aborted) {
      // The listener is there before the rest is; the server's own answer says that it serves.
      const answer = await fetch(`${url}/3.0`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
      if (answer?.ok && !isGone) {
        wasReady = true;
        return true;
      }
      await delay(100);
    }
    if (!isGone) started.kill("SIGKILL");
    return false;
  }

  async function end(signal: "SIGKILL" | "SIGINT"): Promise<number | null> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    isEnding = true;
    const exited = once(child, "exit");
    child.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  }

  return {
    url,
    pid: () => (child && child.exitCode === null && child.signalCode === null ? child.pid : undefined),
    async start(skewMs = 0) {
      const until = Date.now() + READY_WITHIN_MS;
      while (Date.now() < until && !signal?.aborted) {
        if (await startOnce(skewMs, until)) return;
        await delay(500);
      }
      throw new Error(`The product did not start.\n${await tail(logFile)}`);
    },
    async kill() {
      await end("SIGKILL");
    },
    stop: () => end("SIGINT"),
    crashes: () => crashes,
    lastLines: () => tail(logFile),
  };
}

/** Options of Node that set the clock of the process (all of its threads) off by this much; what libraries read by themselves stays right. */
function skew(skewMs: number): string[] {
  if (skewMs === 0) return [];
  const module = `const now=Date.now.bind(Date),Real=Date;globalThis.Date=class extends Real{constructor(...a){a.length===0?super(now()+(${skewMs})):super(...a)}static now(){return now()+(${skewMs})}};`;
  return ["--import", `data:text/javascript,${encodeURIComponent(module)}`];
}

async function tail(file: string): Promise<string> {
  return lastOf(await readFile(file, "utf8"));
}

function tailNow(file: string): string {
  return lastOf(readFileSync(file, "utf8"));
}

function lastOf(text: string): string {
  return text.trimEnd().split("\n").slice(-20).join("\n");
}
