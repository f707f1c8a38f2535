import { stat } from "node:fs/promises";
import { numberedLines, type NumberedLine } from "./lines.ts";
import type { SourceFile } from "./source.ts";

/** A line of one of several files. */
export interface PlacedLine<File extends SourceFile = SourceFile> extends NumberedLine {
  readonly file: File;
  /** Which line it is of all files together, from 1. */
  readonly index: number;
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
    for await (const numbered of numberedLines(file.path, (share) => onProgress((before + share * size) / total)))
      yield { ...numbered, file, index: ++index };
    before += size;
  }
}
