import { createCatalogue, createClaims, createDeletions, createTombstones, systemRandom } from "@millrace/access";
import { createCollector, createEnricher, type CollectMessage } from "@millrace/collector";
import { hourOf, type EventSink, type EventStore, type Registry } from "@millrace/core";
import { createLedger } from "@millrace/ops";
import { expect } from "vitest";
import { accepted, envelope, message, NOON } from "../src/testing/events.ts";

const DAY = 24 * 3_600_000;
const MESSAGES = 12;
const PROJECT = "p1";
/** Per message: two of Ada's, two of Bob's, two of nobody's of which one is a duplicate by its token, and two that are malformed. */
const OF_ADA = 3;
const OF_BOB = 2;
const ALL = 8;

/** A clock that collectors, registry and store share. */
export function scenarioClock() {
  let now = NOON + 1_000;
  return { now: () => now, advance: (ms: number) => void (now += ms) };
}

export interface ScenarioParts {
  readonly clock: ReturnType<typeof scenarioClock>;
  readonly registry: Registry;
  /** Prepared. */
  readonly store: EventStore;
  /** Makes everything written findable, where a store needs that. */
  readonly refresh: () => Promise<void>;
}

/**
 * One visitor is deleted while messages are stored, wait, and are being written by a collector that has not heard of it; then all
 * messages come again, and once more after longer than any of them could have waited. The visitor stays deleted, nothing else is
 * touched, and in the end every accepted event has one end.
 */
export async function deleteInMidIngest({ clock, registry, store, refresh }: ScenarioParts): Promise<void> {
  const newTombstones = () => createTombstones({ registry, clock, random: systemRandom });
  /** Collectors as separate processes: each with what it knows of tombstones by itself. */
  const newCollector = (sink: EventSink = store) => {
    const collect = createCollector({
      sink,
      catalogue: createCatalogue({ registry, clock }),
      claims: createClaims({ registry, clock }),
      tombstones: newTombstones(),
      enrich: createEnricher(),
      clock,
    });
    return async (messages: readonly CollectMessage[]) =>
      expect(await collect(messages, { deadline: clock.now() + 60_000 })).toEqual({ failed: [] });
  };
  const messages = Array.from({ length: MESSAGES }, (_, m) => messageOf(m));
  const [stored, late, waiting] = [messages.slice(0, 4), messages.slice(4, 8), messages.slice(8)];
  await newCollector()(stored);

  // Has read that nothing is deleted, and is held up in its write until the deletion is over.
  const over = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const lateWork = newCollector({
    append: async (...given) => {
      begun.resolve();
      await over.promise;
      return store.append(...given);
    },
    recordExceptions: (exceptions) => store.recordExceptions(exceptions),
    withdrawExceptions: (late) => store.withdrawExceptions(late),
  })(late);
  await begun.promise;

  const deletions = createDeletions({
    tombstones: newTombstones(),
    store,
    clock,
    wait: async (ms) => clock.advance(ms),
  });
  const where = { project: PROJECT, visitor: "ada", receivedBefore: clock.now() };
  const first = await deletions.delete(where);
  // Those stored, and those rejected of them.
  expect(first).toEqual({ events: 4 * 2, rejected: 4, complete: true });
  over.resolve();
  await lateWork;
  expect(await store.countWhere(where)).toBe(4 * 2);

  await newCollector()(waiting);
  // Delivered again while the late ones are stored still: they have two ends until the next look.
  const again = newCollector();
  await again(messages);
  expect(await deletions.sweep([PROJECT])).toEqual({ events: 4 * 2, rejected: 0, open: 1 });
  clock.advance(3_600_000);
  expect(await deletions.sweep([PROJECT])).toEqual({ events: 0, rejected: 0, open: 0 });

  const balanced = async () => {
    await refresh();
    expect(await store.countWhere(where)).toBe(0);
    expect(await store.countWhere({ ...where, visitor: "bob" })).toBe(MESSAGES * OF_BOB);
    const ledger = createLedger({
      outcomes: (query) => store.outcomes(query),
      accepted: async () => [{ hour: hourOf(NOON), count: MESSAGES * ALL }],
      dead: async () => [],
      refused: async () => [],
    });
    expect(await ledger.hours(PROJECT, NOON, NOON + 1)).toMatchObject([
      {
        stored: MESSAGES * (OF_BOB + 1),
        duplicate: MESSAGES,
        rejected: MESSAGES,
        deleted: MESSAGES * OF_ADA,
        expired: 0,
        inFlight: 0,
      },
    ]);
  };
  await balanced();
  for (const after of [30 * DAY, 398 * DAY]) {
    clock.advance(after);
    await newCollector()(messages);
    await balanced();
  }

  // Ada comes back: that was not deleted.
  await again([message(envelope("later", [ofVisitor("ada")], { receivedAt: where.receivedBefore }))]);
  await refresh();
  expect(await store.countWhere({ ...where, receivedBefore: where.receivedBefore + 1 })).toBe(1);
}

function ofVisitor(visitor: string, parts: Parameters<typeof accepted>[0] = {}) {
  return accepted({ ...parts, context: { visitor } });
}

function messageOf(m: number): CollectMessage {
  const token = { uniquenessToken: `token ${m}` };
  const twins = [accepted(token), accepted(token)];
  // Without a timestamp nothing can be stored; whose it is can be read all the same.
  const unstorable = { ...ofVisitor("ada"), timestamp: null };
  const events = [ofVisitor("ada"), ofVisitor("bob"), ...twins, ofVisitor("ada"), ofVisitor("bob"), unstorable, null];
  return message(envelope(`batch-${m}`, events));
}
