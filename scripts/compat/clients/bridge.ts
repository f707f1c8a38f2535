import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A program that calls a client of another language: a request a line in, an answer a line out. */
export type Bridge = (request: string) => Promise<{ readonly value?: unknown; readonly error?: unknown }>;

/** Starts it for as long as `stack` lives. Calls go strictly one after the other, as the cases are run. */
export function openBridge(command: string, args: readonly string[], stack: AsyncDisposableStack): Bridge {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  stack.defer(() => void child.kill());
  // That it ended is said by the answer that does not come.
  child.stdin.on("error", () => {});
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return async (request) => {
    child.stdin.write(`${request}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`${command} ended.`);
    return JSON.parse(value) as Awaited<ReturnType<Bridge>>;
  };
}
