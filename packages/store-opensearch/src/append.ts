import { MillraceError, type AppendOutcome, type Provenance, type StoredEvent } from "@millrace/core";
import { sendBulk, type BulkItem, type BulkParts, type BulkResult } from "./bulk.ts";
import { readProvenances } from "./conflicts.ts";
import { fieldKey, type Mappings } from "./mapping.ts";
import type { IndexNames } from "./names.ts";
import type { Partitions } from "./partitions.ts";
import { documentId, leafFields, toDocument, unstorable } from "./schema.ts";

export interface AppendParts extends BulkParts {
  readonly names: IndexNames;
  readonly partitions: Partitions;
  readonly mappings: Mappings;
  /** Bulks of one call that are under way at the same time. */
  readonly senders: number;
  readonly bulkBytes: number;
}

/** Bulks of 500 to 10,000 events are equally fast; the smaller ones keep the slowest request short. */
const BULK_EVENTS = 2_000;

/** An event of this call that is to be written: the first one with its id. */
interface Writing {
  readonly event: StoredEvent;
  /** Its place in the call. */
  readonly index: number;
  readonly alias: string;
  readonly item: BulkItem;
  readonly bytes: number;
  /** What became of it. */
  outcome: AppendOutcome;
  /** Who holds the id now, where that is known. */
  holder?: Provenance;
  /** True when the server never said anything about it. */
  unheard?: boolean;
}

const UNTRIED: AppendOutcome = { kind: "retry", detail: "There was no time left to write it." };

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
  const writings = new Map<string, Writing>();
  const settled = new Map<number, AppendOutcome>();
  for (const [index, event] of events.entries()) {
    const problem = unstorable(event);
    if (problem !== undefined) {
      settled.set(index, { kind: "rejected", reason: "unstorable", detail: problem });
      continue;
    }
    const key = documentId(event.project, event.id);
    if (writings.has(key)) continue;
    const place = await parts.partitions.of(event.id);
    if (place === "expired") settled.set(index, { kind: "expired" });
    else writings.set(key, createWriting(event, index, key, parts.names.partition(place.key)));
  }
  const all = [...writings.values()];
  await write(parts, all, deadline);
  if (all.length > 0 && all.every(({ unheard }) => unheard)) {
    const [first] = all;
    throw new MillraceError("ServiceUnavailable", "The store could not write. Every event may be sent again.", {
      context: { detail: first?.outcome.kind === "retry" ? first.outcome.detail : "" },
    });
  }
  return events.map((event, index) => {
    const own = settled.get(index);
    if (own) return own;
    const writing = writings.get(documentId(event.project, event.id));
    if (!writing) return { kind: "expired" };
    return writing.index === index ? writing.outcome : outcomeOfRepeat(event, writing);
  });
}

function createWriting(event: StoredEvent, index: number, key: string, alias: string): Writing {
  const action = JSON.stringify({ create: { _index: alias, _id: key } });
  const source = JSON.stringify(toDocument(event));
  const bytes = Buffer.byteLength(source) + action.length + 2;
  return { event, index, alias, item: { action, source }, bytes, outcome: UNTRIED };
}

/** The outcome of an event whose id an earlier one of the same call has. */
function outcomeOfRepeat(event: StoredEvent, { holder, outcome, event: first }: Writing): AppendOutcome {
  if (holder) return { kind: sameProvenance(event, holder) ? "own-retry" : "duplicate" };
  if (outcome.kind === "rejected" && sameProvenance(event, first)) return outcome;
  return { kind: "retry", detail: "The first event with its id was not decided." };
}

async function write(parts: AppendParts, writings: readonly Writing[], deadline: number): Promise<void> {
  const bulks = inBulks(writings, parts.bulkBytes);
  const next = bulks.values();
  const sender = async (): Promise<void> => {
    for (const bulk of next) await writeBulk(parts, bulk, deadline);
  };
  await Promise.all(Array.from({ length: Math.min(parts.senders, bulks.length) }, sender));
}

