import { MillraceError, isObject, type Clock, type FlatProperties, type StoredEvent } from "@millrace/core";
import type { Driver } from "../client/driver.ts";
import type { Answer, Request } from "../client/request.ts";
import { errorTypes, failureOf, reasonOf } from "../client/failure.ts";
import { pathOfLeaf } from "../leaf.ts";
import { child, KIND_OBJECT, leafMapping, type LeafField, type LeafKind } from "../schema.ts";

/** What this process knows of the mappings of the partitions it writes to. */
export interface Mappings {
  /**
   * Makes sure that a partition's mapping has every property of these events: one request when they bring new names, none
   * otherwise. Answers the events that cannot be stored, each with a path that cannot be mapped.
   * @param deadline milliseconds UTC
   * @throws MillraceError when the mapping could not be read or changed: that says nothing about the events
   */
  ensure(alias: string, events: readonly StoredEvent[], deadline: number): Promise<ReadonlyMap<StoredEvent, string>>;
  /** Forgets a partition: its index turned out to be another one than thought. */
  forget(alias: string): void;
}

/** Names refused by the server are not asked for again and again, but now and then: an operator may have made room. */
const MAX_REFUSED = 10_000;
const REFUSED_MS = 300_000;
/** A mapping is read or changed in far less; a node that hangs must not use up the whole invocation. */
const REQUEST_TIMEOUT_MS = 30_000;

/** Paths by kind. Sets of plain paths: this is looked at for every property of every event. */
type Paths = Readonly<Record<LeafKind, Set<string>>>;

interface Known {
  readonly mapped: Paths;
  refused: Paths;
  /** Milliseconds UTC: when the names refused until now are forgotten. */
  refusedUntil: number;
}

/** Sends a request within the time that is left. */
type Ask = (request: Request) => Promise<Answer>;

export function createMappings(driver: Driver, clock: Clock): Mappings {
  const askUntil = (deadline: number): Ask => {
    return (request) => {
      const left = deadline - clock.now();
      if (left <= 0) throw new MillraceError("ServiceUnavailable", "There was no time left for the mapping.");
      return driver.send(request, { timeoutMs: Math.min(left, REQUEST_TIMEOUT_MS) });
    };
  };
  const partitions = new Map<string, Promise<Known>>();

  const knownOf = (alias: string, ask: Ask): Promise<Known> => {
    const present = partitions.get(alias);
    if (present) return present;
    const loading = load(ask, alias);
    partitions.set(alias, loading);
    loading.catch(() => partitions.delete(alias));
    return loading;
  };

  return {
    ensure: async (alias, events, deadline) => {
      const ask = askUntil(deadline);
      const known = await knownOf(alias, ask);
      if (clock.now() >= known.refusedUntil) {
        known.refused = noPaths();
        known.refusedUntil = clock.now() + REFUSED_MS;
      }
      const { mapped, refused } = known;
      const missing = noPaths();
      let complete = true;
      for (const { flat } of events) {
        eachUnmapped(flat, mapped, (kind, path) => {
          if (refused[kind].has(path)) complete = false;
          else missing[kind].add(path);
        });
      }
      for (const { kind, path } of await putLeaves(ask, alias, fieldsOf(missing))) {
        complete = false;
        missing[kind].delete(path);
        if (refused[kind].size < MAX_REFUSED) refused[kind].add(path);
      }
      for (const { kind, path } of fieldsOf(missing)) mapped[kind].add(path);
      return complete ? new Map() : lacking(events, mapped);
    },
    forget: (alias) => {
      partitions.delete(alias);
    },
  };
}

/** The events with a property that is not mapped, and its path. */
function lacking(events: readonly StoredEvent[], mapped: Paths): Map<StoredEvent, string> {
  const found = new Map<StoredEvent, string>();
  for (const event of events) eachUnmapped(event.flat, mapped, (_, path) => found.set(event, path));
  return found;
}

