import type { ErrorCode, Json } from "@millrace/core";
import type { Answer, AnswerTo, LedgerAnswer } from "./answers.ts";
import { MillraceClientError } from "./error.ts";
import type { AnalysisName, LedgerParameters, Question } from "./parameters.ts";

/** One question of a batch: an analysis with its parameters, a saved query by its name, or the ledger. */
export type BatchEntry = Question | { readonly saved_query_name: string } | { readonly ledger: LedgerParameters };

/** What a question is answered with. */
export type AnswerOf<Entry> = Entry extends { readonly ledger: LedgerParameters }
  ? LedgerAnswer
  : Entry extends { readonly analysis_type: infer A extends AnalysisName }
    ? AnswerTo<A, Entry>
    : Entry extends { readonly saved_query_name: string }
      ? Answer<Json>
      : never;

/** What became of one question: one that failed harms no other. */
export type BatchOutcome<Entry> =
  { readonly ok: true; readonly answer: AnswerOf<Entry> } | { readonly ok: false; readonly error: MillraceClientError };

export interface BatchAnswer<Queries> {
  /** The instant that all answers are about, ISO 8601. */
  readonly as_of: string;
  /** Of what was stored then; see {@link import("./client.ts").MillraceClient.version}. Absent where nobody keeps count. */
  readonly version?: string;
  /** Seconds since the answers were computed, for this caller or another. */
  readonly age: number;
  readonly outcomes: { readonly [Label in keyof Queries]: BatchOutcome<Queries[Label]> };
}

/** The answer as it is sent. */
export interface BatchWire {
  readonly as_of: string;
  readonly version?: string;
  readonly age: number;
  readonly result: Readonly<Record<string, object>>;
}

/** @throws MillraceClientError `UnreadableAnswer` when a question has no outcome */
export function readBatch<Queries extends object>(queries: Queries, wire: BatchWire): BatchAnswer<Queries> {
  const { result, ...rest } = wire;
  const outcomes = Object.keys(queries).map((label) => [label, outcomeOf(result[label])] as const);
  return { ...rest, outcomes: Object.fromEntries(outcomes) as unknown as BatchAnswer<Queries>["outcomes"] };
}

function outcomeOf(entry: object | undefined): BatchOutcome<BatchEntry> {
  if (!entry)
    throw new MillraceClientError("UnreadableAnswer", 200, "The answer to a batch lacks one of its questions.");
  if (!("error_code" in entry)) return { ok: true, answer: entry as AnswerOf<BatchEntry> };
  const { error_code: code, status, message } = entry as { error_code: ErrorCode; status: number; message: string };
  return { ok: false, error: new MillraceClientError(code, status, message) };
}
