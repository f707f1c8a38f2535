import { Instrumenter } from "@stryker-mutator/instrumenter";
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

/** One small change of the code. Lines and columns begin at 1, as in the report. */
export interface Mutant {
  readonly id: string;
  /** Absolute. */
  readonly file: string;
  readonly mutatorName: string;
  readonly replacement: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Instrumented {
  readonly mutants: readonly Mutant[];
  /** The code with every mutant in it, each behind a switch, by the file's URL. */
  readonly code: Readonly<Record<string, string>>;
}

const ignore = (): void => {};
const SILENT = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: ignore,
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  fatal: ignore,
};

/** Puts StrykerJS's mutants into the files, all at once: which of them is on is decided while the code runs. */
export async function instrument(files: readonly string[]): Promise<Instrumented> {
  const sources = await Promise.all(
    files.map(async (name) => ({ name, mutate: true, content: await readFile(name, "utf8") })),
  );
  const result = await new Instrumenter(SILENT).instrument(sources, {
    plugins: null,
    excludedMutations: [],
    ignorers: [],
    noHeader: false,
  });
  return {
    mutants: result.mutants.map(({ id, fileName, mutatorName, replacement, location: { start, end } }) => ({
      id,
      file: fileName,
      mutatorName,
      replacement,
      location: { start: fromOne(start), end: fromOne(end) },
    })),
    code: Object.fromEntries(
      result.files.flatMap(({ name, content }) =>
        typeof content === "string" ? [[pathToFileURL(name).href, content] as const] : [],
      ),
    ),
  };
}

function fromOne({ line, column }: Position): Position {
  return { line: line + 1, column: column + 1 };
}
