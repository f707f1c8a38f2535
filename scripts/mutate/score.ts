/** The part of Stryker's report (mutation testing elements, schema 2) that is read here. */
export interface MutationReport {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

interface Mutant {
  readonly status: string;
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

/** A mutant that no test can kill, since it means the same; named by what it changes, not by a line that moves. */
export interface Equivalent {
  readonly file: string;
  /** The line as it stands, trimmed. */
  readonly line: string;
  readonly replacement: string;
  readonly reason: string;
}

export interface Survivor {
  readonly file: string;
  readonly at: number;
  readonly column: number;
  readonly line: string;
  readonly original: string;
  readonly replacement: string;
  readonly mutator: string;
  readonly covered: boolean;
}

export interface Score {
  readonly killed: number;
  /** Found by a test that never ended: killed as well. */
  readonly timedOut: number;
  readonly survivors: readonly Survivor[];
  readonly equivalent: number;
  /** Entries of the list that nothing matched: the code moved on, or a test kills them now. */
  readonly stale: readonly Equivalent[];
  /** Percent of what is not equivalent. */
  readonly percent: number;
}

/**
 * Sums a report up. What does not compile or is left out on purpose counts for nothing.
 * @throws Error when nothing is left: a glob that meets no file, or tests that fail by themselves, prove nothing
 */
export function scoreOf(report: MutationReport, known: readonly Equivalent[]): Score {
  const survivors: Survivor[] = [];
  const matched = new Set<Equivalent>();
  let killed = 0;
  let timedOut = 0;
  let equivalent = 0;
  for (const [file, { source, mutants }] of Object.entries(report.files)) {
    const lines = source.split("\n");
    for (const mutant of mutants) {
      if (mutant.status === "Killed") killed++;
      else if (mutant.status === "Timeout") timedOut++;
      else if (mutant.status === "Survived" || mutant.status === "NoCoverage") {
        const survivor = survivorOf(file, lines, mutant);
        const entry = known.find((each) => means(each, survivor));
        if (entry) {
          matched.add(entry);
          equivalent++;
        } else survivors.push(survivor);
      }
    }
  }
  const found = killed + timedOut;
  const all = found + survivors.length;
  if (all + equivalent === 0) throw new Error("Nothing was mutated: the files that were asked for have no mutant.");
  return {
    killed,
    timedOut,
    survivors,
    equivalent,
    stale: known.filter((entry) => Object.hasOwn(report.files, entry.file) && !matched.has(entry)),
    percent: all === 0 ? 100 : (100 * found) / all,
  };
}

function survivorOf(file: string, lines: readonly string[], mutant: Mutant): Survivor {
  const { start, end } = mutant.location;
  const line = lines[start.line - 1] ?? "";
  const isOneLine = start.line === end.line;
  return {
    file,
    at: start.line,
    column: start.column,
    line: line.trim(),
    original: line.slice(start.column - 1, isOneLine ? end.column - 1 : undefined),
    replacement: mutant.replacement ?? "",
    mutator: mutant.mutatorName,
    covered: mutant.status === "Survived",
  };
}

function means(entry: Equivalent, { file, line, replacement }: Survivor): boolean {
  return entry.file === file && entry.line === line && entry.replacement === replacement;
}
