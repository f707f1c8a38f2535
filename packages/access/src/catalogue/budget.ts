import { MillraceError, monthOf, PROPERTY_BUDGET_APART, type Clock, type Registry } from "@millrace/core";
import { LRUCache } from "lru-cache";
import { createJournal, type JournalEnd } from "./journal.ts";
import type { Share } from "./groups.ts";
import { bucketEnd, isOutdated } from "./months.ts";
import { createUsage, pairBytes, roomLeft, type Pair, type Room, type Usage } from "./room.ts";

/**
 * The names that the projects of one group together may have in the mapping of one month's index. A quota per project alone would let the
 * mapping grow with the number of projects. A name that another project uses already costs nothing.
 */
export interface Budget {
  /**
   * Enters pairs as long as there is room. Answers those of them that are in.
   * @param held what the project has in use already: its first few are let in when others have used up the open part
   */
  claim(share: Share, pairs: readonly Pair[], held: Room): Promise<Pair[]>;
  /** The room left for further names of a project that holds so much, from 0 to 1. At most a minute old. */
  left(share: Share, held: Room): Promise<number>;
}

interface Known {
  readonly usage: Usage;
  readonly loadedAt: number;
  end: JournalEnd<Pair>;
}

/** A claim that waits for its turn. */
interface Claim {
  readonly share: Share;
  readonly pairs: readonly Pair[];
  readonly held: Room;
  readonly resolve: (admitted: Pair[]) => void;
  readonly reject: (reason: unknown) => void;
}

const PARTITION = "catalogue";
/** Bytes of the names in one budget. */
export const BUDGET_BYTES = 1_000_000;
/**
 * A quarter is open only to a project's first names: with {@link PROPERTY_BUDGET} that is for eighty new projects in a month
 * when a few have taken all the rest, in names as in bytes.
 */
const KEPT_FOR_FIRST = 0.25;
const FIRST: Room = { pairs: 25, bytes: 3_125 };
const FRESH_MS = 60_000;
const MAX_ATTEMPTS = 500;
/** Most memory for budgets, of which a full one takes about five megabytes. */
const CACHE_BYTES = 128_000_000;
const CACHE_FACTOR = 5;

/** @param most pairs of the projects of one group together in one month */
export function createBudget(registry: Registry, clock: Clock, most: number): Budget {
  const journal = createJournal<Pair>(registry, PARTITION, pairBytes);
  const cache = new LRUCache<string, Known>({
    maxSize: CACHE_BYTES,
    sizeCalculation: ({ usage }) => 1_000 + usage.taken().bytes * CACHE_FACTOR,
  });

  const load = async (share: Share): Promise<Known> => {
    const loadedAt = clock.now();
    const last = share.before === undefined ? [] : (await journal.read(share.before)).entries;
    const { entries, end } = await journal.read(share.journal);
    const usage = createUsage(roomOf(share), last);
    usage.add(entries);
    const known = { usage, loadedAt, end };
    cache.set(share.journal, known);
    return known;
  };
  const roomOf = ({ bucket }: Share): Room => ({
    pairs: bucket === "apart" ? Math.min(most, PROPERTY_BUDGET_APART) : most,
    bytes: BUDGET_BYTES,
  });
  /** What the next new name of a project may use that holds so much. */
  const roomFor = (share: Share, held: Room): Room => {
    const room = roomOf(share);
    const isFirst = held.pairs < FIRST.pairs && held.bytes < FIRST.bytes;
    const part = isFirst || share.own ? 1 : 1 - KEPT_FOR_FIRST;
    return { pairs: Math.ceil(room.pairs * part), bytes: room.bytes * part };
  };

  /** Enters what fits of all these claims with one write. */
  const settle = async (share: Share, claims: readonly Claim[]): Promise<Usage> => {
    const cached = cache.get(share.journal);
    const isUsable = cached && !isOutdated(share.bucket, monthOf(cached.loadedAt), monthOf(clock.now()));
    let known = isUsable ? cached : await load(share);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const { usage } = known;
      const entering: Pair[] = [];
      for (const { pairs, held } of claims) {
        const fitting = usage.fitting(
          pairs.filter((pair) => !usage.has(pair)),
          (before) => roomFor(share, { pairs: held.pairs + before.pairs, bytes: held.bytes + before.bytes }),
        );
        usage.add(fitting);
        entering.push(...fitting);
      }
      // Until it is written nobody else may build on it.
      if (entering.length > 0) cache.delete(share.journal);
      const end = await journal.append(share.journal, known.end, entering, bucketEnd(share.bucket));
      if (end) {
        known.end = end;
        cache.set(share.journal, known);
        return usage;
      }
      known = await load(share);
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
      const claims = Map.groupBy(waiting, ({ share }) => share.journal);
      waiting = [];
      for (const of of claims.values()) {
        const share = of[0]?.share;
        if (!share) continue;
        try {
          const usage = await settle(share, of);
          for (const { pairs, resolve } of of) resolve(pairs.filter((pair) => usage.has(pair)));
        } catch (thrown) {
          for (const { reject } of of) reject(thrown);
        }
      }
    }
    busy = false;
  };

  return {
    claim: (share, pairs, held) =>
      new Promise((resolve, reject) => {
        waiting.push({ share, pairs, held, resolve, reject });
        void work();
      }),
    left: async (share, held) => {
      const cached = cache.get(share.journal);
      const { usage } = cached && clock.now() - cached.loadedAt < FRESH_MS ? cached : await load(share);
      return roomLeft(usage.taken(), roomFor(share, held));
    },
  };
}
