import { MillraceError } from "../error.ts";
import { LIMITS_QUERY } from "./limits.ts";

/**
 * The subset of regular expressions that both stores answer alike: literals, `.` (any character, line breaks too), `[...]`,
 * `[^...]`, `\d \D \w \W \s \S` (ASCII), groups, `|`, `? * +` and `{m}`, `{m,}`, `{m,n}`, and the anchors `^` and `$` at the
 * start and end of a whole alternative. No back references, look-around, lazy quantifiers, flags or word boundaries. Characters
 * are code points. A match is found anywhere unless anchored.
 */
export interface Regex {
  readonly alternatives: readonly Alternative[];
}

/** One alternative of the outermost `|`: only there do anchors mean the same to every engine. */
export interface Alternative {
  readonly fromStart: boolean;
  readonly toEnd: boolean;
  readonly body: RegexNode;
}

export type RegexNode =
  | { readonly kind: "set"; readonly negated: boolean; readonly ranges: readonly CodePointRange[] }
  | { readonly kind: "any" }
  | { readonly kind: "sequence"; readonly of: readonly RegexNode[] }
  | { readonly kind: "choice"; readonly of: readonly RegexNode[] }
  /** `max` undefined: no upper bound. */
  | { readonly kind: "repeat"; readonly of: RegexNode; readonly min: number; readonly max: number | undefined };

/** Code points, both ends included. */
export type CodePointRange = readonly [from: number, to: number];

/** Largest bound of `{m,n}`, and of the pattern with all its repetitions written out: engines build a state for each. */
const MAX_REPEAT = 100;
const MAX_STATES = 1_000;

const DIGIT: CodePointRange[] = [[0x30, 0x39]];
const WORD: CodePointRange[] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
const SPACE: CodePointRange[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
];
const CLASSES: Readonly<Record<string, { negated: boolean; ranges: CodePointRange[] }>> = {
  d: { negated: false, ranges: DIGIT },
  D: { negated: true, ranges: DIGIT },
  w: { negated: false, ranges: WORD },
  W: { negated: true, ranges: WORD },
  s: { negated: false, ranges: SPACE },
  S: { negated: true, ranges: SPACE },
};
const CONTROLS: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", f: "\f", v: "\v" };

/** @throws MillraceError `InvalidFilterError` that names the position (1-based, in characters) and what is not supported there. */
export function parseRegex(pattern: string): Regex {
  if (pattern.length > LIMITS_QUERY.regexChars) {
    throw new MillraceError(
      "InvalidFilterError",
      `A regular expression may have ${LIMITS_QUERY.regexChars} characters.`,
    );
  }
  if (!pattern.isWellFormed()) {
    throw new MillraceError(
      "InvalidFilterError",
      "The regular expression has half a character (a lone surrogate) in it.",
    );
  }
  const parser = new RegexParser(pattern);
  const regex = parser.parse();
  const states = regex.alternatives.reduce((sum, { body }) => sum + statesOf(body), 0);
  if (states > MAX_STATES) {
    throw new MillraceError(
      "InvalidFilterError",
      `The regular expression is too large: its repetitions written out make ${states} characters, ${MAX_STATES} are allowed.`,
    );
  }
  return regex;
}

/** The pattern that is found where this text is. */
export function literalRegex(text: string): Regex {
  return { alternatives: [{ fromStart: false, toEnd: false, body: sequence(Array.from(text, literalNode)) }] };
}

