import { MillraceError, type Registry } from "@millrace/core";

/** A list in the registry that is only added to, by any number of processes, and whose order is the same for all of them. */
export interface Journal<E> {
  read(name: string): Promise<{ entries: E[]; end: JournalEnd<E> }>;
  /**
   * Adds entries behind the `end` that was read. Undefined: another process has added something meanwhile; some of the entries may
   * have been written. Read again and decide anew.
   * @param expiresAt milliseconds UTC after which the whole journal is of no use
   */
  append(
    name: string,
    end: JournalEnd<E>,
    entries: readonly E[],
    expiresAt?: number,
  ): Promise<JournalEnd<E> | undefined>;
}

/** The last page as it was read. Whoever adds to it knows everything before it, because a page once full never changes. */
export interface JournalEnd<E> {
  readonly page: number;
  readonly entries: readonly E[];
  /** Undefined: the page is not written yet. */
  readonly version: number | undefined;
}

interface Page<E> {
  readonly entries: readonly E[];
}

/** A DynamoDB item holds 400 KB; a page is full long before, since every addition writes, and pays for, the whole page. */
const PAGE_BYTES = 30_000;
const MAX_READS = 20;

/**
 * @param partition holds all pages; a journal's name must not contain a dot
 * @param bytesOf at most 200,000 for one entry
 */
export function createJournal<E>(registry: Registry, partition: string, bytesOf: (entry: E) => number): Journal<E> {
  const isFull = (entries: readonly E[]): boolean =>
    entries.reduce((bytes, entry) => bytes + bytesOf(entry), 0) >= PAGE_BYTES;

  return {
    async read(name) {
      for (let attempt = 0; attempt < MAX_READS; attempt++) {
        const pages = (await registry.list<Page<E>>(partition, `${name}.`)).map(({ value, version }, page) => ({
          page,
          entries: value.entries,
          version,
        }));
        // A page that has room but is not the last was read before it was filled: its last entries are missing here.
        if (!pages.slice(0, -1).every(({ entries }) => isFull(entries))) continue;
        const end = pages.at(-1) ?? { page: 0, entries: [], version: undefined };
        return { entries: pages.flatMap(({ entries }) => entries), end };
      }
      throw new MillraceError("ServiceUnavailable", "Too many writers to the catalogue. Try again.");
    },
    async append(name, end, entries, expiresAt) {
      const left = [...entries];
      let at = end;
      while (left.length > 0) {
        if (isFull(at.entries)) at = { page: at.page + 1, entries: [], version: undefined };
        let bytes = at.entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
        let count = 0;
        for (; count < left.length && bytes < PAGE_BYTES; count++) bytes += bytesOf(left[count] as E);
        const all = [...at.entries, ...left.splice(0, count)];
        const key = { partition, sort: `${name}.${String(at.page).padStart(6, "0")}` };
        const options = { if: at.version ?? ("absent" as const), ...(expiresAt !== undefined && { expiresAt }) };
        if (!(await registry.put<Page<E>>(key, { entries: all }, options))) return undefined;
        at = { page: at.page, entries: all, version: (at.version ?? 0) + 1 };
      }
      return at;
    },
  };
}
