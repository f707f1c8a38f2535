import { LRUCache } from "lru-cache";
import { createBoundedCache } from "./bounded-cache.ts";
import { addUnits, dateIn, parseZone, wallTime, type Clock, type RandomBytes, type Registry } from "@millrace/core";
import type { Project } from "./projects/project.ts";

/**
 * The salts that visitor ids are made with: random, one per project and calendar day of the project's zone. When a salt is
 * gone nobody can tell any more which address an id came from, the operator included.
 */
export interface Salts {
  /**
   * The salt of the day that holds an instant (milliseconds UTC), made on first use; the same for every process. Undefined when that
   * day's salt is over: another one in its place would make a second visitor of everybody.
   */
  saltAt(project: SaltedProject, at: number): Promise<Buffer | undefined>;
  /**
   * The same for an import, which brings days long past: theirs is made on first use too, and lives from then on. A day of which
   * both were recorded and imported after its end has two.
   */
  importSaltAt(project: SaltedProject, at: number): Promise<Buffer>;
  /** Makes today's and tomorrow's salt, so that midnight does not depend on the registry. */
  prepare(project: SaltedProject): Promise<void>;
  /** Deletes what is over. It runs by the clock: a salt that is only hidden from readers can still be found in a file. */
  purge(project: Pick<SaltedProject, "id">): Promise<void>;
}

export type SaltedProject = Pick<Project, "id" | "timezone">;

/** A salt lives this long after its day, or after it was made if that is later (imports of old days). */
export const SALT_KEEP_MS = 48 * 3_600_000;

/** What nobody purged in this time leaves by itself. Not sooner: an item that has expired is not shown to {@link Salts.purge} either. */
const UNPURGED_MS = 7 * 24 * 3_600_000;

const SALT_BYTES = 32;
/** Of memory, for salts and for the days they are of; an entry takes about {@link ENTRY_BYTES} beside its key. */
const CACHE_BYTES = 8_000_000;
const ENTRY_BYTES = 200;
const QUARTER_HOUR_MS = 15 * 60_000;

/** A salt as it is kept. Its end is part of it, as it lies there until it is purged. */
interface SaltRecord {
  /** Base64. */
  readonly salt: string;
  /** Milliseconds UTC. */
  readonly until: number;
}

interface CachedSalt {
  readonly salt: Buffer;
  readonly until: number;
}

/**
 * @param deps.registry one of their own, without recovery: what can be restored is not gone
 */
export function createSalts(deps: { registry: Registry; random: RandomBytes; clock: Clock }): Salts {
  const { registry, random, clock } = deps;
  const cache = createBoundedCache<CachedSalt>({
    maxBytes: CACHE_BYTES,
    bytesOf: (_salt, key) => key.length + ENTRY_BYTES,
  });

  async function saltFor({ id }: SaltedProject, date: string, until: number): Promise<Buffer> {
    const cacheKey = `${id}:${date}`;
    const cached = cache.get(cacheKey);
    if (cached && cached.until > clock.now()) return cached.salt;
    const key = { partition: partitionOf(id), sort: date };
    for (;;) {
      const item = await registry.get<SaltRecord>(key);
      if (item && item.value.until > clock.now()) {
        const salt = Buffer.from(item.value.salt, "base64");
        cache.set(cacheKey, { salt, until: item.value.until });
        return salt;
      }
      // Whoever loses this race reads the winner's salt in the next round: two salts for a day would double its visitors.
      const record: SaltRecord = { salt: Buffer.from(random(SALT_BYTES)).toString("base64"), until };
      await registry.put(key, record, { if: item?.version ?? "absent", expiresAt: until + UNPURGED_MS });
    }
  }

  const days = new LRUCache<string, Day>({
    maxSize: CACHE_BYTES,
    sizeCalculation: (_day, key) => key.length + ENTRY_BYTES,
  });
  /** Calendar arithmetic is slower than the rest of a request; every zone's days begin on a quarter of an hour. */
  function dayOf({ timezone }: SaltedProject, at: number): Day {
    const slot = `${timezone}:${Math.floor(at / QUARTER_HOUR_MS)}`;
    const known = days.get(slot);
    if (known !== undefined) return known;
    const date = dateIn(parseZone(timezone), at);
    const day = { date, over: endOfDay(date, timezone) + SALT_KEEP_MS };
    days.set(slot, day);
    return day;
  }

  async function saltAt(project: SaltedProject, at: number): Promise<Buffer | undefined> {
    const { date, over } = dayOf(project, at);
    return over > clock.now() ? saltFor(project, date, over) : undefined;
  }

  return {
    saltAt,
    async importSaltAt(project, at) {
      const { date, over } = dayOf(project, at);
      return saltFor(project, date, Math.max(over, clock.now() + SALT_KEEP_MS));
    },
    async prepare(project) {
      await saltAt(project, clock.now());
      await saltAt(project, addUnits("day", 1, clock.now(), parseZone(project.timezone)));
    },
    async purge({ id }) {
      for (const { key, value } of await registry.list<SaltRecord>(partitionOf(id))) {
        if (value.until <= clock.now()) await registry.delete(key);
      }
    },
  };
}

interface Day {
  /** `yyyy-mm-dd` in the project's zone. */
  readonly date: string;
  /** When its salt is over, milliseconds UTC. */
  readonly over: number;
}

function partitionOf(project: string): string {
  return `salts:${project}`;
}

function endOfDay(date: string, timezone: string): number {
  const zone = parseZone(timezone);
  return addUnits("day", 1, wallTime(`${date}T00:00`, zone), zone);
}
