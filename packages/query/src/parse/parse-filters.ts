import {
  all,
  isObject,
  isPlace,
  LIMITS,
  LIMITS_QUERY,
  METRES_PER_MILE,
  MillraceError,
  parseRegex,
  type CompareOp,
  type Filter,
  type Json,
  type JsonObject,
  type Operand,
} from "@millrace/core";
import { check } from "./check.ts";
import { refuseUnknown } from "./known.ts";
import { deedOperand, leafFilter, nodeFilter, placeOperand, WIRE, type OPERATORS } from "./wire.ts";

type Operator = (typeof OPERATORS)[number];
type Leaf = (field: string, value: Json, path: string, limits: Limits) => Filter<string>;

/** What one list of filters may still have. */
interface Limits {
  nodes: number;
  /** Why there is no `did` here; absent: there may be. */
  readonly noDeeds?: string;
}

/**
 * Reads a list of filters into one, combined with AND. Nodes `or`, `and` and `not` may nest.
 * @param path the list's place in the request; errors name the filter in it, such as `filters[2].operands[0]`
 * @throws MillraceError `InvalidFilterError`
 */
export function parseFilters(raw: Json, path = "filters"): Filter<string> {
  return parseList(raw, path, { nodes: LIMITS_QUERY.filterNodes });
}

/**
 * As {@link parseFilters}, of filters that a key or token forces upon every question: those decide by the event alone. Who did something
 * else is not known without a look at the events that the filter is to keep apart.
 */
export function parseForcedFilters(raw: Json, path: string): Filter<string> {
  return parseList(raw, path, { nodes: LIMITS_QUERY.filterNodes, noDeeds: "is not possible in forced filters" });
}

function parseList(raw: Json, path: string, limits: Limits): Filter<string> {
  const list = check(WIRE.filters, raw, path, "InvalidFilterError") as Json[];
  return all(...list.map((filter, i) => parseNode(filter, `${path}[${i}]`, 1, limits)));
}

function parseNode(raw: Json, path: string, depth: number, limits: Limits): Filter<string> {
  if (!isObject(raw)) throw invalid(path, "must be an object");
  if (--limits.nodes < 0)
    throw invalid(path, `is one too many: a query has at most ${LIMITS_QUERY.filterNodes} filters`);
  if (depth > LIMITS_QUERY.filterDepth) throw invalid(path, `is nested more than ${LIMITS_QUERY.filterDepth} deep`);
  const kind = raw["operator"];
  if (kind !== "or" && kind !== "and" && kind !== "not") return parseLeaf(raw, path, limits);
  refuseUnknown(raw, { known: Object.keys(nodeFilter.shape), of: path, code: "InvalidFilterError" });
  const { operands } = check(nodeFilter, raw, path, "InvalidFilterError");
  const of = operands.map((operand, i) => parseNode(operand as Json, `${path}.operands[${i}]`, depth + 1, limits));
  const [first, ...others] = of;
  if (kind === "or") return { kind: "any", of };
  if (kind === "and") return { kind: "all", of };
  if (first === undefined || others.length > 0) throw invalid(`${path}.operands`, "of not must be exactly one filter");
  return { kind: "not", of: first };
}

function parseLeaf(raw: JsonObject, path: string, limits: Limits): Filter<string> {
  refuseUnknown(raw, {
    known: Object.keys(leafFilter.shape),
    passed: ["property_type"],
    of: path,
    code: "InvalidFilterError",
  });
  const value = raw["property_value"];
  if (value === undefined) throw invalid(`${path}.property_value`, "is required");
  const { property_name: field, operator } = check(leafFilter, raw, path, "InvalidFilterError");
  return LEAVES[operator as Operator](field, value, `${path}.property_value`, limits);
}

const compare =
  (op: CompareOp): Leaf =>
  (field, value, path) => {
    if (typeof value !== "string" && typeof value !== "number")
      throw invalid(path, `of ${op} must be a number or text`);
    return { kind: "compare", field, op, value };
  };

