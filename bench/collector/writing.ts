import type { CollectMessage, Collector } from "@millrace/collector";
import { median, type Call } from "./server.ts";

/** Messages of one call, as a Lambda invocation gets them. */
const PER_CALL = 10;
/** Both run as two at a time: while one waits for the server, the other prepares. */
const SIDE_BY_SIDE = 2;
const BODY_EVENTS = 2_000;

async function sideBySide(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  return performance.now() - start;
}

/** Milliseconds that two collectors take for the messages. */
export function collectAll(collect: Collector, messages: readonly CollectMessage[]): Promise<number> {
  const calls = Array.from({ length: Math.ceil(messages.length / PER_CALL) }, (_, i) =>
    messages.slice(i * PER_CALL, (i + 1) * PER_CALL),
  ).values();
  return sideBySide(async () => {
    for (const call of calls) {
      const { failed } = await collect(call, { deadline: Date.now() + 120_000 });
      if (failed.length > 0) throw new Error(`${failed.length} messages failed.`);
    }
  });
}

/** Milliseconds that two loops around `_bulk` take for the bodies: no decoding, no enriching, no answer read but its `errors`. */
export function feedAll(call: Call, index: string, bodies: readonly string[]): Promise<number> {
  const next = bodies.values();
  return sideBySide(async () => {
    for (const body of next) {
      const { errors } = await call<{ errors: boolean }>("POST", `/${index}/_bulk?filter_path=errors`, body);
      if (errors) throw new Error("The feeder had errors.");
    }
  });
}

/** The documents of an index as bulk bodies, by time. */
export async function bodiesOf(call: Call, index: string): Promise<string[]> {
  const bodies: string[] = [];
  let after: unknown[] | undefined;
  for (;;) {
    const { hits } = await call<{ hits: { hits: { _id: string; _source: object; sort: unknown[] }[] } }>(
      "POST",
      `/${index}/_search`,
      { size: BODY_EVENTS, sort: [{ timestamp: "asc" }, { id: "asc" }], ...(after && { search_after: after }) },
    );
    if (hits.hits.length === 0) return bodies;
    const lines = hits.hits.map(
      ({ _id, _source }) => `${JSON.stringify({ create: { _id } })}\n${JSON.stringify(_source)}\n`,
    );
    bodies.push(lines.join(""));
    after = hits.hits.at(-1)?.sort;
  }
}

export interface Turn {
  readonly collector: () => Promise<number>;
  readonly feeder: () => Promise<number>;
}

/** Runs turns, the one and the other first by turns, so that a noisy machine is as noisy for both; one row of the table. */
export async function compare(what: string, turns: readonly Turn[], eventsPerTurn: number): Promise<object> {
  const collector: number[] = [];
  const feeder: number[] = [];
  for (const [i, turn] of turns.entries()) {
    if (i % 2 === 0) collector.push(await turn.collector());
    feeder.push(await turn.feeder());
    if (i % 2 === 1) collector.push(await turn.collector());
  }
  const rate = (ms: readonly number[]) => Math.round((eventsPerTurn / median(ms)) * 1000);
  return {
    where: what,
    "collector events/s": rate(collector),
    "feeder events/s": rate(feeder),
    ratio: (median(feeder) / median(collector)).toFixed(2),
  };
}
