import type { Clock, RandomBytes } from "@millrace/core";
import type { Demo } from "../demo.ts";
import { dayOf, hoursOf, VISITS, type DayEvent } from "./day.ts";

interface TrafficStatus {
  readonly state: "idle" | "playing";
  /** Events of this play that were accepted, or of the last one. */
  readonly sent: number;
  readonly total: number;
  /** Why the last play ended early. */
  readonly error?: string;
}

export interface Traffic {
  /** Begins a play, unless one goes on. */
  play(): void;
  status(): TrafficStatus;
  /** Ends a play that goes on. */
  stop(): Promise<void>;
}

export interface TrafficDeps {
  readonly demo: () => Demo | undefined;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Between one hour of the day and the next. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A day of 24 hours passes in about so many seconds: slow enough to watch the dashboard move. */
const HOUR_TAKES_MS = 900;

/** Plays a day of visitors of the demo site: sent over HTTP with the project's master key as an import is, hour by hour. */
export function createTraffic({ demo, clock, random, wait }: TrafficDeps): Traffic {
  let status: TrafficStatus = { state: "idle", sent: 0, total: 0 };
  let running: Promise<void> | undefined;
  let ended = new AbortController();

  const run = async (to: Demo, signal: AbortSignal): Promise<void> => {
    const chance = () => Buffer.from(random(4)).readUInt32BE() / 2 ** 32;
    const events = dayOf({ end: clock.now(), url: to.url, visits: VISITS, chance, random });
    status = { state: "playing", sent: 0, total: events.length };
    try {
      for (const hour of hoursOf(events)) {
        await send(to, hour, signal);
        status = { ...status, sent: status.sent + hour.length };
        await wait(HOUR_TAKES_MS, signal);
      }
      status = { ...status, state: "idle" };
    } catch (error) {
      status = { ...status, state: "idle", error: error instanceof Error ? error.message : String(error) };
    }
  };
  return {
    play() {
      const to = demo();
      if (running || !to) return;
      ended = new AbortController();
      running = run(to, ended.signal).finally(() => (running = undefined));
    },
    status: () => status,
    async stop() {
      ended.abort(new Error("The server was stopped."));
      await running;
    },
  };
}

async function send(
  { url, project, masterKey }: Demo,
  events: readonly DayEvent[],
  signal: AbortSignal,
): Promise<void> {
  const body = Object.fromEntries(
    [...Map.groupBy(events, ({ collection }) => collection)].map(([name, list]) => [
      name,
      list.map(({ event }) => event),
    ]),
  );
  const response = await fetch(`${url}/3.0/projects/${project}/events`, {
    method: "POST",
    headers: { authorization: masterKey, "content-type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
  const answer = await response.text();
  if (!response.ok || answer.includes('"success":false')) {
    throw new Error(`Events of the demo were refused (status ${response.status}): ${answer.slice(0, 200)}`);
  }
}
