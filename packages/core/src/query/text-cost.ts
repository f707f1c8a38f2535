import type { CodePointRange, Regex, RegexNode } from "./regex.ts";

/**
 * What it costs an engine to make one deterministic machine of a text filter: the places of the pattern it can be in at once, added
 * up over all states of the machine. A search engine makes that machine before it looks at any value, and some patterns make it
 * grow exponentially: a node has run out of memory over twenty characters. So it is counted here, before any store is asked.
 */

/** The cost of looking for a text inside of texts: long texts are cheap, but not those that repeat themselves for long. */
export function containsCost(text: string): number {
  const chars = Array.from(text);
  // How many shorter beginnings of the text every beginning ends with: the places a match in progress can be in at once.
  const longest: number[] = [0];
  const places: number[] = [0];
  let cost = 0;
  for (const [i, char] of chars.entries()) {
    let border = longest[i] ?? 0;
    while (border > 0 && chars[border] !== char) border = longest[border] ?? 0;
    border = i > 0 && chars[border] === char ? border + 1 : 0;
    longest.push(border);
    const here = 1 + (places[border] ?? 0);
    places.push(here);
    // Once while nothing was found yet, and once after.
    cost += 2 * here + 3;
  }
  return cost;
}

const ANY: RegexNode = { kind: "any" };
const ANYTHING: RegexNode = { kind: "repeat", of: ANY, min: 0, max: undefined };
const LAST_CODE_POINT = 0x10ffff;

/** The cost of a regular expression; more than `limit` when counting was stopped there. */
export function regexCost({ alternatives }: Regex, limit: number): number {
  const places = new Places(limit);
  const whole = alternatives.map(({ fromStart, toEnd, body }) =>
    places.sequence([...(fromStart ? [] : [ANYTHING]), body, ...(toEnd ? [] : [ANYTHING])]),
  );
  return places.count(whole.flatMap(({ first }) => first));
}

/** A part of a pattern by its places: where it can begin and end, and whether it can be empty. */
interface Part {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly empty: boolean;
}

const NOTHING: Part = { first: [], last: [], empty: true };

/** The places of a pattern (one for each character it can stand on), and which can follow which: Glushkov's automaton. */
class Places {
  readonly #limit: number;
  readonly #ranges: (readonly CodePointRange[])[] = [];
  readonly #follow: Set<number>[] = [];
  #cost = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  sequence(of: readonly RegexNode[]): Part {
    return of.reduce<Part>((before, node) => this.#join(before, this.#part(node)), NOTHING);
  }

  /** Visits every state of the deterministic machine: a set of places. */
  count(start: readonly number[]): number {
    const seen = new Set<string>();
    const waiting = [start];
    for (let next = waiting.pop(); next !== undefined && this.#cost <= this.#limit; next = waiting.pop()) {
      for (const state of this.#steps(next)) {
        const key = state.join();
        if (seen.has(key)) continue;
        seen.add(key);
        waiting.push(this.#after(state));
      }
    }
    return this.#cost;
  }

  #part(node: RegexNode): Part {
    switch (node.kind) {
      case "any":
        return this.#place([[0, LAST_CODE_POINT]]);
      case "set":
        return this.#place(node.negated ? complement(node.ranges) : node.ranges);
      case "sequence":
        return this.sequence(node.of);
      case "choice":
        return node.of.map((part) => this.#part(part)).reduce(either);
      case "repeat":
        return this.#repeat(node);
    }
  }

  #place(ranges: readonly CodePointRange[]): Part {
    const place = this.#ranges.push(ranges) - 1;
    this.#follow.push(new Set());
    return { first: [place], last: [place], empty: false };
  }

  #repeat({ of, min, max }: Extract<RegexNode, { kind: "repeat" }>): Part {
    const required = (count: number): Part =>
      Array.from({ length: count }, () => of).reduce<Part>((part, each) => this.#join(part, this.#part(each)), NOTHING);
    if (max !== undefined) {
      // One inside the other, so that each is followed by the next and not by all.
      let optional = NOTHING;
      for (let i = min; i < max; i++) optional = { ...this.#join(this.#part(of), optional), empty: true };
      return this.#join(required(min), optional);
    }
    const looped = this.#part(of);
    this.#link(looped.last, looped.first);
    return this.#join(required(Math.max(0, min - 1)), min === 0 ? { ...looped, empty: true } : looped);
  }

  #join(before: Part, after: Part): Part {
    this.#link(before.last, after.first);
    return {
      first: before.empty ? [...before.first, ...after.first] : before.first,
      last: after.empty ? [...before.last, ...after.last] : after.last,
      empty: before.empty && after.empty,
    };
  }

  #link(from: readonly number[], to: readonly number[]): void {
    this.#cost += (from.length * to.length) >> 4;
    if (this.#cost > this.#limit) return;
    for (const place of from) for (const next of to) this.#follow[place]?.add(next);
  }

  #after(state: readonly number[]): number[] {
    const next = new Set<number>();
    for (const place of state) {
      for (const each of this.#follow[place] ?? []) next.add(each);
    }
    return [...next];
  }

  /** The sets of places that one more character leads to, from where these are possible. */
  #steps(possible: readonly number[]): number[][] {
    const edges = new Map<number, { enter: number[]; leave: number[] }>();
    const at = (point: number) => {
      const edge = edges.get(point) ?? { enter: [], leave: [] };
      edges.set(point, edge);
      return edge;
    };
    for (const place of possible) {
      for (const [from, to] of merged(this.#ranges[place] ?? [])) {
        at(from).enter.push(place);
        at(to + 1).leave.push(place);
      }
    }
    const states: number[][] = [];
    const active = new Set<number>();
    for (const [, { enter, leave }] of [...edges].sort(([a], [b]) => a - b)) {
      for (const place of leave) active.delete(place);
      for (const place of enter) active.add(place);
      this.#cost += active.size;
      if (this.#cost > this.#limit) return [];
      if (active.size > 0) states.push([...active].sort((a, b) => a - b));
    }
    return states;
  }
}

function either(a: Part, b: Part): Part {
  return { first: [...a.first, ...b.first], last: [...a.last, ...b.last], empty: a.empty || b.empty };
}

/** Ranges in order that neither overlap nor touch. */
function merged(ranges: readonly CodePointRange[]): CodePointRange[] {
  const result: [number, number][] = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}

function complement(ranges: readonly CodePointRange[]): CodePointRange[] {
  const result: CodePointRange[] = [];
  let from = 0;
  for (const [start, end] of merged(ranges)) {
    if (start > from) result.push([from, start - 1]);
    from = end + 1;
  }
  return from > LAST_CODE_POINT ? result : [...result, [from, LAST_CODE_POINT]];
}
