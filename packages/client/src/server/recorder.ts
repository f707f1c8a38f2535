import type { MillraceClientError } from "../error.ts";
import type { Fetch } from "../http.ts";
import type { Recipient, Refused } from "./deliver.ts";
import { toWaiting, type EventMap, type RecordOptions } from "./events.ts";
import { onExit } from "./exit.ts";
import { WaitingEvents } from "./queue.ts";
import { createSender } from "./sender.ts";

export interface RecorderOptions {
  /** Where Millrace is, such as `https://stats.example.com`. */
  readonly url: string;
  readonly projectId: string;
  readonly writeKey: string;
  /** A batch that is not full waits this long for more. Default 1,000 ms. */
  readonly waitMs?: number;
  /** What may wait while the server does not answer. Default 16 MiB. */
  readonly limitBytes?: number;
  /** One attempt may take so long. Default 10 s. */
  readonly timeoutMs?: number;
  /** At the end of the process so much time is spent on what still waits. Default 10 s. */
  readonly exitMs?: number;
  /** False: the program calls `close()` itself before it ends. Default true. */
  readonly flushOnExit?: boolean;
  /** Told of every event that will not be stored, and why. Default: a warning on the console. */
  readonly onLost?: (lost: Lost) => void;
  /** Told of an attempt that failed and will be made again, with how many failed in a row. Default: a warning for the first. */
  readonly onRetry?: (error: MillraceClientError, failures: number) => void;
  /** Default: the global `fetch`. */
  readonly fetch?: Fetch;
}

/**
 * `refused`: the server will not take it. `full`: there was no room for it. `exit`: the process ended, or the recorder was closed,
 * before the server answered.
 */
export type Lost =
  ({ readonly reason: "refused" } & Refused) | { readonly reason: "full" | "exit"; readonly events: number };

/**
 * Records what happens on a server. `Events` says what may be recorded, by collection, if the program wants it checked:
 * `{ purchases: { amount: number } }`. The same type describes the tracker's events.
 */
export interface Recorder<Events extends object = EventMap> {
  /**
   * Takes one event, to be sent with others. Returns at once; whatever the network and the server do, it does not throw.
   * @throws TypeError for properties that JSON cannot hold (a circle, a bigint)
   */
  record<Name extends keyof Events & string>(
    collection: Name,
    properties: Events[Name] & object,
    options?: RecordOptions,
  ): void;
  /** Resolves when the server has answered for everything that waits. On an edge runtime: `waitUntil(recorder.flush())`. */
  flush(): Promise<void>;
  /** The same, at most `exitMs` long; nothing can be recorded afterwards. */
  close(): Promise<void>;
}

/** A recorder for Node, edge runtimes and workers: batches, tries again for as long as it takes, and stores every event once. */
export function createRecorder<Events extends object = EventMap>(options: RecorderOptions): Recorder<Events> {
  const { waitMs = 1_000, exitMs = 10_000, onLost = warnOfLost, onRetry = warnOfRetry } = options;
  const to: Recipient = {
    url: `${options.url.replace(/\/+$/, "")}/3.0/projects/${encodeURIComponent(options.projectId)}/events`,
    writeKey: options.writeKey,
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    timeoutMs: options.timeoutMs ?? 10_000,
  };
  const waiting = new WaitingEvents(options.limitBytes ?? 16 * 1024 * 1024);
  const onRefused = (refused: Refused): void => onLost({ reason: "refused", ...refused });
  const sender = createSender(to, waiting, { onRefused, onRetry });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let open = true;

  const disarm = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const flush = (): Promise<void> => {
    disarm();
    return sender.drain();
  };
  const start = (): void => {
    disarm();
    sender.start();
  };
  const drain = async (): Promise<void> => {
    let giveUp: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => (giveUp = setTimeout(resolve, exitMs)));
    await Promise.race([flush(), late]);
    clearTimeout(giveUp);
  };
  const abandon = (): void => {
    open = false;
    sender.stop();
    const events = waiting.clear();
    if (events > 0) onLost({ reason: "exit", events });
  };
  const ending = { pending: () => waiting.size > 0, drain, abandon };
  const stay = options.flushOnExit === false ? () => {} : onExit(ending);

  return {
    record(collection, properties, recordOptions) {
      const event = toWaiting(collection, properties, recordOptions);
      if (!open || !waiting.add(event)) return onLost({ reason: open ? "full" : "exit", events: 1 });
      if (waiting.full) return start();
      timer ??= setTimeout(start, waitMs);
      unref(timer);
    },
    flush,
    async close() {
      open = false;
      stay();
      await drain();
      abandon();
    },
  };
}

/** A batch that waits for company holds no process open: what waits is sent when the process has nothing else to do. */
function unref(timer: unknown): void {
  if (typeof timer !== "object" || timer === null || !("unref" in timer)) return;
  if (typeof timer.unref === "function") timer.unref();
}

function warnOfLost(lost: Lost): void {
  const what =
    lost.reason === "refused"
      ? `an event of ${lost.collection}: ${lost.error.message}`
      : `${lost.events} events (${lost.reason})`;
  console.warn(`Millrace: not recorded: ${what}`);
}

function warnOfRetry({ message }: MillraceClientError, failures: number): void {
  if (failures === 1) console.warn(`Millrace: ${message} Events wait and are sent again.`);
}
