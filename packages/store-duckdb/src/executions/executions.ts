import { mostCertain, type ExecutionOrder, type Executions, type ExecutionSearch } from "@millrace/core";
import { openDriver, type DriverOptions, type Read } from "../driver.ts";
import { literal } from "../statement.ts";
import {
  compileDurations,
  compileFiled,
  compileFind,
  compileGet,
  compileGroups,
  compileLeast,
  type Kept,
  type Known,
} from "./compile.ts";
import { HOUR, HOUR_MS, prepareHours, renewHours } from "./hours.ts";
import { fileNextDay, prepareLabelled, refile } from "./labels.ts";
import { foundOf, prepareExecutions, putExecutions, rowOf } from "./table.ts";

/**
 * Executions of one machine, in a DuckDB file of their own: nothing that is done with them can be in the way of events, and it may be
 * deleted at any time.
 * @throws MillraceError `ServiceUnavailable` when the file is open elsewhere or cannot be opened
 */
export async function createDuckDbExecutions(options: DriverOptions): Promise<Executions> {
  const driver = await openDriver(options);
  let kept: Kept = await driver.write(async (connection) => {
    await prepareExecutions(connection);
    return { newest: await prepareHours(connection), filedTo: await prepareLabelled(connection) };
  });
  let last: Promise<unknown> = Promise.resolve();
  /** One write at a time, whoever asks. */
  const write: typeof driver.write = (work) => {
    const result = last.then(() => driver.write(work));
    last = result.catch(() => undefined);
    return result;
  };
  let isClosing = false;
  let filing: Promise<void> | undefined;
  /** Files the days that are over, one after the other behind the writes that come: a file from before there were labels has many. */
  const fileDays = async (): Promise<void> => {
    for (let more = true; more && !isClosing;) {
      const filedTo = await write((connection) => fileNextDay(connection, kept.filedTo, kept.newest));
      more = filedTo !== kept.filedTo;
      kept = { ...kept, filedTo };
    }
  };
  /** What fails is filed with a later put, and found in the executions until then. */
  const file = (): void =>
    void (filing ??= fileDays()
      .catch(() => undefined)
      .finally(() => (filing = undefined)));
  file();

  return {
    async put(executions) {
      const settled = mostCertain(executions);
      if (settled.length === 0) return;
      const before = kept.newest;
      const newest = await write(async (connection) => {
        const touched = await putExecutions(connection, settled);
        await refile(connection, settled, kept.filedTo);
        const next = Math.max(kept.newest, ...touched);
        // What went on until now is over.
        await renewHours(connection, next > kept.newest ? touched.add(kept.newest) : touched, next);
        return next;
      });
      kept = { ...kept, newest };
      if (newest > before) file();
    },
    async get(id) {
      const [row] = await driver.read(compileGet(id));
      return row && rowOf(row);
    },
    find: (search, order, limit) => {
      // As of before the snapshot: what is filed or summed up meanwhile is still among the executions.
      const now = kept;
      return driver.snapshot(async (read) => {
        const known = await look(read, search, order, limit, now);
        return (await read(compileFind(search, order, limit, now, known))).map(foundOf);
      });
    },
    async durations(search, edges) {
      const rows = await driver.read(compileDurations(search, edges, kept));
      return rows.map((row) => {
        const [span = 0, bucket = 0, count = 0, failed = 0, cold = 0, maxMemory = 0] = row.map(Number);
        return { span, bucket, count, failed, cold, maxMemory };
      });
    },
    async groups(search, by, limit) {
      const rows = await driver.read(compileGroups(search, by, limit, kept));
      return rows.map(([value, count, failed, lastAt]) => ({
        value: String(value),
        count: Number(count),
        failed: Number(failed),
        lastAt: Number(lastAt),
      }));
    },
    async expire({ before, maxBytes }) {
      const sql = `SELECT ${HOUR}, sum(bytes) FROM executions GROUP BY 1 ORDER BY 1 DESC`;
      let sum = 0;
      const first = (await driver.read({ sql, values: [], types: [] })).find(
        ([, bytes]) => (sum += Number(bytes)) > maxBytes,
      );
      // By whole hours, as their sums are: finer would take a sum over all rows, too.
      const tooMuch = first ? Number(first[0]) + 1 : Number.NEGATIVE_INFINITY;
      const oldest = Math.max(Math.floor(before / HOUR_MS), tooMuch);
      await write(async (connection) => {
        await connection.run(`DELETE FROM executions WHERE started_at < ${literal(oldest * HOUR_MS)}`);
        await connection.run(`DELETE FROM hour_sums WHERE hour < ${literal(oldest)}`);
        await connection.run(`DELETE FROM labelled WHERE started_at < ${literal(oldest * HOUR_MS)}`);
      });
    },
    async close() {
      isClosing = true;
      await filing;
      await last.catch(() => undefined);
      await driver.close();
    },
  };
}

/** What labels and sums say of an answer before the executions are read. */
async function look(
  read: Read,
  search: ExecutionSearch,
  order: ExecutionOrder,
  limit: number,
  kept: Kept,
): Promise<Known> {
  if ((search.labels ?? []).length > 0)
    return { hashes: (await read(compileFiled(search, order, limit, kept))).map(([hash]) => String(hash)) };
  if (order === "newest") return {};
  const [row] = await read(compileLeast(search, order, limit, kept));
  return row?.[0] === null ? {} : { least: Number(row?.[0]) };
}
