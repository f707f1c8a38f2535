import { timePrefix, VISIT_TIMEOUT_MS } from "@millrace/core";

/** The visit fields of one page view. */
export interface VisitFields {
  /** Starts with the time of the visit's first page view; the same whenever the same log is read. */
  readonly visit: string;
  /** 1 for the first page view of the visit. */
  readonly page: number;
  /** Milliseconds since the page view before it: an increment, so that durations are plain sums. 0 for the first. */
  readonly engagedMs: number;
  readonly entry: Entry;
}

/** Address and referrer of the page view that began a visit, as the log has them. */
export interface Entry {
  readonly url: string;
  readonly referrer: string | undefined;
}

/**
 * Computes visits over a whole log whose lines are in no order: page views of one visitor, at most 30 minutes apart, make a
 * visit. Holds numbers only, about 60 bytes a page view, and each pair of address and referrer
 * once, so that a log of tens of millions of lines fits in memory.
 */
export class VisitIndex {
  readonly #line: number[] = [];
  readonly #time: number[] = [];
  readonly #visitor: number[] = [];
  readonly #content: number[] = [];
  readonly #entry: number[] = [];
  readonly #entries: Entry[] = [];
  readonly #entryNumbers = new Map<string, number>();
  #first = new Uint32Array();
  #page = new Uint32Array();
  #engagedMs = new Uint32Array();

  /**
   * @param line number of the line, larger than those before
   * @param visitor a number that stands for who asked
   * @param content a number that stands for what the line says: two logs must not share visit ids
   */
  add(line: number, time: number, visitor: number, content: number, entry: Entry): void {
    this.#line.push(line);
    this.#time.push(time);
    this.#visitor.push(visitor);
    this.#content.push(content);
    const key = `${entry.url} ${entry.referrer ?? ""}`;
    const place = this.#entryNumbers.get(key) ?? this.#entries.push(entry) - 1;
    this.#entryNumbers.set(key, place);
    this.#entry.push(place);
  }

  /** Call once after the last {@link add}. Ties in time keep the order of the lines. */
  finish(): void {
    const count = this.#line.length;
    this.#first = new Uint32Array(count);
    this.#page = new Uint32Array(count);
    this.#engagedMs = new Uint32Array(count);
    this.#entryNumbers.clear();
    const visitor = Float64Array.from(this.#visitor);
    const time = Float64Array.from(this.#time);
    const order = Uint32Array.from(this.#line.keys()).sort(
      (a, b) => number(visitor, a) - number(visitor, b) || number(time, a) - number(time, b) || a - b,
    );
    let previous: number | undefined;
    for (const i of order) {
      const gap = previous === undefined ? Infinity : number(time, i) - number(time, previous);
      if (previous !== undefined && number(visitor, i) === number(visitor, previous) && gap <= VISIT_TIMEOUT_MS) {
        this.#first[i] = number(this.#first, previous);
        this.#page[i] = number(this.#page, previous) + 1;
        this.#engagedMs[i] = gap;
      } else {
        this.#first[i] = i;
        this.#page[i] = 1;
      }
      previous = i;
    }
  }

  /** The visit of the page view in that line; undefined for a line that is none. */
  of(line: number): VisitFields | undefined {
    const i = indexOf(this.#line, line);
    if (i === undefined) return undefined;
    const first = number(this.#first, i);
    const content = number(this.#content, first).toString(36);
    return {
      visit: `${timePrefix(number(this.#time, first))}${content}.${number(this.#line, first).toString(36)}`,
      page: number(this.#page, i),
      engagedMs: number(this.#engagedMs, i),
      entry: this.#entries[number(this.#entry, first)] ?? { url: "", referrer: undefined },
    };
  }
}

function number(list: ArrayLike<number>, index: number): number {
  return list[index] ?? 0;
}

function indexOf(sorted: readonly number[], wanted: number): number | undefined {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = number(sorted, middle);
    if (found === wanted) return middle;
    if (found < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}
