import { EARTH_METRES } from "@millrace/core";
import type { Leaves, Term } from "./leaves.ts";
import { compareTerms, only, type Node } from "./node.ts";

const QUERIES: Record<string, (body: never, document: Leaves) => boolean> = {
  match_all: () => true,
  match_none: () => false,
  term: (body: Record<string, Term>, document) =>
    pairs(body).every(([field, term]) => document.terms(field).includes(term)),
  terms: (body: Record<string, Term[]>, document) =>
    pairs(body).every(([field, terms]) => document.terms(field).some((term) => terms.includes(term))),
  exists: ({ field }: { field: string }, document) => document.terms(field).length > 0,
  range: (body: Record<string, Limits>, document) =>
    pairs(body).every(([field, limits]) => document.terms(field).some((term) => isWithin(term, limits))),
  bool: ({ filter = [], should, must_not = [], minimum_should_match: least = 1 }: Bool, document) =>
    filter.every((each) => isMatch(each, document)) &&
    ![must_not].flat().some((each) => isMatch(each, document)) &&
    (!should || should.filter((each) => isMatch(each, document)).length >= least),
  wildcard: (body: Record<string, { value: string }>, document) =>
    pairs(body).every(([field, { value }]) => hasMatch(document, field, regexOfWildcard(value))),
  regexp: (body: Record<string, { value: string }>, document) =>
    pairs(body).every(([field, { value }]) => hasMatch(document, field, new RegExp(`^(?:${value})$`, "s"))),
  script: ({ script }: { script: { params: Near } }, document) => isNear(script.params, document),
  function_score: ({ query }: { query: Node }, document) => isMatch(query, document),
};

interface Bool {
  readonly filter?: readonly Node[];
  readonly should?: readonly Node[];
  readonly must_not?: Node | readonly Node[];
  readonly minimum_should_match?: number;
}
type Limits = Readonly<Partial<Record<"gt" | "gte" | "lt" | "lte", Term>>>;
type Near = Record<"longitude" | "latitude" | "metres", number> & { readonly field: string };

export function isMatch(query: Node, document: Leaves): boolean {
  return only(query, QUERIES)((body, run) => run(body, document));
}

function isWithin(term: Term, { gt, gte, lt, lte }: Limits): boolean {
  return (
    (gt === undefined || compareTerms(term, gt) > 0) &&
    (gte === undefined || compareTerms(term, gte) >= 0) &&
    (lt === undefined || compareTerms(term, lt) < 0) &&
    (lte === undefined || compareTerms(term, lte) <= 0)
  );
}

function hasMatch(document: Leaves, field: string, pattern: RegExp): boolean {
  return document.terms(field).some((term) => pattern.test(String(term)));
}

function regexOfWildcard(pattern: string): RegExp {
  const parts = pattern.match(/\\.|./gsu) ?? [];
  const codeOf = (char: string) => `\\u{${char.codePointAt(0)?.toString(16) ?? ""}}`;
  const part = (each: string) => (each === "*" ? ".*" : each === "?" ? "." : codeOf(each.replace(/^\\/, "")));
  return new RegExp(`^${parts.map(part).join("")}$`, "su");
}

/** The store's only script of a filter: the distance of a place, which stands as the text of its array. */
function isNear({ field, longitude, latitude, metres }: Near, document: Leaves): boolean {
  const place: unknown = JSON.parse(String(document.terms(field)[0] ?? "null"));
  if (!Array.isArray(place) || place.length !== 2) return false;
  const [lon, lat] = place as unknown[];
  if (typeof lon !== "number" || typeof lat !== "number" || Math.abs(lon) > 180 || Math.abs(lat) > 90) return false;
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const north = Math.sin(radians(lat - latitude) / 2) ** 2;
  const east = Math.cos(radians(lat)) * Math.cos(radians(latitude)) * Math.sin(radians(lon - longitude) / 2) ** 2;
  return 2 * EARTH_METRES * Math.asin(Math.sqrt(Math.min(1, north + east))) <= metres;
}

function pairs<Value>(of: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.entries(of);
}
