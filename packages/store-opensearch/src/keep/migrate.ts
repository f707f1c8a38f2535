import { MillraceError, isObject, partitionsOf, restPartitions } from "@millrace/core";
import { NoAnswer, type Driver } from "../client/driver.ts";
import { errorTypes, failureOf } from "../client/failure.ts";
import type { HeldLock, Lock } from "./lock.ts";
import type { Maintenance } from "./maintenance.ts";
import { awaitCopy, CopyGoesOn, copyDocuments, stopCopies, type CopyParts } from "./reindex.ts";
import { MAPPING_VERSION } from "../schema.ts";

export interface MigrationParts extends Maintenance, CopyParts {
  readonly lock: Lock;
}

/** One partition brought to the mapping of this version. */
export interface Migrated {
  readonly partition: string;
  readonly from: string;
  readonly to: string;
  readonly events: number;
}

/**
 * Copies partitions that have an index of an older mapping into one of the current mapping, one after the other, while ingest
 * goes on. A partition's own writes wait meanwhile (they are answered `retry` and come back from the queue): an event that is
 * redelivered during the copy must find its first attempt. Readers see the old index until one atomic step puts the new one in
 * its place; no moment shows an event twice or not at all. Killed anywhere, the next call begins that partition anew.
 *
 * One at a time: of two, one could empty what the other puts in place. A lock keeps them apart; should it ever fail (a process that
 * slept for minutes), each writes to an index of its own name, and the step that puts it in place fails unless all is as it was.
 * @param version the mapping to bring them to. Default: this program's.
 * @throws MillraceError `ServiceUnavailable` while another one runs
 */
export async function migrate(parts: MigrationParts, version = MAPPING_VERSION): Promise<Migrated[]> {
  return parts.lock.hold((held) => migrateAll(parts, held, version));
}

/** What one call of {@link migrateStep} did. */
export interface MigrationStep {
  readonly migrated: readonly Migrated[];
  /** The partition whose copy goes on in the store; writes to it wait. The next call looks after it. */
  readonly copying?: string;
  /** No partition has an older mapping any more. */
  readonly done: boolean;
}

/**
 * One partition of {@link migrate}, or a part of it, for a process that may not live as long as a copy takes. What it has begun when
 * its time is over goes on in the store, and the next call takes it up.
 * @param until milliseconds UTC
 */
export async function migrateStep(
  parts: MigrationParts,
  until: number,
  version = MAPPING_VERSION,
): Promise<MigrationStep> {
  try {
    const migrated = await parts.lock.hold((held) => migrateAll(parts, held, version, until));
    return { migrated, done: migrated.length === 0 };
  } catch (thrown) {
    if (thrown instanceof CopyGoesOn) return { migrated: [], copying: thrown.from, done: false };
    throw thrown;
  }
}

/** @param until given: one partition, and only until then */
async function migrateAll(parts: MigrationParts, held: HeldLock, version: number, until?: number): Promise<Migrated[]> {
  const { driver, names, partitions, clock } = parts;
  const table = await partitions.read();
  const months = table.months.filter(({ dropped }) => !dropped);
  const keys = months.flatMap((month) => partitionsOf(month).map((key) => ({ key, month: month.month })));
  const done: Migrated[] = [];
  for (const { key, month } of [...keys, ...restPartitions(table).map((each) => ({ key: each, month: undefined }))]) {
    await held.renew();
    const alias = names.partition(key);
    const from = await indexOf(driver, alias);
    const target = names.index(key, version);
    if (isOfTarget(from, target)) continue;
    if (until !== undefined && done.length > 0) break;
    const copy = { alias, from, target, to: `${target}-${clock.now().toString(36)}` };
    const { events, to } = await copyPartition(parts, held, copy, until);
    await partitions.update((all) => ({
      ...all,
      months: all.months.map((each) => (each.month === month ? { ...each, version } : each)),
    }));
    done.push({ partition: key, from, to, events });
  }
  // Not before: a query that had begun may still be reading them.
  for (const { partition, from, to } of done) {
    await held.renew();
    if ((await indexOf(driver, names.partition(partition))) !== to) throw changedMeanwhile(from);
    await driver.ask({ method: "DELETE", path: `/${from}` }, { ignore: [404] });
  }
  return done;
}

