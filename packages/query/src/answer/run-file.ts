import { MillraceError, tableOf, type JsonObject } from "@millrace/core";
import type { QueryParts } from "../deps.ts";
import { csvOf } from "./csv.ts";
import { parquetOf } from "./parquet.ts";
import { answerOf, type QueryRequest } from "./run-query.ts";

/** The forms of an answer that are a file and no JSON. */
export const FILE_FORMS = ["text/csv", "application/vnd.apache.parquet"] as const;
export type FileForm = (typeof FILE_FORMS)[number];

/** An answer that is no JSON. */
export class FileAnswer {
  readonly body: string | Uint8Array;
  readonly form: FileForm;
  /** What a browser saves it as. */
  readonly name: string;
  /** What JSON would say in `meta`: a file has no place for it. */
  readonly notes: readonly string[];

  constructor(body: string | Uint8Array, form: FileForm, { name, notes }: { name: string; notes: readonly string[] }) {
    this.body = body;
    this.form = form;
    this.name = name;
    this.notes = notes;
  }
}

/** The rows of an extraction as a file: bounded like the rows themselves. @throws MillraceError as a query does */
export async function runFile(deps: QueryParts, request: QueryRequest, form: FileForm): Promise<FileAnswer> {
  const { query, outcome } = await answerOf(deps, request);
  if (query.kind !== "extraction")
    throw new MillraceError("InvalidParameterError", `Only an extraction can be ${form}.`);
  const table = tableOf(outcome.result as JsonObject[], query.propertyNames);
  const [body, ending] = form === "text/csv" ? [csvOf(table), "csv"] : [await parquetOf(table), "parquet"];
  return new FileAnswer(body, form, { name: `${query.collections.join("+")}.${ending}`, notes: outcome.notes });
}
