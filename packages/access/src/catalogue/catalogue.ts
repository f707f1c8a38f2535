import {
  MillraceError,
  monthOf,
  PROPERTY_BUDGET,
  PROPERTY_QUOTA,
  type Catalogue,
  type CatalogueView,
  type Clock,
  type Registry,
} from "@millrace/core";
import { createBoundedCache } from "../bounded-cache.ts";
import { BUDGET_BYTES, createBudget } from "./budget.ts";
import { shareOf, type GroupTable, type Share } from "./groups.ts";
import { createJournal, type Journal, type JournalEnd } from "./journal.ts";
import { bucketBefore, bucketName, bucketOf, isOutdated, spanOf, type Bucket } from "./months.ts";
import { createNames, entryBytes, type Entry, type Names } from "./names.ts";
import { createUsage, pairKey, roomLeft, type Room, type Usage } from "./room.ts";
import { viewOf } from "./view.ts";
import { readDeletedProperties } from "../deletion/tombstones.ts";

export interface CatalogueOptions {
  readonly registry: Registry;
  readonly clock: Clock;
  /** Which projects share a budget. Without it all of them do. */
  readonly groups?: GroupTable;
  /** Distinct (path, kind) pairs per project and month, where it shares a budget. Default {@link PROPERTY_QUOTA}. */
  readonly quota?: number;
  /** Distinct (path, kind) pairs of the projects of one group together per month. Default {@link PROPERTY_BUDGET}. */
  readonly budget?: number;
}

/** What this process knows of one project in one bucket, and where the next entries go. */
interface Known {
  readonly names: Names;
  readonly usage: Usage;
  /** Paths of the month before. */
  readonly kept: ReadonlySet<string>;
  /** The month it was read in. */
  readonly readIn: number;
  end: JournalEnd<Entry>;
}

interface Viewed {
  readonly view: CatalogueView;
  readonly loadedAt: number;
  /** Milliseconds. */
  readonly maxAge: number;
  /** Of memory, roughly. */
  readonly bytes: number;
}

/** Of the bytes of a budget one project may take as large a part as of its names: what few long names fill, others cannot use. */
const NAME_BYTES = BUDGET_BYTES / (PROPERTY_BUDGET / PROPERTY_QUOTA);
const FRESH_MS = 60_000;
/** A name nobody knows may be looked for this often: questions about made-up names must not become registry reads. */
const RELOAD_MS = 1_000;
/** With less room left a view is read anew every second: names may be turned down any moment, which answers must not overlook. */
const NEARLY_FULL = 0.1;
/**
 * Memory for what is known of projects, and for their views. A project of thirty names takes some eight kilobytes a month.
 */
const KNOWN_BYTES = 128_000_000;
const VIEW_BYTES = 64_000_000;
/** What an entry takes, beside the bytes of its names, each of which lies in several sets. */
const ENTRY_BYTES = 1_000;
const NAME_FACTOR = 4;
/** Each lost race means that another collector got on, so this many in a row do not happen to a healthy registry. */
const MAX_ATTEMPTS = 50;

/**
 * The property catalogue over the registry: per project and month one journal of the names that are typed there and of what was
 * turned down. A name costs a line in the first batch of the month that brings it, and nothing afterwards; all names that are
 * turned down cost one line together. So a month costs the same whether a client sends ten names or a hundred thousand.
 */
