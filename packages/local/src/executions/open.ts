import { MillraceError, type Clock, type Executions } from "@millrace/core";
import { createExecutions, type Executions as Runs, type ExecutionRecord } from "@millrace/monitor";
import { createForwarder, createOtlpExport, type OtlpSettings } from "@millrace/ops";
import { createDuckDbExecutions } from "@millrace/store-duckdb";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { startUpkeep } from "../upkeep.ts";
import { openExecutionLog } from "./log.ts";
import { tailLog } from "./tail.ts";

/** Executions of this machine: written to the log, and from there kept to be searched. */
export interface LocalExecutions {
  /** Runs of one function, each a line of the log. */
  readonly of: (name: string) => Runs;
  readonly kept: Executions;
  close(): Promise<void>;
}

export interface LocalExecutionsOptions {
  readonly folder: string;
  readonly clock: Clock;
  /** Told of every execution that failed. */
  readonly onFailed: (record: ExecutionRecord) => void;
  readonly onFault: (error: unknown) => void;
  /** Where executions go as spans, too; undefined: nowhere. */
  readonly otlp?: OtlpSettings | undefined;
}

const KEPT_MS = 30 * 24 * 3_600_000;
/** Of lines; the file takes about a tenth of it. */
const KEPT_BYTES = 4_000_000_000;
/** Events have a DuckDB of their own, which needs the memory more. */
const MEMORY_LIMIT = "400MB";

/** Executions are always kept here, also where events are in a cluster: when it is down, they say so. */
export async function openLocalExecutions(options: LocalExecutionsOptions): Promise<LocalExecutions> {
  const { folder, clock, onFailed, onFault, otlp } = options;
  const file = join(folder, "executions.ndjson");
  const log = openExecutionLog(file, onFailed);
  const path = join(folder, "executions.duckdb");
  const kept = await createDuckDbExecutions({ path, memoryLimit: MEMORY_LIMIT }).catch((cause: unknown) => {
    // Whoever records must not depend on it. The log goes on, and all of it is read again when there is a new file.
    onFault(new Error(`Executions cannot be searched. If ${path} is damaged, delete it.`, { cause }));
    return undefined;
  });
  const tail =
    kept &&
    tailLog({
      file,
      cursor: join(folder, "executions.cursor"),
      clock,
      forward: createForwarder(kept, {}, otlp && createOtlpExport(otlp, { clock, onFault })),
      onError: onFault,
    });
  const upkeep =
    kept &&
    startUpkeep(() => kept.expire({ before: clock.now() - KEPT_MS, maxBytes: KEPT_BYTES }), { onError: onFault });
  return {
    of: (name) => createExecutions({ function: name, clock, newId: randomUUID, sink: (record) => log.write(record) }),
    kept: kept ?? AWAY,
    async close() {
      await log.close();
      await tail?.stop();
      await upkeep?.stop();
      await kept?.close();
    },
  };
}

const away = (): Promise<never> =>
  Promise.reject(new MillraceError("ServiceUnavailable", "Executions cannot be searched now; the terminal says why."));
const AWAY: Executions = {
  put: away,
  get: away,
  find: away,
  durations: away,
  groups: away,
  expire: away,
  close: () => Promise.resolve(),
};
