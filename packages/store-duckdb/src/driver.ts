import { existsSync } from "node:fs";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { createFairSlots, MillraceError, type RunOptions, type TimeShares } from "@millrace/core";
import { readInterruptible, transaction, type Rows } from "./connection.ts";
import type { Statement } from "./statement.ts";

export interface DriverOptions {
  /** A file, or `:memory:`. */
  readonly path: string;
  /** DuckDB's `memory_limit`; beyond it DuckDB spills to a directory beside the file. Default 1 GB. */
  readonly memoryLimit?: string;
  /** Default: DuckDB's own, one per core. */
  readonly threads?: number;
  /** The account of how much each project's questions used. Default: one for this file alone. */
  readonly time?: TimeShares;
}

interface ReadOptions extends RunOptions {
  /** Whose question it is. Default: the house's own, which never yields its turn. */
  readonly project?: string;
}

export type Read = Driver["read"];

export interface Driver {
  /**
   * Runs one SELECT on a connection of its own. At most three at a time; more wait, projects in turn, and one project never has
   * all three.
   * @throws MillraceError `RateLimitExceeded` when the project's turn did not come in time
   */
  read(statement: Statement, options?: ReadOptions): Promise<Rows>;
  /** Runs `work` with a `read` of which every call sees the events of one moment: one connection, one turn, one after the other. */
  snapshot<T>(work: (read: Read) => Promise<T>, options?: ReadOptions): Promise<T>;
  /** Runs `work` in one transaction on the writing connection. The caller makes sure there is one at a time. */
  write<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
  /** As `write`, on a connection of its own, in one of the reading slots: for long work beside the appends. */
  rearrange<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
  /** Waits for running statements, moves the write-ahead log into the file and lets go of it. */
  close(): Promise<void>;
}

/**
 * DuckDB's calls block a thread of libuv's pool, which has four: a fourth long query would stop every other call of the
 * process, appends and file access included.
 */
const MAX_READS = 3;

const DEFAULT_TIMEOUT_MS = 300_000;
/** Longest wait for a turn. Beyond it the project asks more than its share, and is told so (429) instead of timing out. */
const MAX_WAIT_MS = 20_000;

/**
 * The write-ahead log is moved into the file when it reaches this size. Small values make single appends slow (16 MB: 244 ms at
 * the 99th percentile, 256 MB: 31 ms) and write more in all; the price is the log's replay after a kill, about 1.5 s at most.
 */
const CHECKPOINT_THRESHOLD = "256MB";

/** @throws MillraceError `ServiceUnavailable` that says so when another process has the file open. */
export async function openDriver(options: DriverOptions): Promise<Driver> {
  const hadLog = existsSync(`${options.path}.wal`);
  const instance = await open(options);
  const writer = await instance.connect();
  await writer.run(`SET checkpoint_threshold = '${CHECKPOINT_THRESHOLD}'`);
  // What a killed process has left in the log was replayed just now; left there, each further start would replay it again.
  if (hadLog) await writer.run("CHECKPOINT");
  const slots = createFairSlots(MAX_READS, options.time);
  const idle: DuckDBConnection[] = [];
  let closed = false;

  const withConnection = async <T>(
    work: (connection: DuckDBConnection) => Promise<T>,
    { project: its, isHouse = false, signal, onEngineTime }: ReadOptions = {},
  ): Promise<T> => {
    const project = isHouse ? undefined : its;
    const release = await slots.acquire(project, { signal, ...(project !== undefined && { waitMs: MAX_WAIT_MS }) });
    const startedAt = performance.now();
    try {
      if (closed) throw closedError();
      const connection = idle.pop() ?? (await instance.connect());
      try {
        return await work(connection);
      } finally {
        idle.push(connection);
      }
    } finally {
      onEngineTime?.(performance.now() - startedAt);
      release();
    }
  };

  return {
    read: (statement, options) =>
      limited(options, (signal) =>
        withConnection((connection) => readInterruptible(connection, statement, signal), { ...options, signal }),
      ),
    snapshot: (work, options) =>
      limited(options, (signal) =>
        withConnection((connection) => readInSnapshot(connection, signal, work), { ...options, signal }),
      ),
    write: (work) => {
      if (closed) throw closedError();
      return transaction(writer, work);
    },
    rearrange: (work) => withConnection((connection) => transaction(connection, work)),
    close: async () => {
      if (closed) return;
      closed = true;
      const releases = await Promise.all(Array.from({ length: MAX_READS }, () => slots.acquire(undefined)));
      if (options.path !== ":memory:") await writer.run("CHECKPOINT");
      for (const connection of [...idle, writer]) connection.closeSync();
      instance.closeSync();
      for (const release of releases) release();
    },
  };
}

