import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { RunAs } from "./run-as.ts";

/** A server of ours: started by us, stopped by us. */
export interface RunningServer {
  readonly url: string;
  readonly pid: number;
  /** Resolves when the process is gone, whoever ended it. */
  readonly exited: Promise<void>;
  /** The end of its log. */
  lastLines(): string;
  /** SIGTERM, and SIGKILL after 30 s; resolves when the process is gone. */
  stop(): Promise<void>;
  /** SIGKILL, as a crash would; resolves when the process is gone. */
  kill(): Promise<void>;
}

export interface Launch {
  /** For messages. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly user?: RunAs | undefined;
  readonly logFile: string;
  /** Removed when the server was stopped or killed by us; kept, with the log, when it did not start. */
  readonly temporaryFolder?: string | undefined;
  readonly url: string;
  /** True once the server answers; asked again until then, and a rejection (also that of the signal) means "not yet". */
  ready(signal: AbortSignal): Promise<boolean>;
  /** Default 600,000: a busy machine takes minutes. */
  readonly readyWithinMs?: number;
  /** Told the process id before anything is waited for. */
  readonly onSpawn?: (pid: number) => void;
  /** Told that the process is gone, whoever ended it. */
  readonly onExit?: () => void;
  /** Ends the start; what was started is stopped first. */
  readonly signal?: AbortSignal | undefined;
  /** For a process that only stands for the server: in a process group of its own, and ended by this instead of a signal. */
  readonly endBy?: (signal: "SIGTERM" | "SIGKILL") => Promise<void>;
}

const READY_WITHIN_MS = 600_000;
const STOP_WITHIN_MS = 30_000;
/** One question; a server that takes connections but never answers must not outlast the limit of the whole start. */
const ANSWER_WITHIN_MS = 10_000;

/**
 * Starts a server and waits until it is ready.
 * @throws when it ends first, is not ready in time or was told to stop, with the end of its log.
 */
export async function launch(options: Launch): Promise<RunningServer> {
  const log = openSync(options.logFile, "a");
  const [child, release] = endingWithUs(() =>
    spawn(options.command, options.args, {
      stdio: ["ignore", log, log],
      env: { ...process.env, ...options.env },
      detached: options.endBy !== undefined,
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      ...options.user,
    }),
  );
  closeSync(log);
  if (child.pid !== undefined) options.onSpawn?.(child.pid);

  const gone = new AbortController();
  let failure: Error | undefined;
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", (error) => {
      failure = error;
      resolve();
    });
  }).then(() => {
    gone.abort();
    options.onExit?.();
  });
  void exited.then(release);

  const end = async (signal: "SIGTERM" | "SIGKILL") => {
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
    if (options.endBy) await options.endBy(signal);
    else child.kill(signal);
    await exited;
    clearTimeout(timer);
  };
  const endAndTidy = async (signal: "SIGTERM" | "SIGKILL") => {
    await end(signal);
    if (options.temporaryFolder !== undefined) await rm(options.temporaryFolder, { recursive: true, force: true });
  };

  const deadline = Date.now() + (options.readyWithinMs ?? READY_WITHIN_MS);
  const givenUp = options.signal ? [gone.signal, options.signal] : [gone.signal];
  const isReady = () => {
    const patience = Math.max(1, Math.min(ANSWER_WITHIN_MS, deadline - Date.now()));
    return options.ready(AbortSignal.any([AbortSignal.timeout(patience), ...givenUp])).catch(() => false);
  };
  while (!(await isReady())) {
    const late = Date.now() >= deadline;
    if (!late && !givenUp.some(({ aborted }) => aborted)) {
      await delay(200);
      continue;
    }
    const reason =
      failure?.message ?? (gone.signal.aborted ? "it ended" : late ? "it was not ready in time" : "stopped");
    await end("SIGKILL");
    throw new Error(`${options.name} did not start: ${reason}.\nLog ${options.logFile}:\n${tail(options.logFile)}`);
  }
  return {
    url: options.url,
    pid: child.pid ?? 0,
    exited,
    lastLines: () => tail(options.logFile),
    stop: () => endAndTidy("SIGTERM"),
    kill: () => endAndTidy("SIGKILL"),
  };
}

/** The servers' processes that run now. */
const children = new Set<ChildProcess>();

/**
 * Whoever ends without stopping its servers must not leave them behind: a test whose time was over, say, for the second try to run beside
 * them. Vitest ends the process of a test file by SIGTERM, which is no exit. Listened for before the server is there: a signal between the
 * two would end us by its default, and the server would stay. Answers what was started, and what to call when it is gone.
 */
function endingWithUs(start: () => ChildProcess): [child: ChildProcess, release: () => void] {
  if (children.size === 0) process.on("exit", killAll).on("SIGTERM", endAlone);
  const child = start();
  children.add(child);
  const release = () => {
    children.delete(child);
    if (children.size === 0) process.off("exit", killAll).off("SIGTERM", endAlone);
  };
  return [child, release];
}

function killAll(): void {
  for (const child of children) child.kill("SIGKILL");
}

/** Where somebody else listens, too, they stop their servers in order. */
function endAlone(): void {
  if (process.listenerCount("SIGTERM") > 1) return;
  killAll();
  process.off("SIGTERM", endAlone);
  process.kill(process.pid, "SIGTERM");
}

/** A TCP port on loopback that is free now. */
export async function freePort(): Promise<number> {
  const port = await bind(0);
  if (port === undefined) throw new Error("The system gave no port.");
  return port;
}

/** True when nothing listens on `port` of loopback now. */
export async function portIsFree(port: number): Promise<boolean> {
  return (await bind(port)) !== undefined;
}

/** Listens for a moment; the port it got, or undefined when it is taken. */
async function bind(port: number): Promise<number | undefined> {
  const server = createServer();
  const got = await new Promise<number | undefined>((resolve) => {
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" ? address?.port : undefined);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return got;
}

function tail(file: string): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-20).join("\n");
}
