import { isObject, type Clock, type RetryCause } from "@millrace/core";
import { backOff } from "../client/backoff.ts";
import { NoAnswer, type Driver } from "../client/driver.ts";
import type { Answer } from "../client/request.ts";
import { errorTypes, reasonOf } from "../client/failure.ts";

/** One document on its way into a bulk: its action line and its source line. */
export interface BulkItem {
  readonly action: string;
  /** None: a deletion. */
  readonly source?: string;
}

/** What happened to one document. `retry`: not written, as far as is known; trying again may work. */
export type BulkResult =
  | { readonly kind: "written" | "conflict" }
  /** The mapping lacks a field of it. `standard`: one that every event may have, so the index is older than this program. */
  | { readonly kind: "strict"; readonly standard: boolean }
  | { readonly kind: "refused"; readonly reason: "unstorable" | "too-large" | "mapping"; readonly detail: string }
  | { readonly kind: "retry"; readonly detail: string; readonly because: RetryCause };

export interface BulkParts {
  readonly driver: Driver;
  readonly clock: Clock;
  readonly random: () => number;
  /** Most bytes of one bulk request. */
  readonly bulkBytes: number;
  /** False: the actions name indexes, not aliases. Default true: no write may make an index. */
  readonly requireAlias?: boolean;
}

/** Bytes that a document takes in a bulk request, line breaks included. */
export function bulkBytesOf({ action, source = "" }: BulkItem): number {
  return Buffer.byteLength(action) + Buffer.byteLength(source) + 2;
}

/**
 * Puts things together, in order, as long as they are few and small enough for one request; a larger one goes alone. Lazily: what
 * comes out of `things` is made when its bulk is asked for.
 */
export function* inBulks<T>(
  things: Iterable<T>,
  bytesOf: (thing: T) => number,
  { count, bytes: most }: { readonly count: number; readonly bytes: number },
): Generator<T[], undefined> {
  let bulk: T[] = [];
  let bytes = 0;
  for (const thing of things) {
    const size = bytesOf(thing);
    if (bulk.length > 0 && (bulk.length >= count || bytes + size > most)) {
      yield bulk;
      bulk = [];
      bytes = 0;
    }
    bulk.push(thing);
    bytes += size;
  }
  if (bulk.length > 0) yield bulk;
}

/** Far more than a bulk of 5 MB needs; a node that hangs must not use up the whole invocation. */
const REQUEST_TIMEOUT_MS = 30_000;
/** How long the server may wait for a shard that is not there: the rest of the bulk waits with it (its own default is a minute). */
const SHARD_PATIENCE = { patiently: "5s", hardly: "100ms" } as const;
/** Further tries for the few: two more, within a third of a second. */
const SHORT_TRIES = 2;
/** A try that took longer was waiting for a shard already. */
const SLOW_TRY_MS = 1_000;

/**
 * Sends documents in one bulk request, and again what failed in a way that may pass. While that is most of the bulk the store
 * pushes back, and waiting here until the deadline is what slows its senders down. A few that fail, or a partition that takes no
 * writes, say something about themselves only: two short tries, then the others must not wait for them. Each document gets its
 * own end: a bad one harms no other, even where the server refuses the whole request for it.
 * @param deadline milliseconds UTC
 * @param waits `hardly` where a shard is known to be gone: what is for it fails at once, and the rest of the bulk does not wait with it
 */
export async function sendBulk(
  parts: BulkParts,
  items: readonly BulkItem[],
  deadline: number,
  waits: keyof typeof SHARD_PATIENCE = "patiently",
): Promise<BulkResult[]> {
  const results: (BulkResult | undefined)[] = items.map(() => undefined);
  let open = items.map((_, i) => i);
  let shortTries = 0;
  for (let attempt = 0; ; attempt++) {
    const begun = parts.clock.now();
    const answers = await sendOnce(
      parts,
      open.map((i) => items[i] as BulkItem),
      deadline,
      waits,
    );
    open.forEach((i, at) => {
      results[i] = answers[at];
    });
    open = open.filter((i) => results[i]?.kind === "retry");
    if (open.length === 0) return results as BulkResult[];
    const pushedBack = open.filter((i) => !isBlocked(results[i])).length * 2 > items.length;
    const isSlow = parts.clock.now() - begun > SLOW_TRY_MS;
    if (!pushedBack && (isSlow || shortTries++ >= SHORT_TRIES)) return results as BulkResult[];
    if (!(await backOff(attempt, deadline, parts))) return results as BulkResult[];
  }
}

/** Whether a document was refused for a state of its partition. */
export function isBlocked(result: BulkResult | undefined): boolean {
  return result?.kind === "retry" && result.because === "blocked";
}