/** Runs `work` within its time limit, and says what went wrong in the family's terms. */
async function limited<T>(
  { timeoutMs = DEFAULT_TIMEOUT_MS, signal }: RunOptions = {},
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const end = () =>
    limit.abort(new MillraceError("QueryTimeout", `The query took longer than ${timeoutMs} ms and was stopped.`));
  const timer = setTimeout(end, timeoutMs);
  if (timeoutMs <= 0) end();
  const all = signal ? AbortSignal.any([signal, limit.signal]) : limit.signal;
  try {
    return await work(all);
  } catch (thrown) {
    // What was stopped fails with the reason for that, whatever the engine made of it.
    if (all.aborted) throw all.reason;
    throw readError(thrown);
  } finally {
    clearTimeout(timer);
  }
}

async function readInSnapshot<T>(
  connection: DuckDBConnection,
  all: AbortSignal,
  work: (read: Read) => Promise<T>,
): Promise<T> {
  let last: Promise<unknown> = connection.run(BEGIN_READ);
  const read: Read = (statement, options) => {
    const before = last;
    const signal = options?.signal ? AbortSignal.any([all, options.signal]) : all;
    const rows = limited({ ...options, signal }, async (own) => {
      await before;
      try {
        return await readInterruptible(connection, statement, own);
      } catch (thrown) {
        // DuckDB takes no further statement in a transaction in which one failed. The others get a new one.
        await connection.run("ROLLBACK").catch(() => undefined);
        await connection.run(BEGIN_READ);
        throw thrown;
      }
    });
    last = rows.catch(() => undefined);
    return rows;
  };
  try {
    await last;
    return await work(read);
  } finally {
    await last.catch(() => undefined);
    await connection.run("ROLLBACK").catch(() => undefined);
  }
}

const BEGIN_READ = "BEGIN TRANSACTION READ ONLY";

async function open({ path, memoryLimit = "1GB", threads }: DriverOptions): Promise<DuckDBInstance> {
  try {
    return await DuckDBInstance.create(path, {
      memory_limit: memoryLimit,
      ...(threads !== undefined && { threads: String(threads) }),
    });
  } catch (cause) {
    const text = messageOf(cause);
    const locked = /lock/i.test(text);
    throw new MillraceError(
      "ServiceUnavailable",
      locked
        ? `${path} is open in another process (DuckDB files have one user at a time). Stop that process first. ${text}`
        : `${path} cannot be opened: ${text}`,
      { cause },
    );
  }
}

function readError(thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  const text = messageOf(thrown);
  if (text.startsWith("Out of Range")) {
    return new MillraceError(
      "UnsupportedQueryError",
      "The numbers are too large: the result is beyond a 64-bit float.",
      { cause: thrown },
    );
  }
  if (text.startsWith("Out of Memory")) {
    return new MillraceError(
      "TooManyResultsError",
      "The answer needs more memory than this store may use. Use a filter, fewer groups or a shorter timeframe.",
      { cause: thrown },
    );
  }
  return new MillraceError("InternalServerError", "The store could not run the query.", {
    cause: thrown,
    context: { duckdb: text.slice(0, 500) },
  });
}

/** What every call after `close()` gets. */
function closedError(): MillraceError {
  return new MillraceError("ServiceUnavailable", "The store is closed.");
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
