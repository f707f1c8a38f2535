import { LRUCache } from "lru-cache";
import { addUnits, dateIn, parseZone, wallTime, type Clock, type RandomBytes, type Registry } from "@millrace/core";
import type { Project } from "./projects/project.ts";

/**
 * The salts that visitor ids are made with: random, one per project and calendar day of the project's zone. When a salt is
 * gone nobody can tell any more which address an id came from, the operator included.
 */
export interface Salts {
  /** The salt of a calendar day (`yyyy-mm-dd` in the project's zone), made on first use; the same for every process. */
  saltFor(project: SaltedProject, date: string): Promise<Buffer>;
  /** The salt of the day that holds an instant (milliseconds UTC). */
  saltAt(project: SaltedProject, at: number): Promise<Buffer>;
  /** Makes today's and tomorrow's salt, so that midnight does not depend on the registry. */
  prepare(project: SaltedProject): Promise<void>;
}

export type SaltedProject = Pick<Project, "id" | "timezone">;

/** A salt lives this long after its day, or after it was made if that is later (imports of old days). */
export const SALT_KEEP_MS = 48 * 3_600_000;

const SALT_BYTES = 32;
const MAX_CACHED = 1_000;
const QUARTER_HOUR_MS = 15 * 60_000;

interface CachedSalt {
  readonly salt: Buffer;
  readonly expiresAt: number;
}

export function createSalts(deps: { registry: Registry; random: RandomBytes; clock: Clock }): Salts {
  const { registry, random, clock } = deps;
  const cache = new LRUCache<string, CachedSalt>({ max: MAX_CACHED });

  async function saltFor({ id, timezone }: SaltedProject, date: string): Promise<Buffer> {
    const cacheKey = `${id}:${date}`;
    const cached = cache.get(cacheKey);
    if (cached && cached.expiresAt > clock.now()) return cached.salt;
    const key = { partition: `salts:${id}`, sort: date };
    for (;;) {
      const item = await registry.get<string>(key);
      if (item) {
        const salt = Buffer.from(item.value, "base64");
        cache.set(cacheKey, { salt, expiresAt: item.expiresAt ?? clock.now() });
        return salt;
      }
      const expiresAt = Math.max(clock.now(), endOfDay(date, timezone)) + SALT_KEEP_MS;
      // Whoever loses this race reads the winner's salt in the next round: two salts for a day would double its visitors.
      await registry.put(key, Buffer.from(random(SALT_BYTES)).toString("base64"), { if: "absent", expiresAt });
    }
  }

  const days = new LRUCache<string, string>({ max: MAX_CACHED });
  /** Calendar arithmetic is slower than the rest of a request; every zone's days begin on a quarter of an hour. */
  function dayOf({ timezone }: SaltedProject, at: number): string {
    const slot = `${timezone}:${Math.floor(at / QUARTER_HOUR_MS)}`;
    const known = days.get(slot);
    if (known !== undefined) return known;
    const day = dateIn(parseZone(timezone), at);
    days.set(slot, day);
    return day;
  }

  return {
    saltFor,
    saltAt: (project, at) => saltFor(project, dayOf(project, at)),
    async prepare(project) {
      const tomorrow = addUnits("day", 1, clock.now(), parseZone(project.timezone));
      await saltFor(project, dayOf(project, clock.now()));
      await saltFor(project, dayOf(project, tomorrow));
    },
  };
}

function endOfDay(date: string, timezone: string): number {
  const zone = parseZone(timezone);
  return addUnits("day", 1, wallTime(`${date}T00:00`, zone), zone);
}
