import { isObject, type JsonObject } from "@millrace/core";
import { appendFile, rm, writeFile } from "node:fs/promises";
import type { Checkpoint, Progress } from "./checkpoint.ts";
import { isBadItem, type GoodItem, type ImportSource, type Item } from "../read/source.ts";
import { sendBatch, type OutgoingEvent, type Target } from "./target.ts";

export interface ImportReport extends Progress {
  /** Lines skipped because an earlier, interrupted run had them acknowledged. */
  readonly resumedAt: number;
}

export interface ImportObserver {
  /** Share of the file read, 0 to 1, and what was acknowledged so far. */
  onProgress(phase: "reading" | "sending", fraction: number, progress: Progress): void;
  /** The server does not answer or is busy: why. Undefined: it answers again. */
  onWaiting(reason: string | undefined): void;
  onNote(note: string): void;
}

const EVENTS_PER_BATCH = 500;
const BATCHES_IN_FLIGHT = 3;
const CHECKPOINT_EVERY_MS = 500;

interface Batch {
  readonly items: readonly Item[];
  readonly last: number;
  readonly fraction: number;
}

/**
 * Imports what a source holds: reads, sends in batches with a few in flight, and records in order what was acknowledged. Interrupted at
 * any point and run again it goes on where it was; events that were sent but not recorded are duplicates by their ids.
 * @throws ImportRefused, or the error of reading the file; the abort reason when `signal` is aborted
 */
export async function runImport(
  source: ImportSource,
  target: Target,
  checkpoint: Checkpoint,
  observer: ImportObserver,
  signal: AbortSignal,
): Promise<ImportReport> {
  const before = await checkpoint.read();
  if (!before) await rm(checkpoint.badFile, { force: true });
  let progress: Progress = before ?? { index: 0, accepted: 0, bad: 0 };
  await source.prepare?.((fraction) => observer.onProgress("reading", fraction, progress));
  for (const note of source.notes()) observer.onNote(note);

  const inFlight: { batch: Batch; outcome: Promise<readonly (string | undefined)[]> }[] = [];
  let savedAt = 0;

  const settleFirst = async () => {
    const first = inFlight.shift();
    if (!first) return;
    const refusals = await first.outcome;
    const bad = badLines(first.batch.items, refusals);
    if (bad.length > 0) await keep(checkpoint.badFile, bad);
    progress = {
      index: first.batch.last,
      accepted: progress.accepted + first.batch.items.length - bad.length,
      bad: progress.bad + bad.length,
    };
    observer.onProgress("sending", first.batch.fraction, progress);
    if (performance.now() - savedAt < CHECKPOINT_EVERY_MS) return;
    await checkpoint.write(progress);
    savedAt = performance.now();
  };

  try {
    for await (const batch of batches(source, before?.index ?? 0)) {
      signal.throwIfAborted();
      const outcome = sendBatch(target, outgoing(batch.items, target), (reason) => observer.onWaiting(reason), signal);
      outcome.catch(() => undefined); // settleFirst awaits it; this keeps an early failure from being "unhandled" meanwhile.
      inFlight.push({ batch, outcome });
      if (inFlight.length >= BATCHES_IN_FLIGHT) await settleFirst();
    }
    while (inFlight.length > 0) await settleFirst();
  } catch (error) {
    await checkpoint.write(progress);
    throw error;
  }
  for (const remark of source.remarks?.() ?? []) observer.onNote(remark);
  await checkpoint.clear();
  return { ...progress, resumedAt: before?.index ?? 0 };
}

async function* batches(source: ImportSource, after: number): AsyncGenerator<Batch> {
  let items: Item[] = [];
  let fraction = 0;
  for await (const item of source.items((f) => (fraction = f))) {
    if (item.index <= after) continue;
    items.push(item);
    if (items.length < EVENTS_PER_BATCH) continue;
    yield { items, last: item.index, fraction };
    items = [];
  }
  const last = items.at(-1);
  if (last) yield { items, last: last.index, fraction: 1 };
}

function outgoing(items: readonly Item[], target: Target): OutgoingEvent[] {
  const good = items.filter((item): item is GoodItem => !isBadItem(item));
  return good.map(({ collection, event }) => ({
    collection,
    event: target.keyKind === "master" ? event : withoutContext(event),
  }));
}

/** A write key may set neither id nor context: the id becomes Keen's uniqueness token, which is honoured for 31 days. */
function withoutContext({ $context: _context, keen, ...properties }: JsonObject): JsonObject {
  if (!isObject(keen)) return properties;
  const { id, ...rest } = keen;
  return { ...properties, keen: { ...rest, uniqueness_token: id ?? null } };
}

interface Bad {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
  readonly text: string;
}

/** Lines that could not be read, and events that the server refused. */
function badLines(items: readonly Item[], refusals: readonly (string | undefined)[]): Bad[] {
  const bad: Bad[] = [];
  let next = 0;
  for (const item of items) {
    if (isBadItem(item)) {
      bad.push({ file: item.file, line: item.line, reason: item.bad, text: item.text });
      continue;
    }
    const refusal = refusals[next++];
    if (refusal !== undefined)
      bad.push({ file: item.file, line: item.line, reason: refusal, text: JSON.stringify(item.event) });
  }
  return bad;
}

async function keep(file: string, bad: readonly Bad[]): Promise<void> {
  await writeFile(file, "", { flag: "a", mode: 0o600 }); // Lines may hold addresses: readable by their owner only.
  await appendFile(
    file,
    bad.map(({ file: from, line, reason, text }) => `${from}\t${line}\t${reason}\t${text}\n`).join(""),
  );
}
