import type { DeedOperand, Filter } from "@millrace/client";
import { t } from "../language/words.ts";
import { dimensionOf, PROPERTIES } from "./dimensions.ts";

/**
 * Filters of the page, one URL parameter `f` each: `f=country:DE|FR` is one of them, `f=country!:DE` is none of them, `f=page~:blog`
 * contains, `f=page!~:blog` does not, `f=page^:/blog/` begins with it, `f=amount>:10` and `f=amount<:10` compare, `f=country` has none (null). The name before the
 * operator is short for a standard field, or a dotted property path.
 * `f=visit@:signups|purchases&amount>:10` (in an address `%26`) is who has done one of these, in the range; `f=visit!@:signups` who has not.
 */
export interface PageFilter {
  readonly field: string;
  readonly op: FilterOp;
  /** One or more; several mean any of them (for a negated operator: none of them). Null: the event has no value there. */
  readonly values: readonly FilterValue[];
}

export type FilterValue = string | number | boolean | null;
export type FilterOp = (typeof FILTER_OPS)[number]["op"];

/** The operators: the mark in the address, and the words of a chip. */
export const FILTER_OPS = [
  { op: "is", mark: "", words: t("is") },
  { op: "isnt", mark: "!", words: t("is not") },
  { op: "contains", mark: "~", words: t("contains") },
  { op: "lacks", mark: "!~", words: t("does not contain") },
  { op: "begins", mark: "^", words: t("begins with") },
  { op: "above", mark: ">", words: t("is above") },
  { op: "below", mark: "<", words: t("is below") },
  { op: "did", mark: "@", words: t("has done") },
  { op: "didnt", mark: "!@", words: t("has not done") },
] as const;

/** Who or what may have done something, with its name in the address. */
export const ACTORS = [
  { short: "visit", field: "$visit.id", label: t("Visit") },
  { short: "visitor", field: "$visitor", label: t("Visitor") },
  { short: "user", field: "$user", label: t("User (identify)") },
] as const;

/** True for a filter by what somebody did; its values are deeds as text. */
export function isDeedFilter({ op }: Pick<PageFilter, "op">): boolean {
  return op === "did" || op === "didnt";
}

/** Events of one kind, of which those that match every filter; filters as in the address. */
export interface Deed {
  readonly event: string;
  readonly filters: readonly string[];
}

/** A deed as one value of a filter: `signups`, or with filters `purchases&amount>:10&country:DE`. */
export function deedText({ event, filters }: Deed): string {
  return [event, ...filters].map((part) => part.replace(/[\\&]/g, "\\$&")).join("&");
}

export function deedOf(text: FilterValue): Deed {
  const [event = "", ...filters] = split(String(text), "&");
  return { event, filters };
}

export function opWords(op: FilterOp): string {
  return FILTER_OPS.find((known) => known.op === op)?.words ?? op;
}

/** The filter that a row of a list stands for. */
export function isFilter(field: string, value: FilterValue): PageFilter {
  return { field, op: "is", values: [value] };
}

/** The one event that the page is about, if the filters say so. */
export function chosenEvent(filters: readonly PageFilter[]): string | undefined {
  const chosen = filters.find(({ field, op, values }) => field === "$collection" && op === "is" && values.length === 1);
  const name = chosen?.values[0];
  return typeof name === "string" ? name : undefined;
}

/** Keen's filter for a page filter. */
export function keenFilter({ field, op, values }: PageFilter): Filter {
  const any = (alternatives: readonly Filter[]): Filter =>
    alternatives.length === 1 && alternatives[0] ? alternatives[0] : { operator: "or", operands: alternatives };
  const all = (parts: readonly Filter[]): Filter =>
    parts.length === 1 && parts[0] ? parts[0] : { operator: "and", operands: parts };
  const on = { property_name: field };
  switch (op) {
    case "is":
      return any(values.map((value) => ({ ...on, operator: "eq", property_value: value })));
    case "isnt":
      return all(values.map((value) => ({ ...on, operator: "ne", property_value: value })));
    case "contains":
      return any(values.map((value) => ({ ...on, operator: "contains", property_value: String(value) })));
    case "lacks":
      return all(values.map((value) => ({ ...on, operator: "not_contains", property_value: String(value) })));
    case "begins":
      return any(values.map((value) => all(beginsWith(field, String(value)))));
    case "above":
      return any(values.map((value) => ({ ...on, operator: "gt", property_value: comparable(value) })));
    case "below":
      return any(values.map((value) => ({ ...on, operator: "lt", property_value: comparable(value) })));
    case "did":
      return any(values.map((value) => ({ ...on, operator: "did", property_value: deedOperand(value) })));
    case "didnt":
      return all(values.map((value) => ({ ...on, operator: "did_not", property_value: deedOperand(value) })));
  }
}

