/**
 * Characters of JSON that one answer may have: about six thousand tokens, a few of which still leave a model room to think. Rows
 * beyond it are left out, never in silence.
 */
export const MAX_ANSWER_CHARS = 20_000;

/** An answer as text for a model. */
export interface Fitted {
  readonly text: string;
  /** What was left out, and how to see it. Absent: nothing was. */
  readonly note?: string;
}

/**
 * The JSON of an answer, cut to the first rows of its list when it is too long.
 * @param rowsOf where the list is, and how to put a shorter one in its place; undefined when the answer has none
 */
export function fit(answer: unknown, rowsOf: (answer: unknown) => RowsOf | undefined, advice: string): Fitted {
  const whole = JSON.stringify(answer);
  if (whole.length <= MAX_ANSWER_CHARS) return { text: whole };
  const list = rowsOf(answer);
  if (!list) {
    return { text: "{}", note: `The answer has ${whole.length} characters, too many to show. ${advice}` };
  }
  const { rows, withRows } = list;
  let room = MAX_ANSWER_CHARS - JSON.stringify(withRows([])).length;
  let shown = 0;
  for (const row of rows) {
    room -= JSON.stringify(row).length + 1;
    if (room < 0) break;
    shown += 1;
  }
  return {
    text: JSON.stringify(withRows(rows.slice(0, shown))),
    note: `Only the first ${shown} of ${rows.length} rows are shown. ${advice}`,
  };
}

export interface RowsOf {
  readonly rows: readonly unknown[];
  readonly withRows: (rows: readonly unknown[]) => unknown;
}

/** The list of an answer of the query API: its `result`. */
export function rowsOfResult(answer: unknown): RowsOf | undefined {
  if (typeof answer !== "object" || answer === null || !("result" in answer) || !Array.isArray(answer.result)) {
    return undefined;
  }
  return { rows: answer.result, withRows: (rows) => ({ ...answer, result: rows }) };
}

/** An answer that is a list itself. */
export function rowsOfList(answer: unknown): RowsOf | undefined {
  return Array.isArray(answer) ? { rows: answer, withRows: (rows) => rows } : undefined;
}
