import { LRUCache } from "lru-cache";
import {
  MillraceError,
  PROPERTY_BUDGET,
  PROPERTY_QUOTA,
  type Catalogue,
  type Clock,
  type Registry,
  type RegistryKey,
} from "@millrace/core";
import { createBudget, type Pair } from "./budget.ts";
import { createNames, type NameEntry, type Names } from "./names.ts";

export interface CatalogueOptions {
  readonly registry: Registry;
  readonly clock: Clock;
  /** Distinct (path, kind) pairs per project. Default {@link PROPERTY_QUOTA}. */
  readonly quota?: number;
  /** Distinct (path, kind) pairs of all projects together. Default {@link PROPERTY_BUDGET}. */
  readonly budget?: number;
}

/** One page of a project's catalogue. Pages are appended to until they are full; together they are the order of first sight. */
interface Page {
  readonly entries: readonly NameEntry[];
}

/** What this process knows of one project, and where the next entries go. */
interface Known {
  readonly names: Names;
  readonly loadedAt: number;
  lastPage: { number: number; entries: readonly NameEntry[]; bytes: number; version: number | undefined };
}

/** A DynamoDB item holds 400 KB; a page is closed long before, since every append writes it whole. */
const PAGE_BYTES = 60_000;
const FRESH_MS = 60_000;
/** A name nobody knows may be looked for this often: questions about made-up names must not become registry reads. */
const RELOAD_MS = 1_000;
const MAX_PROJECTS = 1_000;
/** Each lost race means that another collector got on, so this many in a row do not happen to a healthy registry. */
const MAX_ATTEMPTS = 50;

/**
 * The property catalogue over the registry: one conditional write per batch that brings new names, none for known or refused
 * ones, so it costs the same whether a client sends ten names or a hundred thousand.
 */
export function createCatalogue({
  registry,
  clock,
  quota = PROPERTY_QUOTA,
  budget: most = PROPERTY_BUDGET,
}: CatalogueOptions): Catalogue {
  const cache = new LRUCache<string, Known>({ max: MAX_PROJECTS });
  const budget = createBudget(registry, clock, most);

  async function load(project: string): Promise<Known> {
    const loadedAt = clock.now();
    const pages = await registry.list<Page>(partitionOf(project));
    const names = createNames(quota);
    for (const page of pages) names.add(page.value.entries);
    const last = pages.at(-1);
    const entries = last?.value.entries ?? [];
    const known: Known = {
      names,
      loadedAt,
      lastPage: { number: Math.max(pages.length - 1, 0), entries, bytes: bytesOf(entries), version: last?.version },
    };
    cache.set(project, known);
    return known;
  }

  /** Appends to the last page, or opens the next one. False: another process was faster. */
  async function append(project: string, known: Known, entries: readonly NameEntry[]): Promise<boolean> {
    const { lastPage } = known;
    const full = lastPage.version !== undefined && lastPage.bytes >= PAGE_BYTES;
    const page = full ? { number: lastPage.number + 1, entries: [], bytes: 0, version: undefined } : lastPage;
    const all = [...page.entries, ...entries];
    const written = await registry.put<Page>(
      pageKey(project, page.number),
      { entries: all },
      {
        if: page.version ?? "absent",
      },
    );
    if (!written) return false;
    known.lastPage = { number: page.number, entries: all, bytes: bytesOf(all), version: (page.version ?? 0) + 1 };
    known.names.add(entries);
    return true;
  }

  /** The entries whose names fit the budget of all projects. */
  async function affordable(names: Names, entries: readonly NameEntry[]): Promise<readonly NameEntry[]> {
    const pairs = entries.flatMap(([, path, kind]): Pair[] =>
      kind === "" || names.admits(path, kind) ? [] : [[path, kind]],
    );
    if (pairs.length === 0) return entries;
    const fits = await budget.claim(pairs);
    return entries.filter(([, path, kind]) => kind === "" || names.admits(path, kind) || fits(path, kind));
  }

  return {
    async admit(project, sightings, collections = []) {
      let known = cache.get(project) ?? (await load(project));
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const missing = await affordable(known.names, known.names.missing(sightings, collections));
        let written = true;
        for (const entries of inPages(missing)) {
          written = await append(project, known, entries);
          if (!written) break;
        }
        if (written) return known.names;
        known = await load(project);
      }
      throw new MillraceError("ServiceUnavailable", "Too many writers to one project's catalogue. Try again.");
    },
    async view(project, collections = []) {
      const known = cache.get(project);
      const age = known ? clock.now() - known.loadedAt : Infinity;
      const maxAge = known && collections.some((name) => !known.names.hasCollection(name)) ? RELOAD_MS : FRESH_MS;
      const view = (known && age < maxAge ? known : await load(project)).names.view();
      return view.full ? view : { ...view, full: await budget.full() };
    },
  };
}

/** Splits entries so that no page outgrows an item, however many names one batch brings. */
function* inPages(entries: readonly NameEntry[]): Generator<NameEntry[]> {
  let page: NameEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    page.push(entry);
    bytes += bytesOf([entry]);
    if (bytes < PAGE_BYTES) continue;
    yield page;
    page = [];
    bytes = 0;
  }
  if (page.length > 0) yield page;
}

function bytesOf(entries: readonly NameEntry[]): number {
  return entries.reduce((sum, [collection, path]) => sum + (collection.length + path.length) * 3 + 20, 0);
}

function partitionOf(project: string): string {
  return `catalogue:${project}`;
}

function pageKey(project: string, number: number): RegistryKey {
  return { partition: partitionOf(project), sort: String(number).padStart(6, "0") };
}