function inBulks(writings: readonly Writing[], maxBytes: number): Writing[][] {
  const bulks: Writing[][] = [];
  let bytes = 0;
  for (const writing of writings) {
    const last = bulks.at(-1);
    if (last && last.length < BULK_EVENTS && bytes + writing.bytes <= maxBytes) {
      last.push(writing);
      bytes += writing.bytes;
    } else {
      bulks.push([writing]);
      bytes = writing.bytes;
    }
  }
  return bulks;
}

async function writeBulk(parts: AppendParts, bulk: readonly Writing[], deadline: number): Promise<void> {
  const unknown = await sendMapped(parts, bulk, deadline);
  if (unknown.length === 0) return;
  // The partition has another index than when its mapping was read (a new version of it): look again, once.
  for (const alias of new Set(unknown.map((writing) => writing.alias))) parts.mappings.forget(alias);
  for (const writing of await sendMapped(parts, unknown, deadline)) {
    writing.outcome = { kind: "rejected", reason: "mapping", detail: "The mapping lacks one of its properties." };
  }
}

/** Writes one bulk after adding the names it brings. Answers the events whose names the mapping lacks nevertheless. */
async function sendMapped(parts: AppendParts, bulk: readonly Writing[], deadline: number): Promise<Writing[]> {
  const mapped = await mapNames(parts.mappings, bulk);
  const results = await sendBulk(
    parts,
    mapped.map(({ item }) => item),
    deadline,
  );
  const conflicts: Writing[] = [];
  const unknown: Writing[] = [];
  mapped.forEach((writing, i) => {
    const result = results[i] as BulkResult;
    writing.unheard = result.kind === "retry" && result.unanswered;
    if (result.kind === "conflict") conflicts.push(writing);
    else if (result.kind === "strict") unknown.push(writing);
    else if (result.kind === "retry") writing.outcome = { kind: "retry", detail: result.detail };
    else if (result.kind === "refused") writing.outcome = { ...result, kind: "rejected" };
    else {
      writing.outcome = { kind: "stored" };
      writing.holder = writing.event;
    }
  });
  await settleConflicts(parts, conflicts, deadline);
  return unknown;
}

/** Adds the names a bulk brings to the mappings of its partitions. Answers the events that can be written. */
async function mapNames(mappings: Mappings, bulk: readonly Writing[]): Promise<Writing[]> {
  const fine: Writing[] = [];
  for (const [alias, writings] of Map.groupBy(bulk, (writing) => writing.alias)) {
    let refused: ReadonlySet<string>;
    try {
      refused = await mappings.ensure(
        alias,
        writings.map(({ event }) => event),
      );
    } catch (thrown) {
      // Nothing about these events is wrong: their partition cannot be asked now.
      for (const writing of writings) {
        writing.outcome = { kind: "retry", detail: thrown instanceof Error ? thrown.message : "No mapping." };
        writing.unheard = true;
      }
      continue;
    }
    for (const writing of writings) {
      const name =
        refused.size > 0 && [...leafFields(writing.event.flat)].find((field) => refused.has(fieldKey(field)));
      if (!name) fine.push(writing);
      else writing.outcome = { kind: "rejected", reason: "mapping", detail: `No room for the property ${name.leaf}.` };
    }
  }
  return fine;
}

async function settleConflicts(parts: AppendParts, conflicts: readonly Writing[], deadline: number): Promise<void> {
  if (conflicts.length === 0) return;
  const stored = await readProvenances(parts, conflicts, deadline);
  conflicts.forEach((writing, i) => {
    const holder = stored[i];
    if (holder === undefined) {
      writing.outcome = { kind: "retry", detail: "Who holds the id could not be read." };
      return;
    }
    writing.holder = holder;
    writing.outcome = { kind: sameProvenance(writing.event, holder) ? "own-retry" : "duplicate" };
  });
}

function sameProvenance(a: Provenance, b: Provenance): boolean {
  return a.batch === b.batch && a.ordinal === b.ordinal;
}
