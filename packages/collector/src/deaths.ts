import type { Clock, Registry, RegistryItem } from "@millrace/core";
import { randomUUID } from "node:crypto";

/** Remembers over which messages a process has died: how often one was delivered does not tell, for a store that was down an hour did that. */
export interface Deaths {
  /** How many processes died over each of these messages; those without a death are left out. Nobody is accused while it cannot be told. */
  over(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /**
   * Notes that work on these messages begins and ends until `until` (milliseconds UTC) at the latest. What it resolves to takes the note
   * back; a process that dies cannot. A note that cannot be made is not made: the work is worth more.
   */
  begin(ids: readonly string[], until: number): Promise<() => Promise<void>>;
}

interface Note {
  readonly ids: readonly string[];
  /** Milliseconds UTC. */
  readonly until: number;
}

const NOTES = "collecting";
const FRESH_MS = 10_000;
/** A message that killed somebody comes back within minutes; a day later it was finished or is a dead letter. */
const KEEP_MS = 24 * 3_600_000;
/** The platform ends a process that is late; only then it is sure that nobody works on its messages any more. */
const GRACE_MS = 5_000;

export interface DeathsDeps {
  readonly registry: Registry;
  readonly clock: Clock;
  /**
   * No other process works on these messages: a note that is not ours is of one that died, however recently. Where a message is
   * there again the moment the next process starts, each start would die over it before the note's time is over. Default: false.
   */
  readonly alone?: boolean;
}

/** Notes in the registry, one item for each round of messages that are not delivered for the first time: none while all is well. */
export function createDeaths({ registry, clock, alone = false }: DeathsDeps): Deaths {
  let known: { readonly notes: readonly RegistryItem<Note>[]; readonly readAt: number } | undefined;
  const process = randomUUID();

  async function notes(): Promise<readonly RegistryItem<Note>[]> {
    const now = clock.now();
    if (known === undefined || now - known.readAt >= FRESH_MS) {
      known = { notes: await registry.list<Note>(NOTES), readAt: now };
    }
    return known.notes;
  }
  const isOver = ({ key, value }: RegistryItem<Note>) =>
    alone ? !key.sort.startsWith(process) : clock.now() > value.until + GRACE_MS;

  return {
    async over(ids) {
      const deaths = new Map<string, number>();
      const asked = new Set(ids);
      for (const note of await notes().catch(() => [])) {
        if (!isOver(note)) continue;
        for (const id of note.value.ids) if (asked.has(id)) deaths.set(id, (deaths.get(id) ?? 0) + 1);
      }
      return deaths;
    },
    async begin(ids, until) {
      const key = { partition: NOTES, sort: `${process}/${randomUUID()}` };
      const made = await registry.put<Note>(key, { ids, until }, { expiresAt: until + KEEP_MS }).catch(() => false);
      // One that stays although the work was done costs its messages some speed, should they come again.
      return async () => (made ? registry.delete(key).catch(() => {}) : undefined);
    },
  };
}
