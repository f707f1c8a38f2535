import { fork } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { OrderName, Orders } from "./protocol.ts";
import { CODE_VARIABLE, THREADS_VARIABLE } from "./switchboard.ts";

/** A process that has loaded instrumented code and runs tests. */
export interface TestWorker {
  /**
   * @throws SilentWorker when it is busy with one test for longer than any needs, and cannot even say that it gives up
   * @throws Error when it ended, or could not do what it was told
   */
  ask<Name extends OrderName>(name: Name, args: Orders[Name]["args"]): Promise<Orders[Name]["result"]>;
  end(): void;
}

export class SilentWorker extends Error {}

export interface WorkerFiles {
  /** The instrumented code, JSON by URL. */
  readonly code: string;
  /** Where the coverage of threads goes to. */
  readonly threads: string;
}

/** No test of those that are tried in a row takes nearly so long, ms; nor does loading all test files of a package. */
const SILENCE_MS = 60_000;
const HOOKS = new URL("./hooks.ts", import.meta.url).href;

/** @param silence it may say nothing for so long, ms */
export function startWorker(files: WorkerFiles, silence = SILENCE_MS): TestWorker {
  const child = fork(fileURLToPath(new URL("./worker.ts", import.meta.url)), {
    execArgv: ["--disable-warning=ExperimentalWarning", "--import", HOOKS],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // As vitest.config.ts has it: no test reaches anything but this machine.
    env: {
      ...process.env,
      NODE_ENV: "test",
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_EC2_METADATA_DISABLED: "true",
      // A worker that is given up in the middle of a test leaves that test's folder behind: it goes with the run's own.
      TMPDIR: dirname(files.code),
      [CODE_VARIABLE]: files.code,
      [THREADS_VARIABLE]: files.threads,
    },
  });
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => (complaint = `${complaint}${chunk.toString()}`.slice(-2_000)));
  let waiting: PromiseWithResolvers<never> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const settle = (how: (call: PromiseWithResolvers<never>) => void) => {
    clearTimeout(timer);
    const call = waiting;
    waiting = undefined;
    if (call) how(call);
  };
  const watch = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      settle((call) => call.reject(new SilentWorker("The worker says nothing.")));
      child.kill("SIGKILL");
    }, silence);
  };
  child.on("message", (message: { alive: true } | { error: string } | { result: unknown }) => {
    if ("alive" in message) watch();
    else if ("error" in message) settle((call) => call.reject(new Error(message.error)));
    else settle((call) => call.resolve(message.result as never));
  });
  child.on("exit", (code, signal) =>
    settle((call) => call.reject(new Error(`The worker ended (${code ?? signal}). ${complaint}`))),
  );
  return {
    ask(name, args) {
      waiting = Promise.withResolvers();
      watch();
      child.send({ name, args });
      return waiting.promise;
    },
    end() {
      child.kill("SIGKILL");
    },
  };
}
