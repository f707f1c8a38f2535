import { MillraceError, PROPERTY_BUDGET_APART, type Clock, type Registry } from "@millrace/core";
import { LRUCache } from "lru-cache";
import { createJournal, type JournalEnd } from "./journal.ts";
import { bucketBefore, bucketEnd, bucketName, type Bucket } from "./months.ts";
import { createUsage, pairBytes, type Pair, type Room, type Usage } from "./room.ts";

/**
 * The names that all projects together may have in the mapping of one month's index. A quota per project alone would let the
 * mapping grow with the number of projects. A name that another project uses already costs nothing.
 */
export interface Budget {
  /**
   * Enters pairs as long as there is room. Answers those of them that are in.
   * @param held pairs the project has in use already: its first few are let in when others have used up the open part
   */
  claim(bucket: Bucket, pairs: readonly Pair[], held: number): Promise<Pair[]>;
  /** True when a further new name of a project with `held` pairs does not fit. At most a minute old. */
  full(bucket: Bucket, held: number): Promise<boolean>;
}

interface Known {
  readonly usage: Usage;
  readonly loadedAt: number;
  end: JournalEnd<Pair>;
}

const PARTITION = "catalogue";
const BYTES = 1_000_000;
/**
 * A quarter is open only to a project's first names: with {@link PROPERTY_BUDGET} that is for a hundred new projects in a month
 * when a few have taken all the rest.
 */
const KEPT_FOR_FIRST = 0.25;
const FIRST_NAMES = 25;
const FRESH_MS = 60_000;
const MAX_ATTEMPTS = 500;
/** All buckets there are at a time, and some that are just over. */
const MAX_BUCKETS = 20;

/** @param most pairs of all projects together in one month */
export function createBudget(registry: Registry, clock: Clock, most: number): Budget {
  const journal = createJournal<Pair>(registry, PARTITION, pairBytes);
  const cache = new LRUCache<Bucket, Known>({ max: MAX_BUCKETS });

  const load = async (bucket: Bucket): Promise<Known> => {
    const loadedAt = clock.now();
    const before = bucketBefore(bucket);
    const last = before === undefined ? [] : (await journal.read(bucketName(before))).entries;
    const { entries, end } = await journal.read(bucketName(bucket));
    const usage = createUsage(roomOf(bucket), last);
    usage.add(entries);
    const known = { usage, loadedAt, end };
    cache.set(bucket, known);
    return known;
  };
  const roomOf = (bucket: Bucket): Room => ({
    pairs: bucket === "apart" ? Math.min(most, PROPERTY_BUDGET_APART) : most,
    bytes: BYTES,
  });
  /** What the n-th new name of a project may use. */
  const roomFor = (bucket: Bucket, nth: number): Room => {
    const room = roomOf(bucket);
    const part = nth < FIRST_NAMES ? 1 : 1 - KEPT_FOR_FIRST;
    return { pairs: Math.ceil(room.pairs * part), bytes: room.bytes * part };
  };

  const claim: Budget["claim"] = async (bucket, pairs, held) => {
    let known = cache.get(bucket) ?? (await load(bucket));
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const { usage } = known;
      const entering = usage.fitting(
        pairs.filter((pair) => !usage.has(pair)),
        (nth) => roomFor(bucket, held + nth),
      );
      const end = await journal.append(bucketName(bucket), known.end, entering, bucketEnd(bucket));
      if (end) {
        known.end = end;
        usage.add(entering);
        return pairs.filter((pair) => usage.has(pair));
      }
      known = await load(bucket);
    }
    throw new MillraceError("ServiceUnavailable", "Too many writers to the catalogue. Try again.");
  };

  // One at a time: claims of one process would only make each other's conditional writes fail.
  let last: Promise<unknown> = Promise.resolve();
  return {
    claim: (bucket, pairs, held) => {
      const turn = last.then(
        () => claim(bucket, pairs, held),
        () => claim(bucket, pairs, held),
      );
      last = turn;
      return turn;
    },
    full: async (bucket, held) => {
      const cached = cache.get(bucket);
      const { usage } = cached && clock.now() - cached.loadedAt < FRESH_MS ? cached : await load(bucket);
      const taken = usage.taken();
      const room = roomFor(bucket, held);
      return taken.pairs >= room.pairs || taken.bytes >= room.bytes;
    },
  };
}
