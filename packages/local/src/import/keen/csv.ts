import type { JsonObject } from "@millrace/core";
import { parse } from "csv-parse";
import type { Readable } from "node:stream";
import { ImportError } from "../read/error.ts";

/** A row of a CSV extraction. */
export interface CsvRow {
  /** Of its file, from 1. */
  readonly line: number;
  readonly value: JsonObject;
  /** Why it is no row: cells without a name would be lost, and a row that is too short was cut off. */
  readonly bad?: string;
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * The rows of a CSV file with a header line. CSV knows nothing but text: what is written as JSON writes a number, and comes back with
 * the same digits, is one; so are true, false and lists. An empty cell is a property that the event did not have.
 * @throws Error of csv-parse, naming the line, for quotes that do not end; ImportError for two columns of one name
 */
export async function* csvRows(bytes: Readable): AsyncGenerator<CsvRow> {
  const parser = bytes.pipe(
    parse({ columns: columnsOf, bom: true, info: true, relax_column_count: true, skip_empty_lines: true }),
  );
  bytes.on("error", (error) => parser.destroy(error));
  for await (const { record, info } of parser as AsyncIterable<{
    record: Record<string, string>;
    info: { lines: number; error?: Error };
  }>) {
    const cells = Object.entries(record).filter(([, text]) => text !== "");
    const value = Object.fromEntries(cells.map(([name, text]) => [name, valueOf(text)]));
    yield { line: info.lines, value, ...(info.error && { bad: "not as many cells as the header has columns" }) };
  }
}

function columnsOf(header: readonly string[]): string[] {
  const twice = header.find((name, index) => header.indexOf(name) !== index);
  if (twice !== undefined)
    throw new ImportError(`Two columns are called "${twice}": the values of one would be lost. Rename one of them.`);
  return [...header];
}

function valueOf(text: string) {
  if (text === "true") return true;
  if (text === "false") return false;
  if (NUMBER.test(text)) return isKept(text) ? Number(text) : text;
  if (!/^\[.*\]$/s.test(text)) return text;
  try {
    return JSON.parse(text) as JsonObject[string];
  } catch {
    return text;
  }
}

/** An id of nineteen digits, or a price of 1.10, is another text as a number; only the first would be another value. */
function isKept(text: string): boolean {
  return /[.eE]/.test(text) ? Number.isFinite(Number(text)) : String(Number(text)) === text;
}
