import { mostCertain, type Executions } from "@millrace/core";
import { openDriver, type DriverOptions } from "../driver.ts";
import { literal } from "../statement.ts";
import { compileDurations, compileFind, compileGet, compileGroups } from "./compile.ts";
import { HOUR, HOUR_MS, prepareHours, renewHours } from "./hours.ts";
import { foundOf, prepareExecutions, putExecutions, rowOf } from "./table.ts";

/**
 * Executions of one machine, in a DuckDB file of their own: nothing that is done with them can be in the way of events, and it may be
 * deleted at any time.
 * @throws MillraceError `ServiceUnavailable` when the file is open elsewhere or cannot be opened
 */
export async function createDuckDbExecutions(options: DriverOptions): Promise<Executions> {
  const driver = await openDriver(options);
  /** The hour that goes on; all before it are summed up. */
  let newest = await driver.write(async (connection) => {
    await prepareExecutions(connection);
    return prepareHours(connection);
  });
  let last: Promise<unknown> = Promise.resolve();
  /** One write at a time, whoever asks. */
  const write: typeof driver.write = (work) => {
    const result = last.then(() => driver.write(work));
    last = result.catch(() => undefined);
    return result;
  };

  return {
    async put(executions) {
      const settled = mostCertain(executions);
      if (settled.length === 0) return;
      newest = await write(async (connection) => {
        const touched = await putExecutions(connection, settled);
        const next = Math.max(newest, ...touched);
        // What went on until now is over.
        await renewHours(connection, next > newest ? touched.add(newest) : touched, next);
        return next;
      });
    },
    async get(id) {
      const [row] = await driver.read(compileGet(id));
      return row && rowOf(row);
    },
    find: async (search, order, limit) => (await driver.read(compileFind(search, order, limit))).map(foundOf),
    async durations(search, edges) {
      const rows = await driver.read(compileDurations(search, edges, newest));
      return rows.map((row) => {
        const [span = 0, bucket = 0, count = 0, failed = 0, cold = 0, maxMemory = 0] = row.map(Number);
        return { span, bucket, count, failed, cold, maxMemory };
      });
    },
    async groups(search, by, limit) {
      const rows = await driver.read(compileGroups(search, by, limit, newest));
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
        await connection.run(`DELETE FROM hours WHERE hour < ${literal(oldest)}`);
      });
    },
    async close() {
      await last.catch(() => undefined);
      await driver.close();
    },
  };
}
