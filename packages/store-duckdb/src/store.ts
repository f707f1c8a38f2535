import type { DuckDBConnection } from "@duckdb/node-api";
import {
  MillraceError,
  span,
  type AppendOutcome,
  type Clock,
  type DeleteWhere,
  type Deletion,
  type DeleteOptions,
  type EventStore,
  type Exception,
  type PropertyDeletion,
} from "@millrace/core";
import { appendCalls } from "./append.ts";
import { compileCountWhere, deleteEvents, forgottenOf } from "./delete.ts";
import {
  compileRejectedWith,
  compileSlices,
  decodeSlices,
  deletePropertyIn,
  rejectedWithout,
} from "./delete-property.ts";
import { messageOf, openDriver, type DriverOptions, type Read } from "./driver.ts";
import { createKeptParts, touchedAll, touchedBy } from "./kept/index.ts";
import { createLane } from "./lane.ts";
import { piecesOf, type Piece } from "./pieces.ts";
import { compileArrivals, decodeArrivals, forgetRaw, replaceExceptions, withdrawExceptions } from "./ledger.ts";
import { compileRejected, rejectedPages, rewriteRejected, type Rejected } from "./rewrite-rejected.ts";
import { compileRejectedEvents, compileRejectedGroups } from "./rejected.ts";
import { ask, sourceOf } from "./source.ts";
import type { Statement } from "./statement.ts";
import { HOT, RUN_ROWS, hasFullTable, hotRows, prepareTables, setHotAside, sortFullTable } from "./tables.ts";

export interface DuckDbStoreOptions extends DriverOptions {
  readonly clock: Clock;
  /** Rows after which the hot table is sorted away in the background. Default a million. */
  readonly runRows?: number;
  /** Memory for what the days of a dashboard's questions came to. Default 128 MB; 0 keeps nothing. */
  readonly keptBytes?: number;
}

const KEPT_BYTES = 128_000_000;

/** Appends that wait together are committed together up to this weight (an event is one): about a third of a second of work. */
const GROUP_WEIGHT = 20_000;
/** What weighs more is a mass, appended in pieces of this, so that others have their turns: some tens of milliseconds each. */
const PIECE_WEIGHT = 500;

interface AppendCall extends Piece {
  readonly isMass: boolean;
  readonly deadline: number;
}

/**
 * The event store of one machine, in one DuckDB file that this process alone has open.
 *
 * Durability: an append resolves after DuckDB's COMMIT, and DuckDB syncs its write-ahead log to the disk before COMMIT returns. So
 * a message may be acknowledged as soon as its append has resolved: a killed process loses nothing of it, the next start replays
 * the log. What is relied on is that the disk keeps what it said it has written; a queue that wants to survive a damaged log
 * as well keeps acknowledged messages until `close()` or a checkpoint (256 MB of log) has moved them into the file.
 * Uniqueness: all writes go through one lane; see append.ts.
 * Deletion: stored events in one transaction, to which no deadline applies, rejected ones and properties in many small ones; what was
 * deleted is overwritten in the file as DuckDB uses its blocks again.
 * @throws MillraceError `ServiceUnavailable` when the file is open elsewhere or cannot be opened
 */