export function createCatalogue({
  registry,
  clock,
  groups,
  quota = PROPERTY_QUOTA,
  budget: most = PROPERTY_BUDGET,
}: CatalogueOptions): Catalogue {
  const shared: Room = { pairs: quota, bytes: NAME_BYTES };
  const whole: Room = { pairs: most, bytes: BUDGET_BYTES };
  const roomOf = (share: Share): Room => (share.own ? whole : shared);
  const budget = createBudget(registry, clock, most);
  const known = createBoundedCache<Known>({
    maxBytes: KNOWN_BYTES,
    bytesOf: ({ usage }) => ENTRY_BYTES + usage.taken().bytes * NAME_FACTOR,
  });
  const views = createBoundedCache<Viewed>({
    maxBytes: VIEW_BYTES,
    bytesOf: ({ bytes }) => ENTRY_BYTES + bytes,
  });
  const since = firstMonth(registry, clock);
  let changed = 0;

  /** Also what is being read of it. */
  const forgetView = (project: string): void => {
    changed++;
    views.delete(project);
  };

  async function load(project: string, bucket: Bucket, share: Share): Promise<Known> {
    const journal = journalOf(registry, project);
    const readIn = monthOf(clock.now());
    const before = bucketBefore(bucket);
    const [own, last] = await Promise.all([
      journal.read(bucketName(bucket)),
      before === undefined ? undefined : journal.read(bucketName(before)),
    ]);
    const lastPairs = namesOf(last?.entries ?? []).pairs();
    const names = namesOf(own.entries);
    const usage = createUsage(roomOf(share), lastPairs);
    usage.add(names.pairs());
    const loaded = { names, usage, kept: new Set(lastPairs.map(([path]) => path)), readIn, end: own.end };
    known.set(cacheKey(project, bucket), loaded);
    return loaded;
  }

  async function loadView(project: string): Promise<CatalogueView> {
    const loadedAt = clock.now();
    const before = changed;
    const [items, deleted] = await Promise.all([
      registry.list<{ entries: readonly Entry[] }>(partitionOf(project)),
      readDeletedProperties(registry, project),
    ]);
    const pages = Map.groupBy(items, ({ key }) => key.sort.split(".")[0] ?? "");
    const buckets = new Map(
      [...pages].map(([bucket, of]) => [bucket, namesOf(of.flatMap(({ value }) => value.entries))]),
    );
    const current = monthOf(loadedAt);
    const share = await shareOf(groups, project, current);
    const room = roomOf(share);
    const usage = createUsage(room, buckets.get(bucketName(current - 1))?.pairs());
    usage.add(buckets.get(bucketName(current))?.pairs() ?? []);
    const taken = usage.taken();
    const left = Math.min(roomLeft(taken, room), await budget.left(share, taken));
    const quota = { used: taken.pairs, most: room.pairs, full: left === 0 };
    const view = viewOf([...buckets.values()], deleted, quota);
    const maxAge = left < NEARLY_FULL ? RELOAD_MS : FRESH_MS;
    const bytes = items.reduce(
      (sum, { value }) => sum + value.entries.reduce((n, entry) => n + entryBytes(entry), 0),
      0,
    );
    // What changed while it was reading may be missing.
    if (changed === before) views.set(project, { view, loadedAt, maxAge, bytes: bytes * NAME_FACTOR });
    return view;
  }

  return {
    async admit(project, sightings, when, collections = []) {
      const current = monthOf(clock.now());
      const bucket = bucketOf(when.identity, current, await since());
      const span = spanOf(when.timestamp, current);
      const share = await shareOf(groups, project, bucket);
      const cached = known.get(cacheKey(project, bucket));
      let own = cached && !isOutdated(bucket, cached.readIn, current) ? cached : await load(project, bucket, share);
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const { names, usage, kept } = own;
        const unknown = names.unknown(sightings);
        const fitting = usage.fitting(unknown);
        const admitted = fitting.length === 0 ? [] : await budget.claim(share, fitting, usage.taken());
        const entering = new Set(admitted.map(pairKey));
        const refused = unknown.filter((pair) => !entering.has(pairKey(pair)));
        // Names first: one listed before a refusal is not taken for refused.
        const entries: Entry[] = [
          ...names.news(sightings, collections, admitted),
          ...names.refusals(refused, span, admitted, kept),
        ];
        if (entries.length === 0) return names;
        const end = await journalOf(registry, project).append(bucketName(bucket), own.end, entries);
        if (end) {
          own.end = end;
          names.add(entries);
          usage.add(admitted);
          // Anew, with the size it has now.
          known.set(cacheKey(project, bucket), own);
          forgetView(project);
          return names;
        }
        own = await load(project, bucket, share);
      }
      throw new MillraceError("ServiceUnavailable", "Too many writers to one project's catalogue. Try again.");
    },
    async view(project, collections = []) {
      const cached = views.get(project);
      if (!cached) return loadView(project);
      const listed = new Set(cached.view.collections.map(({ name }) => name));
      const maxAge = collections.every((name) => listed.has(name)) ? cached.maxAge : RELOAD_MS;
      return clock.now() - cached.loadedAt < maxAge ? cached.view : loadView(project);
    },
    renew: forgetView,
  };
}

/**
 * The month in which the first name was admitted: older months have no index of their own. Asked once, and kept for ever, since the
 * bucket of a month must not change.
 */
function firstMonth(registry: Registry, clock: Clock): () => Promise<number> {
  const key = { partition: "catalogue", sort: "since" };
  let known: number | undefined;
  const read = async () => (await registry.get<{ month: number }>(key))?.value.month;
  return async () => {
    known ??= await read();
    if (known !== undefined) return known;
    await registry.put(key, { month: monthOf(clock.now()) }, { if: "absent" });
    known = await read();
    if (known !== undefined) return known;
    throw new MillraceError("ServiceUnavailable", "The registry has lost what was just written.");
  };
}

function journalOf(registry: Registry, project: string): Journal<Entry> {
  return createJournal(registry, partitionOf(project), entryBytes);
}

function namesOf(entries: readonly Entry[]): Names {
  const names = createNames();
  names.add(entries);
  return names;
}

function partitionOf(project: string): string {
  return `catalogue:${project}`;
}

function cacheKey(project: string, bucket: Bucket): string {
  return `${bucketName(bucket)} ${project}`;
}
