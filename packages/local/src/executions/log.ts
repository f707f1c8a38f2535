import { executionLine, type ExecutionRecord } from "@millrace/monitor";
import { createWriteStream, existsSync, renameSync, statSync, type WriteStream } from "node:fs";

const ROTATE_BYTES = 64 * 1024 * 1024;

/** Where the executions of a server on one machine go: one JSON line each, as they go to CloudWatch on AWS. */
export interface ExecutionLog {
  write(record: ExecutionRecord): void;
  close(): Promise<void>;
}

/**
 * Appends to `file`; at 64 MiB it becomes `file.1` (replacing the one before) and a new one is begun.
 * @param onError told of executions that failed, for the terminal
 */
export function openExecutionLog(file: string, onError: (record: ExecutionRecord) => void): ExecutionLog {
  let bytes = existsSync(file) ? statSync(file).size : 0;
  let stream = append(file);
  let lines: string[] = [];
  const end = (old: WriteStream) => new Promise<void>((resolve) => old.end(() => resolve()));
  const flush = () => {
    if (lines.length === 0) return;
    const text = Buffer.from(lines.join(""));
    lines = [];
    bytes += text.length;
    // A stream that failed (full disk) is dead for good; the next one may find room.
    if (stream.destroyed) stream = append(file);
    stream.write(text);
    if (bytes < ROTATE_BYTES) return;
    void end(stream);
    renameSync(file, `${file}.1`);
    stream = append(file);
    bytes = 0;
  };
  return {
    write(record) {
      // Requests that waited for the same commit end in the same turn of the event loop; a write to the file costs more than a line.
      if (lines.push(`${executionLine(record)}\n`) === 1) setImmediate(flush);
      if (record.error) onError(record);
    },
    async close() {
      flush();
      await end(stream);
    },
  };
}

function append(file: string): WriteStream {
  const stream = createWriteStream(file, { flags: "a" });
  // A full disk must not end the server: the log is an observer.
  stream.on("error", (error) => console.error(`execution log: ${error.message}`));
  return stream;
}
