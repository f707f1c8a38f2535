import {
  MillraceError,
  placesIn,
  type AppendOutcome,
  type Partitions,
  type Provenance,
  type StoredEvent,
} from "@millrace/core";
import { bulkBytesOf, inBulks, isBlocked, sendBulk, type BulkItem, type BulkParts, type BulkResult } from "./bulk.ts";
import type { Breakers } from "./breakers.ts";
import { readProvenances } from "./conflicts.ts";
import { documentId, eventDocument } from "./document.ts";
import type { Mappings } from "./mapping.ts";
import type { IndexNames } from "../names.ts";
import { unstorable } from "./storable.ts";

export interface AppendParts extends BulkParts {
  readonly names: IndexNames;
  readonly partitions: Partitions;
  readonly mappings: Mappings;
  readonly breakers: Breakers;
  /** Bulks of one call that are under way at the same time. */
  readonly senders: number;
}

/** Bulks of 500 to 10,000 events are equally fast; the smaller ones keep the slowest request short. */
const BULK_EVENTS = 2_000;

/** An event of this call that is to be written: the first one with its id. */
interface Writing {
  readonly event: StoredEvent;
  /** Its place in the call. */
  readonly index: number;
  readonly key: string;
  readonly alias: string;
  /** What became of it. */
  outcome: AppendOutcome;
  /** Who holds the id now, where that is known. */
  holder?: Provenance;
  /** True when the server never said anything about it. */
  unheard?: boolean;
}

const UNTRIED: AppendOutcome = { kind: "retry", detail: "There was no time left to write it.", because: "late" };
const BLOCKED: AppendOutcome = {
  kind: "retry",
  detail: "Its partition refused writes a moment ago; it is not asked again for some seconds.",
  because: "blocked",
};

/**
 * Writes events, each once. Uniqueness is the server's: every write is a *create* with the event's own id in the partition that
 * its identity time names, so of all attempts one wins and the others see a conflict. A conflict is our own earlier attempt when
 * the stored event has the same provenance, which is read in real time, unrefreshed writes included; else it is a duplicate.
 * @param deadline milliseconds UTC; what is undecided then becomes `retry`
 * @throws MillraceError `ServiceUnavailable` when the server said nothing about any event
 */
export async function appendEvents(
  parts: AppendParts,
  events: readonly StoredEvent[],
  deadline: number,
): Promise<AppendOutcome[]> {
  const table = await parts.partitions.known();
  if (!table)
    throw new MillraceError("ServiceUnavailable", "The store is not prepared yet: it has no table of partitions.");
  const placeOf = placesIn(table);
  const writings = new Map<string, Writing>();
  /** What becomes of each event: decided already, or by the writing of its id. */
  const fates = events.map((event, index): Writing | AppendOutcome => {
    const problem = unstorable(event);
    if (problem !== undefined) return { kind: "rejected", reason: "unstorable", detail: problem };
    const key = documentId(event.project, event.id);
    const first = writings.get(key);
    if (first) return first;
    const place = placeOf(event.project, event.id);
    if (place === "expired") return { kind: "expired" };
    const writing = { event, index, key, alias: parts.names.partition(place.key), outcome: UNTRIED };
    writings.set(key, writing);
    return writing;
  });
  const all = [...writings.values()];
  await write(parts, all, deadline);
  if (all.length > 0 && all.every(({ unheard }) => unheard)) {
    const [first] = all;
    throw new MillraceError("ServiceUnavailable", "The store could not write. Every event may be sent again.", {
      context: { detail: first?.outcome.kind === "retry" ? first.outcome.detail : "" },
    });
  }
  return events.map((event, index) => {
    const fate = fates[index] as Writing | AppendOutcome;
    if ("kind" in fate) return fate;
    return fate.index === index ? fate.outcome : outcomeOfRepeat(event, fate);
  });
}

/** The outcome of an event whose id an earlier one of the same call has. */
function outcomeOfRepeat(event: StoredEvent, { holder, outcome, event: first }: Writing): AppendOutcome {
  if (holder) return { kind: sameProvenance(event, holder) ? "own-retry" : "duplicate" };
  if (outcome.kind === "rejected" && sameProvenance(event, first)) return outcome;
  return { kind: "retry", detail: "The first event with its id was not decided.", because: "undecided" };
}

/** A writing with its lines of the bulk request. */
interface Line {
  readonly writing: Writing;
  readonly item: BulkItem;
}

/** Sends the bulks by a few senders. A bulk's text is made when a sender is free for it: while the server works on the one before. */
async function write(parts: AppendParts, writings: readonly Writing[], deadline: number): Promise<void> {
  const most = { count: BULK_EVENTS, bytes: parts.bulkBytes };
  const bulks = inBulks(linesOf(writings), ({ item }) => bulkBytesOf(item), most);
  const sender = async (): Promise<void> => {
    for (const bulk of bulks) await writeBulk(parts, bulk, deadline);
  };
  await Promise.all(Array.from({ length: parts.senders }, sender));
}

function* linesOf(writings: readonly Writing[]): Generator<Line, undefined> {
  for (const writing of writings) yield { writing, item: bulkItem(writing) };
}

function bulkItem({ event, key, alias }: Writing): BulkItem {
  return {
    action: JSON.stringify({ create: { _index: alias, _id: key } }),
    source: JSON.stringify(eventDocument(event)),
  };
}

