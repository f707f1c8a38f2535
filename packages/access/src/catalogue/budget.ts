import { MillraceError, monthOf, PROPERTY_BUDGET_APART, type Clock, type Registry } from "@millrace/core";
import { LRUCache } from "lru-cache";
import { createJournal, type JournalEnd } from "./journal.ts";
import { bucketBefore, bucketEnd, bucketName, isOutdated, type Bucket } from "./months.ts";
import { createUsage, pairBytes, roomLeft, type Pair, type Room, type Usage } from "./room.ts";

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
  /** The room left for further names of a project with `held` pairs, from 0 to 1. At most a minute old. */
  left(bucket: Bucket, held: number): Promise<number>;
}

interface Known {
  readonly usage: Usage;
  readonly loadedAt: number;
  end: JournalEnd<Pair>;
}

/** A claim that waits for its turn. */
interface Claim {
  readonly bucket: Bucket;
  readonly pairs: readonly Pair[];
  readonly held: number;
  readonly resolve: (admitted: Pair[]) => void;
  readonly reject: (reason: unknown) => void;
}

const PARTITION = "catalogue";
const BYTES = 1_000_000;
/**
 * A quarter is open only to a project's first names: with {@link PROPERTY_BUDGET} that is for eighty new projects in a month
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

  /** Enters what fits of all these claims with one write. */
  const settle = async (bucket: Bucket, claims: readonly Claim[]): Promise<Usage> => {
    const cached = cache.get(bucket);
    const isUsable = cached && !isOutdated(bucket, monthOf(cached.loadedAt), monthOf(clock.now()));
    let known = isUsable ? cached : await load(bucket);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const { usage } = known;
      const entering: Pair[] = [];
      for (const { pairs, held } of claims) {
        const fitting = usage.fitting(
          pairs.filter((pair) => !usage.has(pair)),
          (nth) => roomFor(bucket, held + nth),
        );
        usage.add(fitting);
        entering.push(...fitting);
      }
      // Until it is written nobody else may build on it.
      if (entering.length > 0) cache.delete(bucket);
      const end = await journal.append(bucketName(bucket), known.end, entering, bucketEnd(bucket));
      if (end) {
        known.end = end;
        cache.set(bucket, known);
        return usage;
      }
      known = await load(bucket);
    }
    throw new MillraceError("ServiceUnavailable", "Too many writers to the catalogue. Try again.");
  };

  let waiting: Claim[] = [];
  let busy = false;
  // One write at a time, for all who wait: claims of one process would only make each other's conditional writes fail, and when
  // a month begins every project comes with all its names.
  const work = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    while (waiting.length > 0) {
      const claims = Map.groupBy(waiting, ({ bucket }) => bucket);
      waiting = [];
      for (const [bucket, of] of claims) {
        try {
          const usage = await settle(bucket, of);
          for (const { pairs, resolve } of of) resolve(pairs.filter((pair) => usage.has(pair)));
        } catch (thrown) {
          for (const { reject } of of) reject(thrown);
        }
      }
    }
    busy = false;
  };

  return {
    claim: (bucket, pairs, held) =>
      new Promise((resolve, reject) => {
        waiting.push({ bucket, pairs, held, resolve, reject });
        void work();
      }),
    left: async (bucket, held) => {
      const cached = cache.get(bucket);
      const { usage } = cached && clock.now() - cached.loadedAt < FRESH_MS ? cached : await load(bucket);
      return roomLeft(usage.taken(), roomFor(bucket, held));
    },
  };
}