export async function createDuckDbStore(options: DuckDbStoreOptions): Promise<EventStore> {
  const { clock, runRows = RUN_ROWS, keptBytes = KEPT_BYTES } = options;
  const driver = await openDriver(options);
  const kept = createKeptParts({
    snapshot: (work, run) => driver.snapshot(work, run),
    maxBytes: keptBytes,
    clock,
  });
  let hot = 0;
  /** Whatever moves or removes rows of full tables and runs: one at a time. */
  let rearranging: Promise<unknown> | undefined;

  const commit = async (calls: readonly AppendCall[]): Promise<AppendOutcome[][]> => {
    const now = clock.now();
    const inTime = calls.map((call) => (call.deadline > now ? call.events : []));
    const { outcomes, stored } = await writing("duckdb.append", () =>
      kept.during(touchedBy(inTime.flat()), () => driver.write((connection) => appendCalls(connection, inTime, HOT))),
    );
    hot += stored;
    return calls.map((call, i) =>
      call.deadline > now
        ? (outcomes[i] ?? [])
        : call.events.map(() => ({ kind: "retry", detail: "The deadline had passed.", because: "late" })),
    );
  };
  const lane = createLane(commit, {
    sizeOf: ({ weight }: AppendCall) => weight,
    maxSize: GROUP_WEIGHT,
    isMass: ({ isMass }) => isMass,
    pieceSize: PIECE_WEIGHT,
  });

  /** Moves a full hot table into a sorted run, beside the appends that go on. A failure leaves everything readable. */
  const sortAway = async (): Promise<void> => {
    try {
      await lane.alone(async () => {
        await driver.write(async (connection) => {
          if (!(await hasFullTable(connection))) await setHotAside(connection);
          hot = await hotRows(connection);
        });
      });
      await driver.rearrange(sortFullTable);
    } catch (thrown) {
      process.emitWarning(`Sorting the newest events away failed and will be tried again: ${messageOf(thrown)}`);
    }
  };
  const rearrange = <T>(work: () => Promise<T>): Promise<T> => {
    const result = work().finally(() => {
      rearranging = undefined;
    });
    rearranging = result.catch(() => undefined);
    return result;
  };
  const sortWhenFull = (): void => {
    if (!rearranging && hot >= runRows) void rearrange(sortAway);
  };
  /** Alone in the lane, and with no sorting beside it: what was deleted would come back with the sorted copy. */
  const deleteAlone = async (where: DeleteWhere, deadline: number): Promise<Deletion> => {
    while (rearranging) await rearranging;
    const events = await rearrange(() =>
      lane.alone(() =>
        writing("duckdb.delete", () =>
          kept.during(touchedAll(where.project), () =>
            driver.write(async (connection) => {
              const deleted = await deleteEvents(connection, where);
              hot = await hotRows(connection);
              return deleted;
            }),
          ),
        ),
      ),
    );
    const found = compileRejected(where);
    return { events, ...(await changeRejected(where.project, found, deadline, (each) => forgottenOf(each, where))) };
  };

  /** Page by page, with the appends between them. Nothing else moves exceptions. */
  const changeRejected = async (
    project: string,
    found: Statement,
    deadline: number,
    replace: (rejected: Rejected) => Exception | undefined,
  ): Promise<Pick<Deletion, "rejected" | "complete">> => {
    let rejected = 0;
    for (const page of rejectedPages(await driver.read(found))) {
      if (clock.now() >= deadline) return { rejected, complete: false };
      rejected += await lane.alone(() =>
        writing("duckdb.change-rejected", () =>
          driver.write((connection) => rewriteRejected(connection, project, page, replace)),
        ),
      );
    }
    return { rejected, complete: true };
  };

  /** Slice by slice, with the appends between them; nothing is sorted away meanwhile, which would bring the property back. */
  const deletePropertyBeside = async (where: PropertyDeletion, deadline: number): Promise<Deletion> => {
    while (rearranging) await rearranging;
    const change = (work: (connection: DuckDBConnection) => Promise<number>): Promise<number> =>
      lane.alone(() =>
        writing("duckdb.delete-property", () => kept.during(touchedAll(where.project), () => driver.write(work))),
      );
    return rearrange(async () => {
      let events = 0;
      for (const slice of decodeSlices(await driver.read(compileSlices(where)))) {
        if (clock.now() >= deadline) return { events, rejected: 0, complete: false };
        events += await change((connection) => deletePropertyIn(connection, where, slice));
      }
      const found = compileRejectedWith(where);
      const done = await changeRejected(where.project, found, deadline, (each) => rejectedWithout(each, where));
      return { events, ...done };
    });
  };

  try {
    await driver.write(async (connection) => {
      await prepareTables(connection);
      hot = await hotRows(connection);
      // What an earlier process left half way is finished with the next append.
      if (await hasFullTable(connection)) hot = Math.max(hot, runRows);
    });
  } catch (thrown) {
    // Whoever tries again must not find the file open by this attempt.
    await driver.close().catch(() => undefined);
    throw thrown;
  }

  const read: Read = (statement, run) => driver.read(statement, run);
  return {
    // Opening the file has prepared it.
    prepare: async () => {},
    append: async (events, { deadline = Number.POSITIVE_INFINITY } = {}) => {
      const pieces = piecesOf(events, PIECE_WEIGHT);
      const isMass = pieces.length > 1;
      const outcomes = await span("duckdb.commit", { events: events.length }, () =>
        allOf(pieces.map((piece) => lane.submit({ ...piece, isMass, deadline }))),
      );
      sortWhenFull();
      return outcomes.flat();
    },
    recordExceptions: async (exceptions) => {
      if (exceptions.length === 0) return;
      await span("duckdb.exceptions", { exceptions: exceptions.length }, () =>
        lane.alone(() => writing("duckdb.exceptions", () => driver.write((c) => replaceExceptions(c, exceptions)))),
      );
    },
    withdrawExceptions: async (stored) => {
      if (stored.length === 0) return;
      await span("duckdb.withdraw", { events: stored.length }, () =>
        lane.alone(() => writing("duckdb.withdraw", () => driver.write((c) => withdrawExceptions(c, stored)))),
      );
    },
    forgetRaw: (before) =>
      span("duckdb.forget", undefined, () =>
        lane.alone(() => writing("duckdb.forget", () => driver.write((c) => forgetRaw(c, before)))),
      ),
    countWhere: (where) =>
      span("duckdb.count", { project: where.project }, async () => {
        const [row] = await driver.read(compileCountWhere(where));
        return Number(row?.[0]);
      }),
    deleteWhere: (where, { deadline = Number.POSITIVE_INFINITY }: DeleteOptions = {}) =>
      span("duckdb.delete", { project: where.project }, () => deleteAlone(where, deadline)),
    deleteProperty: (where, { deadline = Number.POSITIVE_INFINITY }: DeleteOptions = {}) =>
      span("duckdb.delete-property", { project: where.project }, () => deletePropertyBeside(where, deadline)),
    ...sourceOf(read, (work, run) => kept.snapshot(work, run)),
    arrivals: (query, run) =>
      span("duckdb.arrivals", { project: query.project }, async () =>
        decodeArrivals(await driver.read(compileArrivals(query), { ...run, project: query.project })),
      ),
    rejectedGroups: (query, run) => ask(read, "duckdb.rejected", query.project, compileRejectedGroups(query), run),
    rejectedEvents: (query, page, run) =>
      ask(read, "duckdb.rejected", query.project, compileRejectedEvents(query, page), run),
    snapshot: (project, work, run) =>
      span("duckdb.snapshot", { project }, () =>
        kept.snapshot((reader) => work(sourceOf(reader.read, (own) => own(reader))), { ...run, project }),
      ),
    close: async () => {
      await lane.idle();
      await rearranging;
      await driver.close();
    },
  };
}

/**
 * What all of them resolve to, once all have ended. Where one failed the whole append comes again, and finds what was committed of it to be
 * its own.
 */
async function allOf<T>(calls: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(calls);
  return Promise.all(calls);
}

/** What fails while writing has decided nothing: the whole call may be sent again. */
async function writing<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof MillraceError) throw cause;
    throw new MillraceError("ServiceUnavailable", "The store could not write. Nothing was stored; try again.", {
      cause,
      context: { what, duckdb: messageOf(cause).slice(0, 500) },
    });
  }
}
