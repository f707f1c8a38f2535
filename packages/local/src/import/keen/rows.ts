/** An object of a list, as text, and where it begins. */
export interface Row {
  /** Of its file, from 1. */
  readonly line: number;
  readonly text: string;
}

/** An answer of Keen's begins with one of these; any other object is a row itself. */
const ANSWER = /^\s*\{\s*(?:$|"(?:result|query|query_name|metadata)"\s*:)/;

/**
 * The rows of an extraction as it was answered, `{"result":[…]}`, of a list of rows, or of one row after the other. Reads
 * character by character: an answer is a single line of any length, which nobody should have to hold.
 */
export async function* rowsOf(chunks: AsyncIterable<string>): AsyncGenerator<Row> {
  let rowsAt: number | undefined;
  let depth = 0;
  let line = 1;
  let string: string | undefined;
  let name = "";
  let isEscaped = false;
  let row: { readonly line: number; text: string } | undefined;
  for await (const chunk of chunks) {
    rowsAt ??= /^\s*\[/.test(chunk) ? 1 : ANSWER.test(chunk) ? Number.POSITIVE_INFINITY : 0;
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const character = chunk[at] ?? "";
      if (character === "\n") line++;
      if (string !== undefined) {
        if (isEscaped) isEscaped = false;
        else if (character === "\\") isEscaped = true;
        else if (character === '"') {
          name = string;
          string = undefined;
          continue;
        }
        // Only names of the answer's own members matter: the first is what its list is called.
        if (depth === 1) string += character;
        continue;
      }
      if (character === '"') string = "";
      else if (character === "[") {
        if (depth === 1 && rowsAt === Number.POSITIVE_INFINITY && name === "result") rowsAt = 2;
        depth++;
      } else if (character === "{") {
        if (depth === rowsAt && row === undefined) {
          row = { line, text: "" };
          start = at;
        }
        depth++;
      } else if (character === "}" || character === "]") {
        depth--;
        if (row && depth === rowsAt) {
          yield { line: row.line, text: row.text + chunk.slice(start, at + 1) };
          row = undefined;
        } else if (character === "]" && rowsAt < Number.POSITIVE_INFINITY && depth < rowsAt) return;
      }
    }
    if (row) row.text += chunk.slice(start);
  }
  // A file that breaks off: what there is of the last row is a bad one.
  if (row) yield row;
}
