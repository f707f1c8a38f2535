import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** The lines of a file, and how far the reading has come. */
export interface LineSource {
  readonly lines: AsyncIterable<string>;
  /** Bytes of the file (compressed, if it is) read so far. */
  readBytes(): number;
  readonly totalBytes: number;
}

/**
 * Opens a file for reading line by line; a name that ends in `.gz` is unpacked on the way.
 * @throws NodeJS.ErrnoException when it cannot be opened; the iteration throws when it cannot be read or unpacked to the end.
 */
export async function openLines(file: string): Promise<LineSource> {
  const { size } = await stat(file);
  const raw = createReadStream(file);
  // compose, not pipe: an error in the middle of the file must end the iteration with that error, not hang it.
  const text = file.endsWith(".gz") ? raw.compose<Readable>(createGunzip()) : raw;
  return { lines: split(text), readBytes: () => raw.bytesRead, totalBytes: size };
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
