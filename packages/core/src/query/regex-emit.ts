import type { Alternative, CodePointRange, Regex, RegexNode } from "./regex.ts";

/** How one engine writes the few things our subset is made of. Everything else (groups, quantifiers, sets) they share. */
interface Dialect {
  readonly anyCharacter: string;
  readonly open: string;
  /** The empty text. As a group beside an anchor (`(?:)$`) DuckDB's optimiser takes it for something that never matches. */
  readonly nothing: string;
  point(codePoint: number): string;
}

/** For RE2 (DuckDB's `regexp_matches`, which finds a match anywhere). */
export function toRe2(regex: Regex): string {
  return searched(regex, RE2, "\\A", "\\z");
}

/** For JavaScript's `RegExp` with the flag `u`; what the reference evaluator runs. */
export function toJavaScript(regex: Regex): RegExp {
  return new RegExp(searched(regex, JAVASCRIPT, "^", "$"), "u");
}

/**
 * For Lucene's `regexp` query, which always matches the whole value: an end without an anchor becomes "anything". Send it with
 * `flags: "NONE"`, so that `@ & ~ # < >` are ordinary characters (they are escaped all the same).
 */
export function toLucene(regex: Regex): string {
  const anything = `(${LUCENE.anyCharacter})*`;
  return regex.alternatives
    .map(({ fromStart, toEnd, body }) => `${fromStart ? "" : anything}${emit(body, LUCENE)}${toEnd ? "" : anything}`)
    .join("|");
}

const RE2: Dialect = {
  anyCharacter: "[\\x{0}-\\x{10FFFF}]",
  open: "(?:",
  nothing: "",
  point: (codePoint) => plainOr(codePoint, `\\x{${codePoint.toString(16)}}`),
};

const JAVASCRIPT: Dialect = {
  anyCharacter: "[\\u{0}-\\u{10FFFF}]",
  open: "(?:",
  nothing: "",
  point: (codePoint) => plainOr(codePoint, `\\u{${codePoint.toString(16)}}`),
};

const LUCENE: Dialect = {
  // Lucene's dot is any character, line breaks included.
  anyCharacter: ".",
  open: "(",
  nothing: "()",
  point: (codePoint) => plainOr(codePoint, luceneEscape(codePoint)),
};

/** Letters and digits stand for themselves everywhere; whatever could mean something is written as its number. */
function plainOr(codePoint: number, otherwise: string): string {
  const char = String.fromCodePoint(codePoint);
  return /[A-Za-z0-9]/.test(char) ? char : otherwise;
}

/** A backslash makes any ASCII punctuation literal to Lucene; before other characters it would be noise. */
function luceneEscape(codePoint: number): string {
  const char = String.fromCodePoint(codePoint);
  return codePoint > 0x20 && codePoint < 0x7f ? `\\${char}` : char;
}

function searched(regex: Regex, dialect: Dialect, start: string, end: string): string {
  const one = ({ fromStart, toEnd, body }: Alternative) =>
    `${fromStart ? start : ""}${emit(body, dialect)}${toEnd ? end : ""}`;
  return regex.alternatives.map(one).join("|");
}

function emit(node: RegexNode, dialect: Dialect): string {
  switch (node.kind) {
    case "any":
      return dialect.anyCharacter;
    case "set":
      return emitSet(node, dialect);
    case "sequence": {
      const parts = node.of.map((part) => emit(part, dialect)).join("");
      return parts === "" ? dialect.nothing : `${dialect.open}${parts})`;
    }
    case "choice":
      return `${dialect.open}${node.of.map((part) => emit(part, dialect)).join("|")})`;
    case "repeat": {
      const repeated = emit(node.of, dialect);
      return repeated === dialect.nothing ? repeated : `${dialect.open}${repeated})${quantifier(node.min, node.max)}`;
    }
  }
}

function emitSet(set: Extract<RegexNode, { kind: "set" }>, dialect: Dialect): string {
  const [only] = set.ranges;
  if (!set.negated && set.ranges.length === 1 && only && only[0] === only[1]) return dialect.point(only[0]);
  const range = ([from, to]: CodePointRange) =>
    from === to ? dialect.point(from) : `${dialect.point(from)}-${dialect.point(to)}`;
  return `[${set.negated ? "^" : ""}${set.ranges.map(range).join("")}]`;
}

function quantifier(min: number, max: number | undefined): string {
  if (min === 0 && max === undefined) return "*";
  if (min === 1 && max === undefined) return "+";
  if (min === 0 && max === 1) return "?";
  return `{${min},${max ?? ""}}`;
}
