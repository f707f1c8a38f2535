import { executionLine, type ExecutionRecord } from "@millrace/ops";
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
  const end = (old: WriteStream) => new Promise<void>((resolve) => old.end(() => resolve()));
  return {
    write(record) {
      const line = `${executionLine(record)}\n`;
      bytes += Buffer.byteLength(line);
      stream.write(line);
      if (record.error) onError(record);
      if (bytes < ROTATE_BYTES) return;
      void end(stream);
      renameSync(file, `${file}.1`);
      stream = append(file);
      bytes = 0;
    },
    close: () => end(stream),
  };
}

function append(file: string): WriteStream {
  const stream = createWriteStream(file, { flags: "a" });
  // A full disk must not end the server: the log is an observer.
  stream.on("error", (error) => console.error(`execution log: ${error.message}`));
  return stream;
}
