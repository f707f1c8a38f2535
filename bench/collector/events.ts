import type { CollectMessage } from "@millrace/collector";
import { ENVELOPE_VERSION, mintId, type AcceptedEvent, type Envelope } from "@millrace/core";
import { randomBytes, randomUUID } from "node:crypto";

export const PROJECT = "bench";
export const DAY = 86_400_000;
/** The events lie in the first 20 days of this month. */
export const START = Date.UTC(2026, 10, 1);
export const DAYS = 20;
export const PER_MESSAGE = 500;

/** A generator of repeatable numbers, the same events in every run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const random = numbers(1);
const pick = <T>(of: readonly T[]): T => of[Math.floor(random() ** 2 * of.length)] as T;
const PATHS = Array.from({ length: 400 }, (_, i) => `/section-${i % 20}/page-${i}`);
const AGENTS = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
];
const VISITORS = Array.from({ length: 40_000 }, (_, i) => `visitor-${i}`);

function event(at: number): AcceptedEvent {
  return {
    id: mintId(at, randomBytes(10)),
    collection: random() < 0.7 ? "pageviews" : "clicks",
    timestamp: at,
    properties: {
      plan: pick(["free", "pro", "team"]),
      price: Math.round(random() * 10_000) / 100,
      seats: Math.floor(random() * 50),
      trial: random() < 0.3,
      tags: [pick(["a", "b", "c"]), pick(["x", "y"])],
      widget: { id: `w${Math.floor(random() * 300)}`, kind: pick(["chart", "table", "map"]) },
    },
    context: { visitor: pick(VISITORS), page_path: pick(PATHS), visit_id: randomUUID() },
    raw: { userAgent: pick(AGENTS), url: `https://www.example.com${pick(PATHS)}`, timezone: "Europe/Berlin" },
  };
}

/** Message number `index` of as many as `events` events need, as ingest would have queued it. */
export function messageAt(index: number, events: number): CollectMessage {
  const base = Math.floor(START + ((index * PER_MESSAGE) / events) * DAYS * DAY);
  const envelope: Envelope = {
    v: ENVELOPE_VERSION,
    batch: randomUUID(),
    project: PROJECT,
    receivedAt: base + PER_MESSAGE,
    instance: "bench",
    sequence: index,
    accepted: (index + 1) * PER_MESSAGE,
    request: { executionId: "bench", function: "ingest", coldStart: false, durationMs: 1, route: "/v1/e", bytes: 1 },
    events: Array.from({ length: PER_MESSAGE }, (_, i) => event(base + i)),
  };
  return { id: envelope.batch, body: JSON.stringify(envelope), receiveCount: 1, sentAt: envelope.receivedAt };
}