const LACKING: AppendOutcome = {
  kind: "rejected",
  reason: "mapping",
  detail: "The mapping lacks one of its properties.",
};
/** A new release's collector may run before its upkeep: nothing is wrong with the event. */
const OLDER: AppendOutcome = {
  kind: "retry",
  detail: "Its partition lacks a standard field of this version: prepare adds it.",
  because: "blocked",
};

/** A line whose names the mapping lacks. */
interface Unknown extends Line {
  readonly standard: boolean;
}

async function writeBulk(parts: AppendParts, lines: readonly Line[], deadline: number): Promise<void> {
  const isOpen = parts.breakers.open();
  const bulk = lines.filter(({ writing }) => {
    if (!isOpen(writing.alias)) return true;
    writing.outcome = BLOCKED;
    return false;
  });
  const unknown = await sendMapped(parts, bulk, deadline);
  if (unknown.length === 0) return;
  // The partition has another index than when its mapping was read (a new version of it): look again, once.
  for (const alias of new Set(unknown.map(({ writing }) => writing.alias))) parts.mappings.forget(alias);
  for (const { writing, standard } of await sendMapped(parts, unknown, deadline))
    writing.outcome = standard ? OLDER : LACKING;
}

/** Writes one bulk after adding the names it brings. Answers the lines whose names the mapping lacks nevertheless. */
async function sendMapped(parts: AppendParts, bulk: readonly Line[], deadline: number): Promise<Unknown[]> {
  const mapped = await mapNames(parts, bulk, deadline);
  if (mapped.length === 0) return [];
  const results = await sendBulk(
    parts,
    mapped.map(({ item }) => item),
    deadline,
    mapped.some(({ writing }) => parts.breakers.isPartial(writing.alias)) ? "hardly" : "patiently",
  );
  const conflicts: Writing[] = [];
  const unknown: Unknown[] = [];
  mapped.forEach((line, i) => {
    const { writing } = line;
    const result = results[i] as BulkResult;
    writing.unheard = result.kind === "retry" && result.because === "unreachable";
    if (result.kind === "conflict") conflicts.push(writing);
    else if (result.kind === "strict") unknown.push({ ...line, standard: result.standard });
    else if (result.kind === "retry") writing.outcome = result;
    else if (result.kind === "refused") writing.outcome = { ...result, kind: "rejected" };
    else {
      writing.outcome = { kind: "stored" };
      writing.holder = writing.event;
    }
  });
  noteBlocks(parts.breakers, mapped, results);
  await settleConflicts(parts, conflicts, deadline);
  return unknown;
}

/** Tells the breakers which partitions have just refused everything, which a part of it, and which nothing. */
function noteBlocks(breakers: Breakers, lines: readonly Line[], results: readonly BulkResult[]): void {
  const byAlias = Map.groupBy(results.entries(), ([i]) => (lines[i] as Line).writing.alias);
  for (const [alias, of] of byAlias) {
    const refused = of.filter(([, result]) => isBlocked(result)).length;
    breakers.note(alias, refused === 0 ? "none" : refused < of.length ? "some" : "all");
  }
}

/** Adds the names a bulk brings to the mappings of its partitions. Answers the lines that can be written. */
async function mapNames({ mappings, breakers }: AppendParts, bulk: readonly Line[], deadline: number): Promise<Line[]> {
  const fine: Line[] = [];
  for (const [alias, lines] of Map.groupBy(bulk, ({ writing }) => writing.alias)) {
    let unmapped: ReadonlyMap<StoredEvent, string>;
    try {
      unmapped = await mappings.ensure(
        alias,
        lines.map(({ writing }) => writing.event),
        deadline,
      );
    } catch (thrown) {
      // Nothing about these events is wrong: their partition cannot be asked now.
      const detail = thrown instanceof Error ? thrown.message : "No mapping.";
      const isRefused = isBlock(thrown);
      if (isRefused) breakers.note(alias, "all");
      for (const { writing } of lines) {
        writing.outcome = { kind: "retry", detail, because: isRefused ? "blocked" : "unreachable" };
        writing.unheard = !isRefused;
      }
      continue;
    }
    for (const line of lines) {
      const { writing } = line;
      const path = unmapped.get(writing.event);
      if (path === undefined) fine.push(line);
      else writing.outcome = { kind: "rejected", reason: "mapping", detail: `No room for the property ${path}.` };
    }
  }
  return fine;
}

/** Whether a request failed because an index is blocked or closed. */
function isBlock(thrown: unknown): boolean {
  const types = thrown instanceof MillraceError ? thrown.context["types"] : undefined;
  return (
    Array.isArray(types) &&
    types.some((type) => type === "cluster_block_exception" || type === "index_closed_exception")
  );
}

async function settleConflicts(parts: AppendParts, conflicts: readonly Writing[], deadline: number): Promise<void> {
  if (conflicts.length === 0) return;
  const stored = await readProvenances(parts, conflicts, deadline);
  conflicts.forEach((writing, i) => {
    const holder = stored[i];
    if (holder === undefined) {
      writing.outcome = { kind: "retry", detail: "Who holds the id could not be read.", because: "undecided" };
      return;
    }
    writing.holder = holder;
    writing.outcome = { kind: sameProvenance(writing.event, holder) ? "own-retry" : "duplicate" };
  });
}

function sameProvenance(a: Provenance, b: Provenance): boolean {
  return a.batch === b.batch && a.ordinal === b.ordinal;
}
