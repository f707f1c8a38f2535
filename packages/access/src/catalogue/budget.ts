import { MillraceError, type Clock, type PropertyKind, type Registry, type RegistryItem } from "@millrace/core";

/** A property's path with a kind: one field of the store's mapping, whichever projects use it. */
export type Pair = readonly [path: string, kind: PropertyKind];

/**
 * The names that all projects together may have in the store's mapping. A quota per project alone would let the mapping grow with
 * the number of projects. A name that another project has already costs nothing.
 */
export interface Budget {
  /** Enters pairs that are new, as long as there is room. Answers, for every pair asked about, whether it is in. */
  claim(pairs: readonly Pair[]): Promise<(path: string, kind: PropertyKind) => boolean>;
  /** True when no further name fits. At most a minute old. */
  full(): Promise<boolean>;
}

interface Page {
  readonly pairs: readonly Pair[];
}

interface Known {
  readonly pairs: Set<string>;
  bytes: number;
  readonly loadedAt: number;
  last: { number: number; pairs: readonly Pair[]; bytes: number; version: number | undefined };
}

const PARTITION = "catalogue";
/** A DynamoDB item holds 400 KB; a page is closed long before, since every addition writes it whole. */
const PAGE_BYTES = 60_000;
/** Most bytes of names: they are in the memory of every collector and in the cluster's state. */
const BYTES = 1_000_000;
const FRESH_MS = 60_000;
const MAX_ATTEMPTS = 500;

/** @param most pairs of all projects together */
export function createBudget(registry: Registry, clock: Clock, most: number): Budget {
  let cached: Known | undefined;

  const load = async (): Promise<Known> => {
    const loadedAt = clock.now();
    const pages = await registry.list<Page>(PARTITION);
    const all = pages.flatMap(({ value }) => value.pairs);
    cached = { pairs: new Set(all.map(keyOf)), bytes: bytesOf(all), loadedAt, last: lastOf(pages) };
    return cached;
  };
  const roomFor = (known: Known, pairs: readonly Pair[]): Pair[] => {
    const fitting: Pair[] = [];
    let { bytes } = known;
    for (const pair of pairs) {
      bytes += bytesOf([pair]);
      if (known.pairs.size + fitting.length >= most || bytes > BYTES) break;
      fitting.push(pair);
    }
    return fitting;
  };
  const isFull = (known: Known): boolean => known.pairs.size >= most || known.bytes >= BYTES;

  const claim: Budget["claim"] = async (pairs) => {
    let known = cached ?? (await load());
    const distinct = [...new Map(pairs.map((pair) => [keyOf(pair), pair])).values()];
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const { pairs: present } = known;
      const entering = roomFor(
        known,
        distinct.filter((pair) => !present.has(keyOf(pair))),
      );
      if (entering.length === 0 || (await append(registry, known, entering))) {
        return (path, kind) => present.has(keyOf([path, kind]));
      }
      known = await load();
    }
    throw new MillraceError("ServiceUnavailable", "Too many writers to the catalogue. Try again.");
  };

  // One at a time: claims of one process would only make each other's conditional writes fail.
  let last: Promise<unknown> = Promise.resolve();
  return {
    claim: (pairs) => {
      const turn = last.then(
        () => claim(pairs),
        () => claim(pairs),
      );
      last = turn;
      return turn;
    },
    full: async () => {
      const fresh = cached && (isFull(cached) || clock.now() - cached.loadedAt < FRESH_MS) ? cached : await load();
      return isFull(fresh);
    },
  };
}

/** Adds pairs page by page, each at the end of the last one while that has room. False: another process was faster. */
async function append(registry: Registry, known: Known, pairs: readonly Pair[]): Promise<boolean> {
  const left = [...pairs];
  while (left.length > 0) {
    const { last } = known;
    const closed = last.version !== undefined && last.bytes >= PAGE_BYTES;
    const page = closed ? { number: last.number + 1, pairs: [], bytes: 0, version: undefined } : last;
    let { bytes } = page;
    let count = 0;
    while (count < left.length && (count === 0 || bytes < PAGE_BYTES)) bytes += bytesOf([left[count++] as Pair]);
    const added = left.splice(0, count);
    const all = [...page.pairs, ...added];
    const key = { partition: PARTITION, sort: String(page.number).padStart(6, "0") };
    if (!(await registry.put<Page>(key, { pairs: all }, { if: page.version ?? "absent" }))) return false;
    known.last = { number: page.number, pairs: all, bytes, version: (page.version ?? 0) + 1 };
    for (const pair of added) known.pairs.add(keyOf(pair));
    known.bytes += bytesOf(added);
  }
  return true;
}

function lastOf(pages: readonly RegistryItem<Page>[]): Known["last"] {
  const last = pages.at(-1);
  const pairs = last?.value.pairs ?? [];
  return { number: Math.max(pages.length - 1, 0), pairs, bytes: bytesOf(pairs), version: last?.version };
}

function keyOf([path, kind]: Pair): string {
  return `${kind}:${path}`;
}

function bytesOf(pairs: readonly Pair[]): number {
  return pairs.reduce((sum, [path]) => sum + path.length * 3 + 16, 0);
}
