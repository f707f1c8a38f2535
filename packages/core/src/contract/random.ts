import type { StoredEvent } from "../event/event.ts";
import { MillraceError } from "../error.ts";
import { moveToOverflow } from "../event/flatten.ts";
import { mintId } from "../event/identity.ts";
import type { PropertyView } from "../query/field.ts";
import type { EventStore } from "../store/port.ts";
import { ANY_TIME, storedEvent, TYPED } from "./fixtures.ts";
import type { EventSeed } from "./generate/events.ts";

export interface DifferentialOptions {
  readonly name: string;
  readonly create: () => Promise<EventStore>;
  /** Makes what was appended visible to queries, where a store needs that. */
  readonly refresh?: () => Promise<void>;
  /** Questions compared of each kind. Default: as few as prove anything. */
  readonly cases?: number;
}

const ALWAYS_TYPED = new Set(["a", "__proto__", "deep.a"]);
const untyped: PropertyView["untyped"] = (path) => (ALWAYS_TYPED.has(path) ? [] : ANY_TIME);
/** Half of the vocabulary is beyond the quota: kept as equality tokens. */
const FULL: PropertyView = { admits: (path) => ALWAYS_TYPED.has(path), untyped };
/** The same half was beyond the quota in every other event, and typed in the rest. */
const SPLIT: PropertyView = { admits: () => true, untyped };

/** How properties may be known: all typed, or half of them beyond the quota, always or now and then. */
export const VIEWS: readonly PropertyView[] = [TYPED, FULL, SPLIT];

/**
 * How long a round of random cases may take, the search for a smaller one that fails included. Without an end that search is taken for a
 * test that hangs, and what was found is never said; a case that does hang is named, too.
 */
export const WHILE_SOMEBODY_WAITS = { interruptAfterTimeLimit: 300_000, markInterruptAsFailure: true } as const;

/** Undefined for a question that planning refuses, as it must with properties beyond the quota. */
export function planned<Plan>(view: PropertyView, plan: () => Plan): Plan | undefined {
  try {
    return plan();
  } catch (thrown) {
    if (view === FULL && thrown instanceof MillraceError && thrown.code === "UnsupportedQueryError") return undefined;
    throw thrown;
  }
}

/** Ids are made from the place in the list, so that a shrunk case is the same case. */
export function toStored(project: string, event: EventSeed, index: number, view: PropertyView): StoredEvent {
  const random = new Uint8Array(10);
  new DataView(random.buffer).setUint32(6, index);
  const stored = storedEvent({ project, ...event, id: mintId(event.timestamp, random), ordinal: index });
  if (view === TYPED || (view === SPLIT && index % 2 === 0)) return stored;
  return { ...stored, flat: moveToOverflow(stored.flat, (path) => view.untyped(path).length === 0) };
}