/** Whether an index has the target version: made by `prepare`, or by a migration, whose indexes have names of their own. */
function isOfTarget(index: string, target: string): boolean {
  return index === target || index.startsWith(`${target}-`);
}

interface Copy {
  readonly alias: string;
  readonly from: string;
  /** How the names of all indexes of the wanted version begin. */
  readonly target: string;
  readonly to: string;
}

async function copyPartition(
  parts: MigrationParts,
  held: HeldLock,
  planned: Copy,
  until?: number,
): Promise<{ events: number; to: string }> {
  const { driver } = parts;
  const begun = until === undefined ? undefined : await begunCopy(driver, planned);
  const copy = begun === undefined ? planned : { ...planned, to: begun };
  const { from, to } = copy;
  let count: number;
  try {
    if (begun === undefined) await beginCopy(driver, copy);
    const copied = await (begun === undefined
      ? copyDocuments(parts, copy, () => held.renew(), until)
      : awaitCopy(parts, copy, () => held.renew(), until));
    const body = { "index.refresh_interval": await refreshOf(driver, from) };
    await driver.ask({ method: "PUT", path: `/${to}/_settings`, body });
    await held.renew();
    // What was copied, and what is there at the last moment: nothing may have been written to the one or taken from the other.
    const [old, made] = [await countOf(driver, from), await countOf(driver, to)];
    if ((copied ?? made) !== old || made !== old) {
      throw new MillraceError("InternalServerError", `${from} has ${old} events, ${made} could be copied.`);
    }
    count = old;
  } catch (thrown) {
    if (thrown instanceof CopyGoesOn) throw thrown;
    // Best effort, and never in the way of the error that tells what happened: the next call clears away what is left.
    await clearAway(driver, [to]).catch(() => undefined);
    await unblock(driver, held, from).catch(() => undefined);
    throw thrown;
  }
  await putInPlace(driver, held, copy);
  return { events: count, to };
}

/** Stops the writes and makes the empty index that is copied into. */
async function beginCopy(driver: Driver, copy: Copy): Promise<void> {
  const { from, to } = copy;
  await blockWrites(driver, from);
  await clearAway(driver, await abandonedCopies(driver, copy));
  await driver.ask({
    method: "PUT",
    path: `/${to}`,
    body: { settings: { "index.refresh_interval": "-1" }, mappings: { properties: await leavesOf(driver, from) } },
  });
  await driver.ask({ method: "POST", path: `/${from}/_refresh` });
}

/**
 * The copy of this partition that an earlier call began. Its index was made only after the writes had stopped, and they are let in
 * again only after it was cleared away: while both are there, all that the old index holds is in the copy or on its way into it.
 */
async function begunCopy(driver: Driver, copy: Copy): Promise<string | undefined> {
  const [begun, ...more] = await abandonedCopies(driver, copy);
  if (begun === undefined || more.length > 0) return undefined;
  const request = { method: "GET", path: `/${copy.from}/_settings/index.blocks.write` } as const;
  const answer = await driver.ask<Record<string, { settings: { index?: { blocks?: { write?: string } } } }>>(request);
  return answer[copy.from]?.settings.index?.blocks?.write === "true" ? begun : undefined;
}

/** Waits for the writes under way; from here on the index changes no more. */
async function blockWrites(driver: Driver, index: string): Promise<void> {
  if (await blocked(driver, index)) return;
  // It is blocked already, by a call that was killed, and nobody knows whether that one had waited.
  await allowWrites(driver, index);
  if (await blocked(driver, index)) return;
  throw new MillraceError("ServiceUnavailable", `Writes to ${index} could not be stopped. Try again.`);
}

/** Asks for the block. False when not every shard has confirmed it, or when it was there. */
async function blocked(driver: Driver, index: string): Promise<boolean> {
  const request = { method: "PUT", path: `/${index}/_block/write` } as const;
  return (await driver.ask<{ shards_acknowledged: boolean }>(request)).shards_acknowledged;
}

async function allowWrites(driver: Driver, index: string): Promise<void> {
  await driver.ask({ method: "PUT", path: `/${index}/_settings`, body: { "index.blocks.write": null } });
}

/** Lets the events in that wait; unless another migration may have begun, which relies on the block. */
async function unblock(driver: Driver, held: HeldLock, index: string): Promise<void> {
  await held.renew();
  await allowWrites(driver, index);
}

