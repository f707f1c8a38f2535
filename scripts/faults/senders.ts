import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Random } from "../../bench/simulation/random.ts";
import { loadId } from "../../packages/tracker/src/id.ts";
import { call, type Reply } from "../product/api.ts";
import type { Tenant } from "./tenants.ts";

export const COLLECTION = "steps";

/** A client that sends events and repeats each, under the same identity, until it is told yes. */
export interface Sender {
  /** Makes `count` events and sends what waits. */
  send(count: number): Promise<void>;
  /** Sends until nothing waits. */
  drain(isOver: () => boolean): Promise<void>;
}

export interface SenderParts {
  readonly base: string;
  readonly tenant: Tenant;
  readonly random: Random;
  /** Told of an answer that no good sender may get: a 4xx, or a bulk that refused an event. */
  readonly refused: (reply: string) => void;
}

interface Waiting {
  readonly number: number;
  /** Milliseconds UTC of the making, by the sender's clock. */
  readonly at: number;
}

/** The longest pause between two attempts: short, so that a campaign of minutes sees many of them. */
const LONGEST_PAUSE_MS = 2_000;

/** An answer, and the places in the request of the events that it refuses although it is a yes. */
interface Posted {
  readonly reply: Reply;
  readonly refused: ReadonlySet<number>;
}

/** The loop that all senders share; `post` sends the given ones in one request. */
function createSender(parts: SenderParts, most: number, post: (events: readonly Waiting[]) => Promise<Posted>): Sender {
  const { tenant, random } = parts;
  const waiting: Waiting[] = [];
  let failures = 0;
  async function attempt(): Promise<void> {
    // A client whose answer was lost does not send the same batch again: more has come meanwhile, or less fits.
    const batch = waiting.slice(0, 1 + Math.floor(random.uniform() * most));
    const { reply, refused } = await post(batch);
    const status = reply === "no answer" ? 0 : reply.status;
    if (status >= 200 && status < 300) {
      failures = 0;
      for (const [at, { number }] of batch.entries()) if (!refused.has(at)) tenant.book.acknowledge(number);
      if (refused.size > 0 && reply !== "no answer") parts.refused(`${status} ${reply.text.slice(0, 300)}`);
      waiting.splice(0, batch.length);
      return;
    }
    if (reply !== "no answer" && status < 500 && status !== 429 && status !== 408) {
      parts.refused(`${status} ${reply.text.slice(0, 300)}`);
      waiting.splice(0, batch.length);
      return;
    }
    const pause = random.uniform() * Math.min(LONGEST_PAUSE_MS, 50 * 2 ** Math.min(failures++, 10));
    await delay(reply === "no answer" ? pause : Math.max(pause, Math.min(reply.retryAfterMs, LONGEST_PAUSE_MS)));
  }
  return {
    async send(count) {
      const at = Date.now();
      for (let i = 0; i < count; i++) waiting.push({ number: tenant.book.next(), at });
      if (waiting.length > 0) await attempt();
    },
    async drain(isOver) {
      while (waiting.length > 0 && !isOver()) await attempt();
    },
  };
}

/** A document load of the browser tracker: `skewMs` is how far the visitor's clock is off. */
export function createTracker(parts: SenderParts, skewMs: number): Sender {
  const load = loadId(Date.now() + skewMs);
  return createSender(parts, 100, async (events) => {
    const sentAt = Date.now() + skewMs;
    const body = {
      v: 1,
      k: parts.tenant.writeKey,
      i: load,
      s: sentAt,
      a: 0,
      c: { l: "en", z: "Europe/Paris", w: [800, 600, 800, 600] },
      d: {},
      e: events.map(({ number, at }) => ({
        q: number,
        n: COLLECTION,
        t: Math.max(0, sentAt - skewMs - at),
        g: 1,
        u: "https://example.com/start",
        T: "Start",
        p: { n: number },
      })),
    };
    const reply = await call(`${parts.base}/v1/e`, { body: JSON.stringify(body) });
    return { reply, refused: refusedIn(reply, ({ refused = [] }: TrackerAnswer) => refused.map(({ index }) => index)) };
  });
}

/** An importer: bulks with the master key, ids made from what it reads, events of the given time. */
export function createImporter(parts: SenderParts, timeOf: (number: number) => number): Sender {
  const { tenant, base } = parts;
  const own = randomBytes(6).toString("hex");
  return createSender(parts, 200, async (events) => {
    const body = {
      [COLLECTION]: events.map(({ number }) => {
        const time = timeOf(number);
        const id = `${time.toString(16).padStart(12, "0")}${own}-${number}`;
        return { n: number, keen: { id, timestamp: new Date(time).toISOString() } };
      }),
    };
    const reply = await call(`${base}/3.0/projects/${tenant.project}/events`, {
      key: tenant.masterKey,
      body: JSON.stringify(body),
    });
    const failures = (answer: BulkAnswer) =>
      (answer[COLLECTION] ?? []).flatMap(({ success }, at) => (success ? [] : [at]));
    return { reply, refused: refusedIn(reply, failures) };
  });
}

interface TrackerAnswer {
  readonly refused?: readonly { readonly index: number }[];
}

/** Keen's answer to a bulk: 200, whatever became of its events. */
type BulkAnswer = Readonly<Record<string, readonly { readonly success: boolean }[]>>;

/** What a yes leaves out. */
function refusedIn<Answer>(reply: Reply, read: (answer: Answer) => readonly number[]): ReadonlySet<number> {
  if (reply === "no answer" || reply.status < 200 || reply.status >= 300) return new Set();
  return new Set(read(JSON.parse(reply.text) as Answer));
}
