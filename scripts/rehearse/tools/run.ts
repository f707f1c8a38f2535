import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { stripVTControlCharacters } from "node:util";

export interface Running {
  /** Default: this process's. */
  readonly cwd?: string;
  /** The whole environment. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** Everything it says, as it says it. */
  readonly log?: string;
  readonly signal?: AbortSignal | undefined;
}

export interface Ended {
  /** 128 when a signal ended it. */
  readonly status: number;
  /** Both its streams, without colours. */
  readonly output: string;
}

/**
 * Runs a command to its end, whatever that is. When `signal` aborts, the command's whole process group is killed.
 * @throws Error when it cannot be started, or was aborted
 */
export async function run(command: string, args: readonly string[], options: Running = {}): Promise<Ended> {
  const { cwd, env, log, signal } = options;
  signal?.throwIfAborted();
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    ...(cwd !== undefined && { cwd }),
    ...(env && { env }),
  });
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It is gone already.
    }
  };
  signal?.addEventListener("abort", kill);
  process.once("exit", kill);
  const file = log === undefined ? undefined : createWriteStream(log, { flags: "a" });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      output += String(chunk);
      file?.write(chunk);
    });
  try {
    const status = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? 128));
    });
    signal?.throwIfAborted();
    return { status, output: stripVTControlCharacters(output) };
  } finally {
    signal?.removeEventListener("abort", kill);
    process.off("exit", kill);
    file?.end();
  }
}

/** Runs a command that must succeed. @throws Error with the end of what it said */
export async function succeed(command: string, args: readonly string[], options: Running = {}): Promise<string> {
  const { status, output } = await run(command, args, options);
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}:\n${output.slice(-4_000)}`);
  return output;
}