/** Visits the fields that an event needs and the mapping lacks. An explicit null needs none. */
function eachUnmapped(flat: FlatProperties, mapped: Paths, visit: (kind: LeafKind, path: string) => void): void {
  const { strings, numbers, booleans, json, elements } = flat;
  for (const path of Object.keys(strings)) if (!mapped.string.has(path)) visit("string", path);
  for (const path of Object.keys(numbers)) if (!mapped.number.has(path)) visit("number", path);
  for (const path of Object.keys(booleans)) if (!mapped.boolean.has(path)) visit("boolean", path);
  for (const path of Object.keys(json)) if (!mapped.json.has(path) && json[path] !== "null") visit("json", path);
  for (const path of Object.keys(elements)) if (!mapped.elements.has(path)) visit("elements", path);
}

function noPaths(): Paths {
  return { string: new Set(), number: new Set(), boolean: new Set(), json: new Set(), elements: new Set() };
}

const LEAF_KINDS = Object.keys(KIND_OBJECT) as LeafKind[];

function fieldsOf(paths: Paths): LeafField[] {
  return LEAF_KINDS.flatMap((kind) => Array.from(paths[kind], (path) => ({ kind, path })));
}

async function load(ask: Ask, alias: string): Promise<Known> {
  const answer = await ask({ method: "GET", path: `/${alias}/_mapping` });
  if (answer.status >= 400) throw failureOf(answer);
  if (!isObject(answer.body)) throw new MillraceError("ServiceUnavailable", "The store gave no readable mapping.");
  const mapped = noPaths();
  for (const index of Object.values(answer.body)) {
    const properties = child(child(index, "mappings"), "properties");
    for (const kind of LEAF_KINDS) {
      const leaves = child(child(properties, KIND_OBJECT[kind]), "properties");
      for (const leaf of Object.keys(leaves)) mapped[kind].add(pathOfLeaf(leaf));
    }
  }
  return { mapped, refused: noPaths(), refusedUntil: 0 };
}

/**
 * Adds leaves to a mapping. When the server refuses them together they are tried in halves, so that a name it cannot take does
 * not keep its neighbours out; but once there is no room for a single one, the others are not asked for. Answers those refused.
 * @throws MillraceError when the answer is not about the names: it must not be remembered against them
 */
async function putLeaves(ask: Ask, alias: string, fields: readonly LeafField[]): Promise<readonly LeafField[]> {
  const refused: LeafField[] = [];
  let full = false;
  const put = async (some: readonly LeafField[]): Promise<void> => {
    if (some.length === 0) return;
    const refusal = full ? "full" : refusalOf(await ask(putMapping(alias, some)));
    if (refusal === undefined) return;
    if (full || some.length === 1) {
      full ||= refusal === "full";
      refused.push(...some);
      return;
    }
    const middle = some.length >> 1;
    await put(some.slice(0, middle));
    await put(some.slice(middle));
  };
  await put(fields);
  return refused;
}

function putMapping(alias: string, fields: readonly LeafField[]): Request {
  return { method: "PUT", path: `/${alias}/_mapping`, body: leafMapping(fields) };
}

/**
 * Why a mapping was not changed: there is no room, or a name or its kind cannot be; undefined when it was changed. Anything else
 * that looks like a refusal, a proxy's 400 for instance, or a change that not every node has confirmed, passes.
 */
function refusalOf(answer: Answer): "full" | "name" | undefined {
  const { status, body } = answer;
  if (status < 300 && isObject(body) && body["acknowledged"] === true) return undefined;
  if (status < 300)
    throw new MillraceError("ServiceUnavailable", "The store has not confirmed new names of properties.");
  const reason = reasonOf(body);
  const types = errorTypes(body);
  if (status === 400 && types.has("mapper_parsing_exception")) return "name";
  if (status !== 400 || !types.has("illegal_argument_exception")) throw failureOf(answer);
  if (reason.startsWith("Limit of total fields")) return "full";
  if (/^Limit of mapping depth|cannot be changed from type|^name cannot be|field name/.test(reason)) return "name";
  throw failureOf(answer);
}
