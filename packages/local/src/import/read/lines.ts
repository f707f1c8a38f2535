import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { encodingOf, isBroken, isTar, openContent, unreadable } from "./content.ts";
import { ImportError } from "./error.ts";

/** One line that is not blank, with its number in the file (from 1). */
export interface NumberedLine {
  readonly line: number;
  readonly text: string;
  /** The last of a file that does not end its lines with it: it may have been copied while it was written. */
  readonly unended: boolean;
}

/** No format that is read here has such lines; without a bound a file without line ends would fill the memory. */
const LONGEST_LINE_CHARS = 16_000_000;

/**
 * The lines of a file that are not blank, unpacked and decoded (see content.ts).
 * @param onProgress told now and then which share of the file (compressed, if it is) has been read, 0 to 1
 * @throws ImportError when the file cannot be opened or read, breaks off in the middle of its compressed data, or is no text
 */
export async function* numberedLines(
  file: string,
  onProgress: (fraction: number) => void = () => {},
): AsyncGenerator<NumberedLine> {
  const { size } = await stat(file).catch(unreadable(file));
  const { raw, bytes, packed } = await openContent(file);
  let line = 0;
  try {
    for await (const { text, ends, unended } of split(bytes)) {
      line++;
      // Told once a chunk: a share for each line would be a million calls that all say the same.
      if (ends) onProgress(size === 0 ? 1 : Math.min(raw.bytesRead / size, 1));
      if (line === 1 && isTar(text))
        throw new ImportError(`${file} is a tar archive. Pipe it in: tar xOf ${file} | … -`);
      if (line === 1 && isBinary(text)) throw new ImportError(`${file} is no text file (nor gzip or zstd of one).`);
      if (text.trim() !== "") yield { line, text, unended };
    }
  } catch (error) {
    if (error instanceof ImportError) throw error;
    throw packed && isBroken(error)
      ? new ImportError(
          `${file} breaks off or is damaged after line ${line.toLocaleString("en")} (${error.message}). Copy it again.`,
          { cause: error },
        )
      : new ImportError(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  } finally {
    raw.destroy();
  }
  onProgress(1);
}

/** The first lines that are not blank. */
export async function firstLines(file: string, count: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const { text } of numberedLines(file)) {
    lines.push(text);
    if (lines.length >= count) break;
  }
  return lines;
}

/** A return alone ends a line too, as old systems and some editors write it: else all but the first would be lost. */
const LINE_END = /\r\n|\n|\r(?=[^\n])/;

/** `ends`: the last line of a chunk. */
async function* split(stream: Readable): AsyncGenerator<{ text: string; ends: boolean; unended: boolean }> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let rest = "";
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    decoder ??= new TextDecoder(encodingOf(chunk));
    const parts = (rest + decoder.decode(chunk, { stream: true })).split(LINE_END);
    rest = parts.pop() ?? "";
    if (rest.length > LONGEST_LINE_CHARS)
      throw new ImportError(
        `A line is longer than ${LONGEST_LINE_CHARS.toLocaleString("en")} characters: this is no file of lines.`,
      );
    for (const [index, line] of parts.entries())
      yield { text: withoutMark(line), ends: index === parts.length - 1, unended: false };
  }
  rest += decoder?.decode() ?? "";
  const last = rest.replace(/\r$/, "");
  if (last !== "") yield { text: withoutMark(last), ends: true, unended: last === rest };
}

/** Files that were put together keep the mark that each began with. */
function withoutMark(line: string): string {
  return line.startsWith("\uFEFF") ? line.slice(1) : line;
}

/** Many characters that no text has: a zip, a database, a picture. A few NULs are a crash's, before a line that is good. */
function isBinary(text: string): boolean {
  const sample = text.slice(0, 1_000);
  const strange = sample.split("").filter(isStrange).length;
  return strange > 8 && strange * 10 > sample.length;
}

/** Tabs, line and page ends and the escape of colours are in texts; NULs are counted by nobody. */
function isStrange(character: string): boolean {
  const code = character.charCodeAt(0);
  return code === 0xfffd || (code > 0 && code < 0x20 && (code < 0x09 || code > 0x0d) && code !== 0x1b);
}