/** What earlier, interrupted calls left of this partition: indexes of the wanted version that no alias leads to. */
async function abandonedCopies(driver: Driver, { alias, target }: Copy): Promise<string[]> {
  const indexes = await driver.ask<Record<string, { aliases: object }>>({ method: "GET", path: `/${alias}-v*/_alias` });
  return Object.keys(indexes).filter(
    (index) => isOfTarget(index, target) && Object.keys(indexes[index]?.aliases ?? {}).length === 0,
  );
}

async function clearAway(driver: Driver, copies: readonly string[]): Promise<void> {
  await stopCopies(driver, copies);
  for (const index of copies) await driver.ask({ method: "DELETE", path: `/${index}` }, { ignore: [404] });
}

/** Puts the copy in place of the old index: all of it or nothing, and nothing when one of the two is not what it was. */
async function putInPlace(driver: Driver, held: HeldLock, { alias, from, to }: Copy): Promise<void> {
  // All aliases of the one become those of the other: for writing this partition, for reading all of them and those of its group.
  const actions = (await aliasesOf(driver, from)).flatMap((name) => [
    { add: { index: to, alias: name, ...(name === alias && { is_write_index: true }) } },
    { remove: { index: from, alias: name, must_exist: true } },
  ]);
  const answer = await driver
    .send({ method: "POST", path: "/_aliases", body: { actions } })
    .catch((thrown: unknown) => {
      if (thrown instanceof NoAnswer) return { status: 503, body: undefined };
      throw thrown;
    });
  if (isObject(answer.body) && answer.body["acknowledged"] === true) return;
  if (answer.status >= 400 && answer.status < 500 && errorTypes(answer.body).size > 0) {
    await unblock(driver, held, from).catch(() => undefined);
    throw failureOf(answer);
  }
  if ((await indexOf(driver, alias)) === to) return;
  // It may still happen. What were written to the old index until then would be lost with it, so its writes stay stopped.
  throw new MillraceError(
    "ServiceUnavailable",
    `Whether ${to} has taken the place of ${from} is not known. Its writes wait: begin the migration again.`,
  );
}

function changedMeanwhile(from: string): MillraceError {
  return new MillraceError("InternalServerError", `${from} was not deleted: its partition was changed meanwhile.`);
}

async function aliasesOf(driver: Driver, index: string): Promise<string[]> {
  const request = { method: "GET", path: `/${index}/_alias` } as const;
  const answer = await driver.ask<Record<string, { aliases: object }>>(request);
  return Object.keys(answer[index]?.aliases ?? {});
}

/** The one index a write alias leads to. */
async function indexOf(driver: Driver, alias: string): Promise<string> {
  const request = { method: "GET", path: `/_alias/${alias}` } as const;
  const found = Object.keys(await driver.ask<Record<string, unknown>>(request, { ignore: [404] }));
  const [index, ...more] = found.filter((name) => name.startsWith(`${alias}-v`));
  if (index !== undefined && more.length === 0) return index;
  throw new MillraceError("InternalServerError", `${alias} does not lead to one index. Look at the store's health.`);
}

async function countOf(driver: Driver, index: string): Promise<number> {
  await driver.ask({ method: "POST", path: `/${index}/_refresh` });
  const { count, _shards: shards } = await driver.ask<{ count: number; _shards: { failed: number } }>({
    method: "GET",
    path: `/${index}/_count`,
  });
  if (shards.failed === 0) return count;
  throw new MillraceError("ServiceUnavailable", `The events of ${index} could not be counted. Try again.`);
}

/** The properties that the old index maps; the template knows only the standard fields. */
async function leavesOf(driver: Driver, index: string): Promise<Record<string, unknown>> {
  const answer = await driver.ask<Record<string, { mappings: { properties: Record<string, unknown> } }>>({
    method: "GET",
    path: `/${index}/_mapping`,
  });
  const properties = answer[index]?.mappings.properties ?? {};
  return Object.fromEntries(Object.entries(properties).filter(([name]) => /^p_[a-z]$/.test(name)));
}

async function refreshOf(driver: Driver, index: string): Promise<string> {
  const answer = await driver.ask<Record<string, { settings: { index: { refresh_interval?: string } } }>>({
    method: "GET",
    path: `/${index}/_settings/index.refresh_interval`,
  });
  return answer[index]?.settings.index.refresh_interval ?? "1s";
}
