import type { Random } from "../../bench/simulation/random.ts";

/** Values that have broken parsers, stores and languages before. */
const NASTY: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  1e308,
  -1e308,
  2 ** 53,
  2 ** 63,
  -1,
  0.1,
  1e-320,
  "",
  " ",
  "0",
  "null",
  "\u0000",
  "\ud800",
  "\udc00x",
  "\ufffe",
  "__proto__",
  "constructor",
  "toString",
  "${keen.ip}",
  "$where",
  "../../etc/passwd",
  "' OR 1=1 --",
  "*",
  "a".repeat(10_000),
  "😀".repeat(300),
  "(a+)+$",
  "[",
  "(?=x)",
  "\\",
  "9999-99-99T99:99:99Z",
  "-271821-04-20T00:00:00Z",
  "+275760-09-13T00:00:00.000Z",
  "this_999999999_years",
  "previous_0_days",
  "every_0_days",
  "Antarctica/Troll",
  [],
  {},
  [[]],
  [null],
  { a: { a: { a: { a: { a: { a: {} } } } } } },
  { __proto__: 1 },
  Array.from({ length: 600 }, (_, at) => at),
  { operator: "and", operands: [] },
];

const NASTY_NAMES = [
  "__proto__",
  "constructor",
  "",
  "a.b",
  ".",
  "$x",
  "keen",
  "keen.id",
  "\u0000",
  "x".repeat(300),
  "*",
  "ключ 😀",
  "operator",
  "filters",
];

export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random.uniform() * items.length)];
  if (item === undefined) throw new RangeError("nothing to choose from");
  return item;
}

/** A copy with one thing wrong somewhere: a value replaced, left out, repeated, wrapped, renamed or exchanged for its sibling. */
export function spoilValue(value: unknown, random: Random): unknown {
  if (isBranch(value) && Object.keys(value).length > 0 && random.uniform() < 0.8) return spoilMember(value, random);
  return pick<() => unknown>(random, [
    () => pick(random, NASTY),
    () => [value],
    () => ({ a: value }),
    () => (typeof value === "string" ? spoilText(value, random) : String(value)),
    () => (typeof value === "number" ? value * -1e12 : pick(random, NASTY)),
    () => nest(value, 2 + Math.floor(random.uniform() * 60)),
  ])();
}

/** Beyond every limit on a body, and far below the longest string that there can be. */
const REPEATED_CHARS = 32_000_000;

type Branch = Record<string, unknown> | unknown[];

function isBranch(value: unknown): value is Branch {
  return typeof value === "object" && value !== null;
}

function spoilMember(value: Branch, random: Random): unknown {
  if (Array.isArray(value)) {
    const copy = [...value];
    const at = Math.floor(random.uniform() * copy.length);
    pick<() => void>(random, [
      () => copy.splice(at, 1),
      () => copy.splice(at, 0, copy[at]),
      () => copy.push(...Array.from({ length: copiesOf(copy[at]) }, () => copy[at])),
      () => (copy[at] = spoilValue(copy[at], random)),
      () => (copy[at] = spoilValue(copy[at], random)),
    ])();
    return copy;
  }
  const entries = Object.entries(value);
  const at = Math.floor(random.uniform() * entries.length);
  const [name, member] = entries[at] ?? ["", null];
  pick<() => void>(random, [
    () => entries.splice(at, 1),
    () => entries.splice(at, 1, [pick(random, NASTY_NAMES), member]),
    () => entries.push([pick(random, NASTY_NAMES), pick(random, NASTY)]),
    () => entries.splice(at, 1, [name, pick(random, entries)[1]]),
    () => entries.splice(at, 1, [name, spoilValue(member, random)]),
    () => entries.splice(at, 1, [name, spoilValue(member, random)]),
    () => entries.splice(at, 1, [name, spoilValue(member, random)]),
  ])();
  // defineProperty: "__proto__" must become an own member, as JSON.parse makes it.
  const copy = {};
  for (const [key, member] of entries) {
    Object.defineProperty(copy, key, { value: member, enumerable: true, configurable: true, writable: true });
  }
  return copy;
}

/** So many that limits on counts are passed, but no more than fit into a body: what is spoilt three times may be repeated each time. */
function copiesOf(value: unknown): number {
  const chars = (JSON.stringify(value) ?? "").length;
  return Math.min(1_100, Math.floor(REPEATED_CHARS / Math.max(1, chars)));
}

function nest(value: unknown, depth: number): unknown {
  let nested = value;
  for (let i = 0; i < depth; i++) nested = i % 2 ? [nested] : { a: nested };
  return nested;
}

/** One thing wrong in a text: cut, doubled, a character changed or put in. */
export function spoilText(text: string, random: Random): string {
  const at = Math.floor(random.uniform() * (text.length + 1));
  return pick(random, [
    text.slice(0, at),
    text + text,
    `${text.slice(0, at)}${pick(random, ["\u0000", "\ud83d", '"', "\\", "{", "]", ",", "%", "é", "\n"])}${text.slice(at)}`,
    text.slice(0, at) + text.slice(at + 1),
    text.toUpperCase(),
  ]);
}
