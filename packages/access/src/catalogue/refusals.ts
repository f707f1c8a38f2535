import type { Span } from "./months.ts";
import type { Pair } from "./room.ts";

/**
 * What a catalogue remembers of the names it turned down: not which, there may be any number, but which it surely did not. Written
 * before the first value goes untyped.
 */
export interface Refusal {
  /** The timestamps of the events concerned. */
  readonly refused: Span;
  /** True when any path may be concerned. */
  readonly all?: true;
  /** The one path concerned. Without it: every path that was not listed before this entry, but for `except`. */
  readonly path?: string;
  /** Paths of last month, whose room was kept: not listed yet, and not refused either. */
  readonly except?: readonly string[];
}

export interface Refusals {
  /** Takes note that a path is listed from here on. */
  list(path: string): void;
  add(refusal: Refusal): void;
  /** The spans in which a value of the path may have been turned down. */
  of(path: string): Span[];
  /** All spans there are. */
  spans(): Span[];
  /**
   * The entries still to be written before values of these pairs may go untyped. None, as a rule: one entry stands for all the
   * unknown names a hostile client can think of.
   * @param expected paths that are or will be listed, or have room kept: never to be taken for refused with the unknown ones
   */
  missing(refused: readonly Pair[], span: Span, expected: Expected): Refusal[];
}

/** Paths that the entry for unknown names must not cover. */
interface Expected {
  /** Listed just now, before the entry. */
  readonly listed: ReadonlySet<string>;
  /** Listed last month. */
  readonly kept: ReadonlySet<string>;
}

interface General {
  readonly at: number;
  readonly except: ReadonlySet<string>;
}

/** Paths refused one by one, which are known names with a new type; beyond this all paths count as refused. */
const MAX_SINGLE = 1_000;
/** Characters of paths in one entry, and of all paths refused one by one. */
const MAX_CHARS = 50_000;

export function createRefusals(): Refusals {
  const listedAt = new Map<string, number>();
  const spans = new Map<string, Span>();
  const general = new Map<string, General>();
  const whole = new Set<string>();
  const single = new Map<string, Set<string>>();
  let singles = 0;
  let singleChars = 0;
  let position = 0;

  const covers = (path: string, span: string): boolean => {
    if (whole.has(span) || single.get(span)?.has(path)) return true;
    const unlisted = general.get(span);
    if (unlisted === undefined || unlisted.except.has(path)) return false;
    return (listedAt.get(path) ?? Number.POSITIVE_INFINITY) > unlisted.at;
  };

  return {
    list(path) {
      if (!listedAt.has(path)) listedAt.set(path, position++);
    },
    add({ refused, all, path, except = [] }) {
      const key = spanKey(refused);
      spans.set(key, refused);
      if (all) whole.add(key);
      else if (path !== undefined) {
        single.set(key, (single.get(key) ?? new Set()).add(path));
        singles++;
        singleChars += path.length;
      } else if (!general.has(key)) general.set(key, { at: position++, except: new Set(except) });
    },
    of: (path) => [...spans].filter(([key]) => covers(path, key)).map(([, span]) => span),
    spans: () => [...spans.values()],
    missing(refused, span, { listed, kept }) {
      const key = spanKey(span);
      const paths = new Set(refused.filter(([path]) => !covers(path, key)).map(([path]) => path));
      if (paths.size === 0) return [];
      const known = (path: string) => listedAt.has(path) || listed.has(path) || kept.has(path);
      const one: string[] = [];
      let unknown = false;
      for (const path of paths) {
        if (!known(path) && !general.has(key)) unknown = true;
        else one.push(path);
      }
      const chars = one.reduce((sum, path) => sum + path.length, singleChars);
      if (singles + one.length > MAX_SINGLE || chars > MAX_CHARS) return [{ refused: span, all: true }];
      const except = unknown ? withinChars([...kept].filter((path) => !listedAt.has(path) && !listed.has(path))) : [];
      return [
        ...(unknown ? [{ refused: span, except }] : []),
        ...one.map((path): Refusal => ({ refused: span, path })),
      ];
    },
  };
}

export function refusalBytes({ path = "", except = [] }: Refusal): number {
  return [path, ...except].reduce((bytes, each) => bytes + each.length * 3 + 4, 40);
}

/** As many as fit. The others count as refused, which only makes answers more careful. */
function withinChars(paths: readonly string[]): string[] {
  let chars = 0;
  return paths.filter((path) => (chars += path.length) <= MAX_CHARS);
}

function spanKey([from, until]: Span): string {
  return `${from}:${until}`;
}