async function sendOnce(
  parts: BulkParts,
  items: readonly BulkItem[],
  deadline: number,
  waits: keyof typeof SHARD_PATIENCE,
): Promise<BulkResult[]> {
  const left = deadline - parts.clock.now();
  const all = (result: BulkResult): BulkResult[] => items.map(() => result);
  if (left <= 0) return all({ kind: "retry", detail: "The deadline had passed.", because: "late" });
  let answer;
  try {
    answer = await parts.driver.send(
      {
        method: "POST",
        path: "/_bulk",
        query: { require_alias: parts.requireAlias ?? true, timeout: SHARD_PATIENCE[waits], filter_path: FILTER_PATH },
        lines: items.map(({ action, source }) => `${action}\n${source === undefined ? "" : `${source}\n`}`).join(""),
      },
      { timeoutMs: Math.min(left, REQUEST_TIMEOUT_MS) },
    );
  } catch (thrown) {
    if (!(thrown instanceof NoAnswer)) throw thrown;
    return all({ kind: "retry", detail: `No answer: ${thrown.message}`, because: "unreachable" });
  }
  const { status, body } = answer;
  if (status < 300) return itemResults(body, items.length);
  const reason = refusalOf(answer);
  const bytes = items.reduce((sum, item) => sum + bulkBytesOf(item), 0);
  if (reason !== undefined && items.length > 1 && (reason !== "too-large" || bytes > SURELY_TAKEN_BYTES)) {
    const middle = items.length >> 1;
    const first = await sendOnce(parts, items.slice(0, middle), deadline, waits);
    return [...first, ...(await sendOnce(parts, items.slice(middle), deadline, waits))];
  }
  const itsOwnFault =
    items.length === 1 && (reason === "unstorable" || (reason === "too-large" && bytes > LARGE_BYTES));
  if (reason !== undefined && itsOwnFault) {
    return all({ kind: "refused", reason, detail: reasonOf(body) || `The store answered ${status}.` });
  }
  return all({ kind: "retry", detail: `The store answered ${status}. ${reasonOf(body)}`, because: "unreachable" });
}

/** What something between us and the server may be expected to take: a bulk of less than this is not cut up because of a 413. */
const SURELY_TAKEN_BYTES = 64_000;
/** An event of less than this is never too large by itself, whatever a 413 says: ingest takes no event of more. */
const LARGE_BYTES = 1_000_000;

/** What OpenSearch says when something in the request is wrong; see {@link refusalOf}. */
const REFUSALS: ReadonlySet<string> = new Set([
  "action_request_validation_exception",
  "illegal_argument_exception",
  "mapper_parsing_exception",
  "document_parsing_exception",
  "strict_dynamic_mapping_exception",
  "parse_exception",
  "parsing_exception",
  "x_content_parse_exception",
  "json_parse_exception",
]);

/**
 * Whether a whole request was refused for something in it: one id or one line can do that, and something in between may take less
 * than we send. Only OpenSearch's own word counts, of a closed list. A proxy's 400 ("plain HTTP request was sent to HTTPS port")
 * says nothing about the events, and believing it would throw away everything that arrives while it lasts.
 */
function refusalOf({ status, body }: Answer): "unstorable" | "too-large" | undefined {
  if (status === 413) return "too-large";
  if (status !== 400 || !isObject(body) || !isObject(body["error"])) return undefined;
  const type = body["error"]["type"];
  const ours = typeof type === "string" && REFUSALS.has(type) && !/unrecognized parameter/.test(reasonOf(body));
  return ours ? "unstorable" : undefined;
}

/** A response of 2,000 conflicts is 573 KB without this. Places stay countable: every item has a status. */
const FILTER_PATH = "errors,items.*.status,items.*.error.type,items.*.error.reason,items.*.error.caused_by";

function itemResults(body: unknown, count: number): BulkResult[] {
  const items = isObject(body) ? body["items"] : undefined;
  if (!Array.isArray(items) || items.length !== count) {
    return Array.from({ length: count }, () => ({
      kind: "retry",
      detail: "The answer is incomplete.",
      because: "unreachable",
    }));
  }
  return items.map((item) => itemResult(isObject(item) ? Object.values(item)[0] : undefined));
}

/**
 * What one item's answer means. 429 is back-pressure or a disk that is full (`cluster_block_exception`), 403 a block on writing,
 * 404 a partition that is not there (yet), `index_closed` one that is closed, and a 400 may be about the index as it is now: all
 * outside this event, so it is tried again.
 */
function itemResult(item: unknown): BulkResult {
  const status = isObject(item) && typeof item["status"] === "number" ? item["status"] : 0;
  const error = isObject(item) && isObject(item["error"]) ? item["error"] : {};
  const types = errorTypes(error);
  const detail = typeof error["reason"] === "string" ? error["reason"].slice(0, 300) : `The store answered ${status}.`;
  if (status >= 200 && status < 300) return { kind: "written" };
  if (status === 409) return { kind: "conflict" };
  if (types.has("strict_dynamic_mapping_exception"))
    return { kind: "strict", standard: /within \[_doc\]/.test(detail) };
  if (status !== 400 || types.has("index_closed_exception") || OF_THE_INDEX.test(detail)) {
    return { kind: "retry", detail, because: isOfThePartition(status, types) ? "blocked" : "busy" };
  }
  if (/immense term|whose UTF8 encoding is longer/i.test(detail))
    return { kind: "refused", reason: "too-large", detail };
  return { kind: "refused", reason: "mapping", detail };
}

/** Whether an item failed for a state of its partition that no waiting of milliseconds changes. Other 429 and 5xx are load. */
function isOfThePartition(status: number, types: ReadonlySet<string>): boolean {
  if (types.has("cluster_block_exception") || types.has("unavailable_shards_exception")) return true;
  return status >= 400 && status < 500 && status !== 429;
}

/** An alias that was changed by hand, a pipeline that somebody has set, a shard of two billion documents. */
const OF_THE_INDEX = /no write index is defined|pipeline with id|number of documents in the index cannot exceed/i;
