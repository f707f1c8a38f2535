import { firstLines } from "../read/lines.ts";
import type { PlacedLine } from "../read/all-lines.ts";
import type { SourceFile } from "../read/source.ts";

/**
 * True for a file whose objects are not one a line: one array in a single line, or written with indents. In such a file nothing
 * but the brackets says where an object ends, so a damaged one takes what follows with it; files of lines are read by line.
 */
export async function isWrittenFreely(file: string): Promise<boolean> {
  const [first = "", second = ""] = (await firstLines(file, 2)).map((line) => line.trim());
  return first === "{" || (first.startsWith("[") && (first !== "[" || second === "{"));
}

/**
 * The lines of all files; of those that are written freely the objects, each as a line with the number of the one it begins in.
 * @param free which of the files those are
 */
export async function* elements<File extends SourceFile>(
  lines: AsyncIterable<PlacedLine<File>>,
  free: ReadonlySet<File>,
): AsyncGenerator<PlacedLine<File>> {
  let index = 0;
  let open: { readonly at: PlacedLine<File>; text: string; depth: number } | undefined;
  let inString = false;
  for await (const placed of lines) {
    if (open && open.at.file !== placed.file) {
      yield { ...open.at, index: ++index, text: open.text };
      open = undefined;
      inString = false;
    }
    if (!free.has(placed.file)) {
      yield { ...placed, index: ++index };
      continue;
    }
    let start = 0;
    for (const { 0: mark, index: at } of placed.text.matchAll(MARKS)) {
      if (inString) {
        if (mark === '"') inString = false;
      } else if (mark === '"') inString = true;
      else if (mark === "{") {
        if (!open) {
          open = { at: placed, text: "", depth: 0 };
          start = at;
        }
        open.depth++;
      } else if (mark === "}" && open && --open.depth === 0) {
        yield { ...open.at, index: ++index, text: open.text + placed.text.slice(start, at + 1) };
        open = undefined;
      }
    }
    if (open) open.text += `${placed.text.slice(start)}\n`;
  }
  if (open) yield { ...open.at, index: ++index, text: open.text };
}

/** What begins and ends objects and texts; an escaped character is passed over as one. */
const MARKS = /\\.|["{}]/g;
