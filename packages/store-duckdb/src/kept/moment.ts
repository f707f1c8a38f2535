import type { Read } from "../driver.ts";
import type { Look } from "./commits.ts";
import type { Kept, Place } from "./kept.ts";
import type { Part } from "./part.ts";
import type { Span } from "./spans.ts";

/** One snapshot, and the parts that are of its moment: everybody's where nothing has touched them, and what it has read itself. */
export interface Moment {
  readonly read: Read;
  /** How often a statement has failed: the snapshot after it is another one, and what was read before is of another moment. */
  restarts(): number;
  /** Whether everybody who looks sees the same of that span. */
  isEverybodys(place: Omit<Place, "key">): boolean;
  find(place: Place, isEverybodys: boolean): Part | undefined;
  /** @param restarts how many there had been when the part was asked for */
  keep(place: Place & { readonly span: Span }, part: Part, isEverybodys: boolean, restarts: number): void;
}

/** What one snapshot remembers for itself: what is touched all the time, and what there is no room for. */
const MOST_OWN_BYTES = 32_000_000;

/** @param look begun before the snapshot was */
export function createMoment(read: Read, look: Look, kept: Kept): Moment {
  let restarts = 0;
  const own = new Map<string, Part>();
  let ownBytes = 0;
  return {
    read: async (statement, options) => {
      try {
        return await read(statement, options);
      } catch (thrown) {
        restarts += 1;
        own.clear();
        ownBytes = 0;
        throw thrown;
      }
    },
    restarts: () => restarts,
    isEverybodys: ({ project, time, span }) => look.untouched(project, time, span),
    find: (place, isEverybodys) => own.get(nameOf(place)) ?? (isEverybodys ? kept.get(place) : undefined),
    keep: (place, part, isEverybodys, before) => {
      if (place.span.isWhole && isEverybodys && kept.put(place, part)) return;
      if (restarts !== before || ownBytes + part.bytes > MOST_OWN_BYTES) return;
      own.set(nameOf(place), part);
      ownBytes += part.bytes;
    },
  };
}

/** The project and its column of time are in the key. */
function nameOf({ key, span: { start, end } }: Place): string {
  return `${key} ${start} ${end}`;
}
