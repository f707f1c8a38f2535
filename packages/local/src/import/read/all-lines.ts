import { stat } from "node:fs/promises";
import { numberedLines } from "./lines.ts";
import type { SourceFile } from "./source.ts";

/** A line of one of several files. */
export interface PlacedLine<File extends SourceFile = SourceFile> {
  readonly file: File;
  readonly line: number;
  /** Which line it is of all files together, from 1. */
  readonly index: number;
  readonly text: string;
}

/** The lines of all files, one file after the other. Progress is the share of all their bytes. */
export async function* allLines<File extends SourceFile>(
  files: readonly File[],
  onProgress: (fraction: number) => void,
): AsyncGenerator<PlacedLine<File>> {
  const sizes = await Promise.all(files.map(async ({ path }) => (await stat(path)).size));
  const total = sizes.reduce((sum, size) => sum + size, 0) || 1;
  let before = 0;
  let index = 0;
  for (const [number, file] of files.entries()) {
    const size = sizes[number] ?? 0;
    for await (const { line, text } of numberedLines(file.path, (share) => onProgress((before + share * size) / total)))
      yield { file, line, index: ++index, text };
    before += size;
  }
}