class RegexParser {
  readonly #chars: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(pattern: string) {
    this.#chars = Array.from(pattern);
  }

  parse(): Regex {
    const alternatives = [this.#alternative()];
    while (this.#take("|")) alternatives.push(this.#alternative());
    if (this.#at < this.#chars.length) this.#fail("has no opening bracket");
    return { alternatives };
  }

  #alternative(): Alternative {
    const fromStart = this.#take("^");
    const of: RegexNode[] = [];
    let toEnd = false;
    for (;;) {
      const char = this.#chars[this.#at];
      if (char === undefined || char === "|" || char === ")") break;
      if (char === "$") {
        const next = this.#chars[this.#at + 1];
        if (next !== undefined && next !== "|") this.#fail("is supported only at the end of a whole alternative");
        this.#at++;
        toEnd = true;
        break;
      }
      of.push(this.#repeated());
    }
    return { fromStart, toEnd, body: sequence(of) };
  }

  #choice(): RegexNode {
    const of = [this.#sequence()];
    while (this.#take("|")) of.push(this.#sequence());
    return of.length === 1 && of[0] ? of[0] : { kind: "choice", of };
  }

  #sequence(): RegexNode {
    const of: RegexNode[] = [];
    for (;;) {
      const char = this.#chars[this.#at];
      if (char === undefined || char === "|" || char === ")") return sequence(of);
      of.push(this.#repeated());
    }
  }

  #repeated(): RegexNode {
    const of = this.#atom();
    const bounds = this.#quantifier();
    if (bounds === undefined) return of;
    const next = this.#chars[this.#at];
    if (next === "?" || next === "+" || next === "*" || next === "{") this.#fail("follows another quantifier");
    return { kind: "repeat", of, ...bounds };
  }

  #quantifier(): { min: number; max: number | undefined } | undefined {
    if (this.#take("?")) return { min: 0, max: 1 };
    if (this.#take("*")) return { min: 0, max: undefined };
    if (this.#take("+")) return { min: 1, max: undefined };
    if (this.#chars[this.#at] !== "{") return undefined;
    const close = this.#chars.indexOf("}", this.#at);
    const text = close < 0 ? "" : this.#chars.slice(this.#at, close + 1).join("");
    const match = /^\{(\d{1,4})(?:(,)(\d{1,4})?)?\}$/.exec(text);
    if (!match) this.#fail("is not a quantifier {m}, {m,} or {m,n}; write \\{ for the character");
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === undefined ? undefined : Number(match[3]);
    if (max !== undefined && max < min) this.#fail("is a quantifier whose first number is the larger one");
    if (min > MAX_REPEAT || (max ?? 0) > MAX_REPEAT) this.#fail(`repeats more than ${MAX_REPEAT} times`);
    this.#at = close + 1;
    return { min, max };
  }

  #atom(): RegexNode {
    const char = this.#chars[this.#at] as string;
    switch (char) {
      case "(":
        return this.#group();
      case "[":
        return this.#set();
      case ".":
        this.#at++;
        return { kind: "any" };
      case "\\":
        return { kind: "set", ...this.#escape() };
      case "^":
      case "$":
        return this.#fail("is supported only at the start or end of a whole alternative");
      case "?":
      case "*":
      case "+":
      case "{":
        return this.#fail("has nothing to repeat");
      default:
        this.#at++;
        return literalNode(char);
    }
  }

  #group(): RegexNode {
    const start = this.#at;
    this.#at++;
    if (this.#take("?") && !this.#take(":")) {
      this.#at = start;
      this.#fail("opens a look-around, a named group or flags, which are not supported");
    }
    if (++this.#depth > 20) this.#fail("is nested too deep");
    const of = this.#choice();
    this.#depth--;
    if (!this.#take(")")) {
      this.#at = start;
      this.#fail("has no closing bracket");
    }
    return of;
  }

  #set(): RegexNode {
    const start = this.#at;
    this.#at++;
    const negated = this.#take("^");
    const ranges: CodePointRange[] = [];
    while (this.#chars[this.#at] !== "]") {
      if (this.#at >= this.#chars.length) {
        this.#at = start;
        this.#fail("has no closing bracket");
      }
      ranges.push(...this.#setMember());
    }
    if (ranges.length === 0) this.#fail("closes an empty set");
    this.#at++;
    return { kind: "set", negated, ranges };
  }

  #setMember(): CodePointRange[] {
    const from = this.#setCharacter();
    if (from.negated) this.#fail("follows a negated class, which is not supported inside [ ]");
    const single = from.ranges[0];
    const isRange = this.#chars[this.#at] === "-" && this.#chars[this.#at + 1] !== "]";
    if (!isRange) return from.ranges;
    this.#at++;
    const to = this.#setCharacter().ranges[0];
    if (!single || !to || single[0] !== single[1] || to[0] !== to[1] || to[0] < single[0]) {
      this.#fail("ends a range that is not between two characters in order");
    }
    return [[single[0], to[0]]];
  }

  #setCharacter(): { negated: boolean; ranges: CodePointRange[] } {
    const char = this.#chars[this.#at];
    if (char === undefined) this.#fail("is the end of the pattern inside a set");
    if (char === "\\") return this.#escape();
    // Java, Lucene and RE2 each read these in their own way inside a set.
    if (char === "[" || char === "&" || char === "~" || char === "^") {
      this.#fail("must be written with a backslash inside [ ]");
    }
    this.#at++;
    return { negated: false, ranges: [pointRange(char)] };
  }

  #escape(): { negated: boolean; ranges: CodePointRange[] } {
    const char = this.#chars[this.#at + 1];
    if (char === undefined) this.#fail("is a backslash at the end of the pattern");
    const known = CLASSES[char];
    const control = CONTROLS[char];
    if (!known && control === undefined && /[A-Za-z0-9]/.test(char)) {
      this.#fail(`begins \\${char}, which is not supported`);
    }
    this.#at += 2;
    return known ?? { negated: false, ranges: [pointRange(control ?? char)] };
  }

  #take(char: string): boolean {
    if (this.#chars[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #fail(problem: string): never {
    const char = this.#chars[this.#at];
    const what = char === undefined ? "The end" : `"${char}" at position ${this.#at + 1}`;
    throw new MillraceError("InvalidFilterError", `${what} of the regular expression ${problem}.`);
  }
}

function sequence(of: readonly RegexNode[]): RegexNode {
  return of.length === 1 && of[0] ? of[0] : { kind: "sequence", of };
}

function literalNode(char: string): RegexNode {
  return { kind: "set", negated: false, ranges: [pointRange(char)] };
}

function pointRange(char: string): CodePointRange {
  const point = char.codePointAt(0) as number;
  return [point, point];
}

function statesOf(node: RegexNode): number {
  switch (node.kind) {
    case "set":
    case "any":
      return 1;
    case "sequence":
    case "choice":
      return node.of.reduce((sum, part) => sum + statesOf(part), 1);
    case "repeat":
      return statesOf(node.of) * Math.max(1, node.max ?? node.min + 1);
  }
}
