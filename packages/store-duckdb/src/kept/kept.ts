import type { Clock, TimeColumn, TimeRange } from "@millrace/core";
import type { Part } from "./part.ts";
import { touches, type Touched } from "./touched.ts";

/** Where a part belongs. */
export interface Place {
  readonly project: string;
  readonly time: TimeColumn;
  readonly span: TimeRange;
  /** The question without its time. */
  readonly key: string;
}

/** Parts in memory, within a number of bytes. It knows nothing of moments: who asks makes sure that a part is of theirs. */
export interface Kept {
  get(place: Place): Part | undefined;
  /** False when there is no room for it. */
  put(place: Place, part: Part): boolean;
  /** Whether so much more would fit, without anything that is still asked for. */
  hasRoom(bytes: number): boolean;
  /** Whether it is not the first time that this question is asked. */
  isAskedAgain(key: string): boolean;
  /** A question that is not worth its room is not tried again for a while. */
  refuse(key: string): void;
  isRefused(key: string): boolean;
  /** Forgets all that a commit may change. */
  drop(touched: Touched): void;
  readonly bytes: number;
}

/** What nobody asked for in this time makes room for others. Nothing else does, or two large questions would drive each other out forever. */
const IDLE_MS = 5 * 60_000;
/** What nobody asked for in this time is given back as soon as something else is kept. */
const STALE_MS = 24 * 3_600_000;
/** How long a refused question is answered without looking for parts of it. */
const REFUSED_MS = 5 * 60_000;
const MOST_REFUSED = 1_000;
/** Questions of which it is known that they were asked. */
const MOST_ASKED = 5_000;

interface Entry {
  readonly part: Part;
  readonly key: string;
  readonly slot: Slot;
  usedAt: number;
}

/** All that is kept of one project's span, by question. */
interface Slot {
  readonly name: string;
  readonly project: string;
  readonly time: TimeColumn;
  readonly span: TimeRange;
  readonly entries: Map<string, Entry>;
}

export function createKept({ maxBytes, clock }: { readonly maxBytes: number; readonly clock: Clock }): Kept {
  const slots = new Map<string, Map<string, Slot>>();
  /** In the order of their last use. */
  const entries = new Set<Entry>();
  const refused = new Map<string, number>();
  const asked = new Set<string>();
  let bytes = 0;

  const slotOf = ({ project, time, span }: Place): Slot | undefined => slots.get(project)?.get(nameOf(time, span));
  const newSlot = ({ project, time, span }: Place): Slot => {
    const name = nameOf(time, span);
    const slot: Slot = { name, project, time, span: { start: span.start, end: span.end }, entries: new Map() };
    const own = slots.get(project) ?? new Map<string, Slot>();
    slots.set(project, own.set(name, slot));
    return slot;
  };
  const remove = (entry: Entry): void => {
    const { slot, key, part } = entry;
    entries.delete(entry);
    bytes -= part.bytes;
    slot.entries.delete(key);
    if (slot.entries.size > 0) return;
    const own = slots.get(slot.project);
    own?.delete(slot.name);
    if (own?.size === 0) slots.delete(slot.project);
  };
  const removeUnused = (isEnough: (entry: Entry) => boolean): void => {
    for (const entry of entries) {
      if (isEnough(entry)) return;
      remove(entry);
    }
  };
  const makeRoom = (needed: number): boolean => {
    const now = clock.now();
    removeUnused(
      (oldest) => oldest.usedAt > now - STALE_MS && (bytes + needed <= maxBytes || oldest.usedAt > now - IDLE_MS),
    );
    return bytes + needed <= maxBytes;
  };

  return {
    get: (place) => {
      const entry = slotOf(place)?.entries.get(place.key);
      if (!entry) return undefined;
      entry.usedAt = clock.now();
      entries.delete(entry);
      entries.add(entry);
      return entry.part;
    },
    put: (place, part) => {
      const known = slotOf(place)?.entries.get(place.key);
      if (known) remove(known);
      if (!makeRoom(part.bytes)) return false;
      const slot = slotOf(place) ?? newSlot(place);
      const entry: Entry = { part, key: place.key, slot, usedAt: clock.now() };
      slot.entries.set(place.key, entry);
      entries.add(entry);
      bytes += part.bytes;
      return true;
    },
    hasRoom: (needed) => needed <= maxBytes && makeRoom(needed),
    isAskedAgain: (key) => {
      const isAgain = asked.delete(key);
      asked.add(key);
      const [oldest = key] = asked;
      if (asked.size > MOST_ASKED) asked.delete(oldest);
      return isAgain;
    },
    refuse: (key) => {
      const [oldest = key] = refused.keys();
      if (refused.size >= MOST_REFUSED) refused.delete(oldest);
      refused.set(key, clock.now() + REFUSED_MS);
    },
    isRefused: (key) => {
      const until = refused.get(key);
      if (until === undefined) return false;
      if (until > clock.now()) return true;
      refused.delete(key);
      return false;
    },
    drop: (touched) => {
      for (const project of touched.keys()) {
        for (const { time, span, entries: own } of slots.get(project)?.values() ?? []) {
          if (touches(touched, project, time, span)) for (const entry of own.values()) remove(entry);
        }
      }
    },
    get bytes() {
      return bytes;
    },
  };
}

function nameOf(time: TimeColumn, { start, end }: TimeRange): string {
  return `${time} ${start} ${end}`;
}