const contains: Leaf = (field, value, path) => {
  if (value === null || typeof value === "object")
    throw invalid(path, "of contains must be text, a number or a boolean");
  return { kind: "contains", field, value };
};

const eq: Leaf = (field, value, path) => ({ kind: "eq", field, value: operand(value, path) });

/** Its filters are counted with those of the list it stands in. */
const did: Leaf = (actor, value, path, limits) => {
  if (limits.noDeeds !== undefined) throw invalid(path, `of did ${limits.noDeeds}`);
  refuseUnknown(value, { known: Object.keys(deedOperand.shape), of: path, code: "InvalidFilterError" });
  const { event_collection: named, filters = [] } = check(deedOperand, value, path, "InvalidFilterError");
  const collections = [...new Set([named].flat())];
  if (collections.length === 0) throw invalid(`${path}.event_collection`, "must name at least one collection");
  const own: Limits = { nodes: limits.nodes, noDeeds: "is not possible inside another did" };
  const filter = parseList(filters as Json, `${path}.filters`, own);
  limits.nodes = own.nodes;
  return { kind: "did", actor, deed: { collections, filter } };
};

const LEAVES: Record<Operator, Leaf> = {
  eq,
  ne: (...leaf) => ({ kind: "not", of: eq(...leaf) }),
  lt: compare("lt"),
  lte: compare("lte"),
  gt: compare("gt"),
  gte: compare("gte"),
  exists: (field, value, path) => {
    // Keen's own tools send the text as well.
    if (value !== true && value !== false && value !== "true" && value !== "false") {
      throw invalid(path, "of exists must be true or false");
    }
    const exists: Filter<string> = { kind: "exists", field };
    return String(value) === "true" ? exists : { kind: "not", of: exists };
  },
  in: (field, value, path) => {
    if (!Array.isArray(value)) throw invalid(path, "of in must be a list");
    if (value.length > LIMITS_QUERY.listOperand) {
      throw invalid(path, `has ${value.length} entries; the most is ${LIMITS_QUERY.listOperand}`);
    }
    return { kind: "in", field, values: value.map((entry, i) => operand(entry, `${path}[${i}]`)) };
  },
  contains,
  not_contains: (...leaf) => ({ kind: "not", of: contains(...leaf) }),
  regex: (field, value, path) => {
    if (typeof value !== "string") throw invalid(path, "of regex must be text");
    checkPattern(value, path);
    return { kind: "regex", field, pattern: value };
  },
  within: (field, value, path) => {
    refuseUnknown(value, { known: Object.keys(placeOperand.shape), of: path, code: "InvalidFilterError" });
    const { coordinates, max_distance_miles: miles } = check(placeOperand, value, path, "InvalidFilterError");
    const [longitude, latitude] = coordinates;
    const centre = { longitude, latitude };
    if (!isPlace(centre))
      throw invalid(`${path}.coordinates`, "must be [longitude, latitude]: -180 to 180, then -90 to 90");
    return { kind: "within", field, centre, metres: miles * METRES_PER_MILE };
  },
  did,
  did_not: (...leaf) => ({ kind: "not", of: did(...leaf) }),
};

/** What a property can equal: a scalar, null, or a whole array as deep as a stored one can be. */
function operand(value: Json, path: string): Operand {
  if (isObject(value)) throw invalid(path, "must not be an object: compare its properties, by dotted name");
  if (Array.isArray(value) && depthOf(value) > LIMITS.depth)
    throw invalid(path, `is nested more than ${LIMITS.depth} deep`);
  return value;
}

/** Parsed here only for the error, which names its place in the request; the plan keeps the text. */
function checkPattern(pattern: string, path: string): void {
  try {
    parseRegex(pattern);
  } catch (thrown) {
    if (thrown instanceof MillraceError) throw new MillraceError(thrown.code, `${path}: ${thrown.message}`);
    throw thrown;
  }
}

/** Recursion is safe: the request's nesting was bounded when it was read. */
function depthOf(value: Json): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

function invalid(path: string, problem: string): MillraceError {
  return new MillraceError("InvalidFilterError", `${path} ${problem}.`);
}
