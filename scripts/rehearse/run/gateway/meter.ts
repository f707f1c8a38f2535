import type { Call, Incoming } from "../calls/call.ts";

/** What AWS bills of the calls of one kind. */
export interface Count {
  calls: number;
  /** Of requests and answers. */
  bytesIn: number;
  bytesOut: number;
}

/** Counts calls by who made them and what they were: `ingest sqs:SendMessage`. */
export interface Meter {
  count(
    actor: string,
    call: Pick<Call, "service" | "operation">,
    incoming: Pick<Incoming, "body">,
    answer: number,
  ): void;
  /** Calls since the last reading, which begins a new one. */
  read(): ReadonlyMap<string, Count>;
}

export function createMeter(): Meter {
  let counts = new Map<string, Count>();
  return {
    count(actor, { service, operation }, { body }, answer) {
      const key = `${actor} ${service}:${operation}`;
      const count = counts.get(key) ?? { calls: 0, bytesIn: 0, bytesOut: 0 };
      counts.set(key, {
        calls: count.calls + 1,
        bytesIn: count.bytesIn + body.length,
        bytesOut: count.bytesOut + answer,
      });
    },
    read() {
      const read = counts;
      counts = new Map();
      return read;
    },
  };
}
