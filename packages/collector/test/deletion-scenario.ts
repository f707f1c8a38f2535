import { createCatalogue, createClaims, createDeletions, createTombstones, systemRandom } from "@millrace/access";
import { createCollector, createEnricher, type CollectMessage } from "@millrace/collector";
import { hourOf, type EventSink, type EventStore, type Registry } from "@millrace/core";
import { metricPlan } from "@millrace/core/contract";
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
export async function deleteInMidIngest(parts: ScenarioParts): Promise<void> {
  const { clock, store, refresh } = parts;
  const { newCollector, newHeldCollector, newDeletions } = processesOf(parts);
  const messages = Array.from({ length: MESSAGES }, (_, m) => messageOf(m));
  const [stored, late, waiting] = [messages.slice(0, 4), messages.slice(4, 8), messages.slice(8)];
  await newCollector()(stored);

  // Has read that nothing is deleted, and is held up in its write until the deletion is over.
  const lateWork = await newHeldCollector(late);

  const deletions = newDeletions();
  const where = { project: PROJECT, visitor: "ada", receivedBefore: clock.now() };
  const first = await deletions.delete(where);
  // Those stored, and those rejected of them.
  expect(first).toEqual({ events: 4 * 2, rejected: 4, complete: true });
  await lateWork();
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

/**
 * The same for a property of a collection, with a neighbour in the same messages' store that has one of the same name. Whatever comes
 * again comes without it; what is accepted afterwards has it, and the schema says so.
 */
export async function deletePropertyInMidIngest(parts: ScenarioParts): Promise<void> {
  const { clock, registry, store, refresh } = parts;
  const { newCollector, newHeldCollector, newDeletions } = processesOf(parts);
  const properties = { n: 1, secret: { key: "x" } };
  const of = (m: number, project = PROJECT) =>
    message(
      envelope(
        `${project}-${m}`,
        [accepted({ properties, collection: "visits" }), accepted({ properties, collection: "clicks" })],
        {
          project,
        },
      ),
    );
  const messages = Array.from({ length: 6 }, (_, m) => of(m));
  await newCollector()([...messages.slice(0, 2), of(0, "neighbour")]);
  const lateWork = await newHeldCollector(messages.slice(2, 4));

  const deletions = newDeletions();
  const where = { project: PROJECT, collection: "visits", property: "secret", receivedBefore: clock.now() };
  expect(await deletions.deleteProperty(where)).toEqual({ events: 2, rejected: 0, complete: true });
  await lateWork();
  expect(await deletions.sweep([PROJECT])).toEqual({ events: 2, rejected: 0, open: 1 });
  clock.advance(3_600_000);
  expect(await deletions.sweep([PROJECT])).toEqual({ events: 0, rejected: 0, open: 0 });

  const having = async (project: string, collection: string, path: string) => {
    await refresh();
    const plan = metricPlan(project, { collections: [collection], filter: { kind: "exists", field: path } });
    return (await store.metric(plan)).rows[0]?.values[0];
  };
  const listed = async (project = PROJECT) => {
    const { collections } = await createCatalogue({ registry, clock }).view(project);
    return Object.fromEntries(collections.map(({ name, properties: names }) => [name, Object.keys(names).sort()]));
  };
  for (const after of [0, 30 * DAY, 398 * DAY]) {
    clock.advance(after);
    await newCollector()(messages);
    expect([await having(PROJECT, "visits", "n"), await having(PROJECT, "visits", "secret.key")]).toEqual([6, 0]);
    expect(await having(PROJECT, "clicks", "secret.key")).toBe(6);
    expect(await listed()).toEqual({ visits: ["n"], clicks: ["n", "secret.key"] });
  }
  const later = envelope("later", [accepted({ properties, collection: "visits" })], {
    receivedAt: where.receivedBefore,
  });
  await newCollector()([message(later)]);
  expect(await having(PROJECT, "visits", "secret.key")).toBe(1);
  expect(await listed()).toEqual({ visits: ["n", "secret.key"], clicks: ["n", "secret.key"] });
  expect([await having("neighbour", "visits", "secret.key"), await listed("neighbour")]).toEqual([
    1,
    { visits: ["n", "secret.key"], clicks: ["n", "secret.key"] },
  ]);
}

/** Those who work on one store, each as a process by itself: with what it knows of tombstones and names. */
function processesOf({ clock, registry, store }: ScenarioParts) {
  const newTombstones = () => createTombstones({ registry, clock, random: systemRandom });
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
  return {
    newCollector,
    /** Begins to write, and is held up in it until what it answers is called. */
    newHeldCollector: async (messages: readonly CollectMessage[]): Promise<() => Promise<void>> => {
      const over = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      const work = newCollector({
        append: async (...given) => {
          begun.resolve();
          await over.promise;
          return store.append(...given);
        },
        recordExceptions: (exceptions) => store.recordExceptions(exceptions),
        withdrawExceptions: (late) => store.withdrawExceptions(late),
      })(messages);
      await begun.promise;
      return async () => {
        over.resolve();
        await work;
      };
    },
    newDeletions: () =>
      createDeletions({ tombstones: newTombstones(), store, clock, wait: async (ms) => clock.advance(ms) }),
  };
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
