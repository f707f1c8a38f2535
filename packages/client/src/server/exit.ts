/** The part of Node's `process` that is used; other runtimes have none of it. */
interface ProcessLike {
  readonly pid: number;
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
  listenerCount(event: string): number;
  kill(pid: number, signal: string): unknown;
}

/** What is to be done before a process ends. */
export interface Ending {
  /** True while something waits. */
  readonly pending: () => boolean;
  /** Sends it, for as long as that may take. Never rejects. */
  readonly drain: () => Promise<void>;
  /** Gives up what still waits, so that nothing holds the process any longer. */
  readonly abandon: () => void;
}

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/**
 * Sends what waits before the process ends: when its work is done, and on the signals that ask it to end. A program without a
 * handler of its own ends by the signal afterwards, as it would have (a second signal ends it at once); one with a handler goes on
 * until it ends itself, and should wait for `close()`.
 * @returns takes the handlers away
 */
export function onExit({ pending, drain, abandon }: Ending): () => void {
  const { process } = globalThis as { process?: Partial<ProcessLike> };
  if (!isNode(process)) return () => {};
  const handlers = SIGNALS.map((signal) => {
    let asked = false;
    const end = (): void => {
      if (process.listenerCount(signal) > 1) return;
      abandon();
      process.off(signal, handler);
      process.kill(process.pid, signal);
    };
    const handler = (): void => {
      if (asked) return end();
      asked = true;
      void drain().then(() => {
        asked = false;
        end();
      });
    };
    process.on(signal, handler);
    return [signal, handler] as const;
  });
  // The timer of a batch that waits holds no process open. Node asks once more after whatever this started, until nothing did.
  const whenDone = (): void => {
    if (pending()) void drain().then(abandon);
  };
  process.on("beforeExit", whenDone);
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
    process.off("beforeExit", whenDone);
  };
}

function isNode(process: Partial<ProcessLike> | undefined): process is ProcessLike {
  return typeof process?.on === "function" && typeof process.kill === "function" && typeof process.pid === "number";
}
