import { MillraceError, type Exception } from "@millrace/core";
import type { Dsl } from "../query/compile-filter.ts";
import { writeExceptions } from "./ledger.ts";
import type { Maintenance } from "./maintenance.ts";
import { createSearcher } from "../client/search.ts";

/** Why events are taken out; the rest of their exceptions is their own. */
export type Departure = Pick<Exception, "outcome" | "reason" | "detail">;

/** Events of one turn. OpenSearch hands out 10,000 at most without a cursor. */
const TURN = 5_000;
/** Turns in a row that found events and took none out: somebody else does the same work, or nobody can. */
const FRUITLESS_TURNS = 5;
const NOTE_MS = 60_000;

/** What an exception is made of. Provenance has no doc values, so it is read from the source. */
interface Found {
  readonly _id: string;
  readonly _source: {
    readonly project: string;
    readonly collection: string;
    readonly received_at: number;
    readonly batch: string;
    readonly ordinal: number;
  };
}

/**
 * Takes the events of a query out of the store for good, turn by turn: looks for some, writes the exceptions that take their places,
 * deletes exactly those. An exception is known by its event's provenance, so a turn that is repeated, or was stopped half way,
 * counts nothing twice; and an event that is written meanwhile is deleted in a later turn or not at all, never uncounted.
 * @param alias where to look: all partitions, or one
 * @param deadline milliseconds UTC; no turn begins after it
 * @throws MillraceError `ServiceUnavailable` when some could not be taken out: the same call again takes out the rest
 */
export async function takeOut(
  parts: Maintenance,
  alias: string,
  query: Dsl,
  leaving: Departure,
  deadline = Number.POSITIVE_INFINITY,
): Promise<{ events: number; complete: boolean }> {
  const { clock } = parts;
  let events = 0;
  let fruitless = 0;
  while (clock.now() < deadline) {
    const found = await lookFor(parts, alias, query);
    if (found.length === 0) return { events, complete: true };
    const exceptions = found.map(({ _source }) => exceptionOf(_source, leaving));
    await writeExceptions(parts, exceptions, clock.now() + NOTE_MS);
    const ids = found.map(({ _id }) => _id);
    const deleted = await deleteNow(parts, alias, { bool: { filter: [query, { ids: { values: ids } }] } });
    events += deleted;
    fruitless = deleted > 0 ? 0 : fruitless + 1;
    if (fruitless === FRUITLESS_TURNS) throw notEverything({ found: found.length });
  }
  return { events, complete: false };
}

/** Some events of the query. What was written a moment ago is among them, what was deleted is not. */
async function lookFor({ driver }: Maintenance, alias: string, query: Dsl): Promise<readonly Found[]> {
  await driver.ask({ method: "POST", path: `/${alias}/_refresh` });
  const body = { size: TURN, query, sort: ["_doc"], track_total_hits: false, _source: SOURCE };
  const { hits } = await createSearcher(driver, { aliases: alias }).search(body, false);
  return hits.hits as readonly unknown[] as readonly Found[];
}

const SOURCE = ["project", "collection", "received_at", "batch", "ordinal"] as const;

function exceptionOf({ received_at: receivedAt, ...source }: Found["_source"], leaving: Departure): Exception {
  const { project, collection, batch, ordinal } = source;
  return { project, collection, receivedAt, batch, ordinal, ...leaving, raw: null };
}

async function deleteNow({ driver }: Maintenance, alias: string, query: Dsl): Promise<number> {
  const answer = await driver.ask<{ deleted: number; failures: readonly unknown[]; timed_out: boolean }>({
    method: "POST",
    path: `/${alias}/_delete_by_query`,
    // An event that changed meanwhile was deleted by somebody else, or is found again.
    query: { conflicts: "proceed", scroll_size: TURN },
    body: { query },
  });
  if (answer.failures.length === 0 && !answer.timed_out) return answer.deleted;
  throw notEverything({ failures: answer.failures.length, deleted: answer.deleted });
}

function notEverything(context: Record<string, unknown>): MillraceError {
  return new MillraceError("ServiceUnavailable", "Not everything could be deleted. Try again.", { context });
}
