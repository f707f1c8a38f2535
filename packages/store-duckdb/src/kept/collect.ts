import { valueKey, type TimeColumn } from "@millrace/core";
import type { Placed } from "./merge.ts";
import type { Moment } from "./moment.ts";
import { partOf, type Part } from "./part.ts";
import { runsOf, type Span } from "./spans.ts";

/** What is asked of all, or of one group. */
export interface Series {
  readonly key: string;
  /** As `valueKey` writes it. */
  readonly group?: string;
}

export interface Collecting {
  readonly project: string;
  readonly time: TimeColumn;
  readonly series: readonly Series[];
  readonly spans: readonly Span[];
  /** Reads spans that follow one another. Undefined where the question has no parts. */
  readonly fetch: (series: readonly Series[], spans: readonly Span[]) => Promise<readonly Part[] | undefined>;
  /** Whether there is room for so much more. */
  readonly hasRoom: (bytes: number) => boolean;
}

/** Of so many days one is read first, to see what the others will take. */
const PROBED = 4;

/** The parts of every series in every span: those there are, and the others read and remembered. Undefined where that cannot be. */
export async function collect(moment: Moment, what: Collecting): Promise<Placed[] | undefined> {
  const { project, time, series, spans } = what;
  const free = new Set(spans.filter((span) => moment.isEverybodys({ project, time, span })));
  const found: Placed[] = [];
  const missing = new Map<string, { readonly series: Series[]; readonly spans: readonly Span[] }>();
  for (const each of series) {
    const lacks: Span[] = [];
    for (const span of spans) {
      const part = moment.find({ project, time, span, key: each.key }, free.has(span));
      if (part) found.push({ bucket: span.bucket, part });
      else lacks.push(span);
    }
    if (lacks.length === 0) continue;
    const same = lacks.map(({ start }) => start).join(" ");
    const known = missing.get(same) ?? { series: [], spans: lacks };
    missing.set(same, known);
    known.series.push(each);
  }
  for (const each of missing.values()) {
    const read = await readAll(moment, what, each.series, each.spans);
    if (!read) return undefined;
    found.push(...read);
  }
  return found;
}

/** Of many days one in the middle first, and then whatever follows one another. */
async function readAll(
  moment: Moment,
  what: Collecting,
  series: readonly Series[],
  spans: readonly Span[],
): Promise<Placed[] | undefined> {
  const probe = spans.length >= PROBED ? spans[spans.length >> 1] : undefined;
  const first = probe ? await readRun(moment, what, series, [probe]) : [];
  if (!first) return undefined;
  const bytes = first.reduce((sum, { part }) => sum + part.bytes, 0);
  if (probe && !what.hasRoom(bytes * (spans.length - 1))) return undefined;
  const read: Placed[] = first;
  for (const run of runsOf(spans.filter((span) => span !== probe))) {
    const parts = await readRun(moment, what, series, run);
    if (!parts) return undefined;
    read.push(...parts);
  }
  return read;
}

async function readRun(
  moment: Moment,
  { project, time, fetch }: Collecting,
  series: readonly Series[],
  spans: readonly Span[],
): Promise<Placed[] | undefined> {
  const before = moment.restarts();
  const parts = await fetch(series, spans);
  return parts?.flatMap((part, i) => {
    const span = spans[i] as Span;
    const isEverybodys = moment.isEverybodys({ project, time, span });
    return apart(part, series).map(([{ key }, own]): Placed => {
      moment.keep({ project, time, span, key }, own, isEverybodys, before);
      return { bucket: span.bucket, part: own };
    });
  });
}

/** A part of several groups as those of each: nothing came of a group is something to remember, too. */
function apart(part: Part, series: readonly Series[]): [Series, Part][] {
  const [only] = series;
  if (only && only.group === undefined) return [[only, part]];
  const rows = Map.groupBy(part.rows, ({ group }) => valueKey(group[0] ?? null));
  return series.map((each) => [each, partOf(rows.get(each.group ?? "") ?? [])]);
}
