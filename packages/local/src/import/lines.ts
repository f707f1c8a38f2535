import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** One line that is not blank, with its number in the file (from 1). */
export interface NumberedLine {
  readonly line: number;
  readonly text: string;
}

/**
 * The lines of a file that are not blank; a name that ends in `.gz` is unpacked on the way.
 * @param onProgress told after each line which share of the file (compressed, if it is) has been read, 0 to 1
 * @throws NodeJS.ErrnoException when the file cannot be opened, read or unpacked to its end
 */
export async function* numberedLines(
  file: string,
  onProgress: (fraction: number) => void,
): AsyncGenerator<NumberedLine> {
  const { size } = await stat(file);
  const raw = createReadStream(file);
  // compose, not pipe: an error in the middle of the file must end the iteration with that error, not hang it.
  const content = file.endsWith(".gz") ? raw.compose<Readable>(createGunzip()) : raw;
  let line = 0;
  for await (const text of split(content)) {
    line++;
    onProgress(raw.bytesRead / size);
    if (text.trim() !== "") yield { line, text };
  }
}

async function* split(stream: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk as Buffer, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    for (const line of parts) yield line.endsWith("\r") ? line.slice(0, -1) : line;
  }
  rest += decoder.decode();
  if (rest !== "") yield rest;
}