function deedOperand(value: FilterValue): DeedOperand {
  const { event, filters } = deedOf(value);
  const own = filters.flatMap((text) => decodeFilter(text) ?? []).map(keenFilter);
  return { event_collection: event, ...(own.length > 0 && { filters: own }) };
}

/** As a stretch of the order of texts, which both stores walk quicker than a pattern. */
function beginsWith(field: string, text: string): Filter[] {
  const from: Filter = { property_name: field, operator: "gte", property_value: text };
  const end = textAfter(text);
  return end === undefined ? [from] : [from, { property_name: field, operator: "lt", property_value: end }];
}

/** The first text behind all that begin with this one; undefined: there is none. */
function textAfter(text: string): string | undefined {
  const signs = Array.from(text.toWellFormed());
  for (let last = signs.pop(); last !== undefined; last = signs.pop()) {
    const next = (last.codePointAt(0) ?? 0) + 1;
    // Half a pair is no character.
    if (next <= 0x10_ffff) return signs.join("") + String.fromCodePoint(next === 0xd800 ? 0xe000 : next);
  }
  return undefined;
}

const comparable = (value: FilterValue): string | number => (typeof value === "number" ? value : String(value));

/** Text after `f=`. Strings that could be read as something else are quoted as JSON. */
export function encodeFilter({ field, op, values }: PageFilter): string {
  const known: readonly { readonly field: string; readonly short: string }[] = isDeedFilter({ op })
    ? ACTORS
    : PROPERTIES;
  const name = known.find((each) => each.field === field)?.short ?? encodeName(field);
  const mark = FILTER_OPS.find((known) => known.op === op)?.mark ?? "";
  if (values.length === 1 && values[0] === null) return name + mark;
  return `${name}${mark}:${values.map(encodeValue).join("|")}`;
}

/** Reads what {@link encodeFilter} wrote; undefined for text that is no filter, so that a mangled link still opens. */
export function decodeFilter(text: string): PageFilter | undefined {
  const match = /^([^:!~<>^@]+)(!~|!@|[!~<>^@]?)(?::([\s\S]*))?$/.exec(text);
  if (!match?.[1]) return undefined;
  const op = FILTER_OPS.find(({ mark }) => mark === match[2])?.op;
  const actor = op && isDeedFilter({ op }) ? ACTORS.find(({ short }) => short === match[1]) : undefined;
  const dimension = actor ? undefined : dimensionOf(match[1]);
  const field = (actor ?? dimension)?.field ?? decodeName(match[1]);
  if (dimension?.kind !== undefined || field === undefined || op === undefined) return undefined;
  if (match[3] === undefined) return { field, op, values: [null] };
  return { field, op, values: split(match[3], "|").map(decodeValue) };
}

/** Adds the filter, or takes it away when it is there already: the second click on a row undoes the first. */
export function toggleFilter(filters: readonly PageFilter[], filter: PageFilter): PageFilter[] {
  const text = encodeFilter(filter);
  const without = filters.filter((f) => encodeFilter(f) !== text);
  if (without.length < filters.length) return without;
  // Two "is" on one field can never both hold; the later choice is what is meant.
  const compatible = filter.op === "is" ? without.filter((f) => f.field !== filter.field || f.op !== "is") : without;
  return [...compatible, filter];
}

/** A property may be called anything: the marks end a name here, and a dot tells a property `country` from the dimension. */
function encodeName(field: string): string {
  const dot = dimensionOf(field) ? "." : "";
  return dot + encodeURIComponent(field).replace(/[!~]/g, (mark) => (mark === "!" ? "%21" : "%7E"));
}

function decodeName(name: string): string | undefined {
  try {
    return decodeURIComponent(name.replace(/^\./, ""));
  } catch {
    return undefined;
  }
}

/** A sign parts two texts, unless a backslash stands before it. */
function split(text: string, sign: "|" | "&"): string[] {
  const parts = [""];
  for (const [token] of text.matchAll(/\\[\s\S]|[\s\S]/g)) {
    if (token === sign) parts.push("");
    else parts[parts.length - 1] += token.length > 1 ? token.slice(1) : token;
  }
  return parts;
}

function encodeValue(value: FilterValue): string {
  const text = typeof value === "string" && !looksTyped(value) ? value : JSON.stringify(value);
  return text.replace(/[\\|]/g, "\\$&");
}

function decodeValue(text: string): FilterValue {
  if (!looksTyped(text)) return text;
  return JSON.parse(text) as FilterValue;
}

/** True for text that is JSON of a number, boolean, string or null. */
function looksTyped(text: string): boolean {
  if (!/^(true|false|null|-?\d|")/.test(text)) return false;
  try {
    const value: unknown = JSON.parse(text);
    return value === null || typeof value !== "object";
  } catch {
    return false;
  }
}
