import { isObject, type Clock } from "@millrace/core";
import { backOff } from "./backoff.ts";
import { NoAnswer, type Driver } from "./driver.ts";
import { errorTypes, reasonOf } from "./failure.ts";

/** One document on its way into a bulk: its action line and its source line. */
export interface BulkItem {
  readonly action: string;
  readonly source: string;
}

/** What happened to one document. `retry`: not written, as far as is known; trying again may work. */
export type BulkResult =
  | { readonly kind: "written" | "conflict" | "strict" }
  | { readonly kind: "refused"; readonly reason: "unstorable" | "too-large" | "mapping"; readonly detail: string }
  | { readonly kind: "retry"; readonly detail: string; readonly unanswered: boolean };

export interface BulkParts {
  readonly driver: Driver;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Far more than a bulk of 5 MB needs; a node that hangs must not use up the whole invocation. */
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Sends documents in one bulk request, and again what failed in a way that may pass, until the deadline. Each document gets its
 * own end: a bad one harms no other, even where the server refuses the whole request for it.
 * @param deadline milliseconds UTC
 */
export async function sendBulk(parts: BulkParts, items: readonly BulkItem[], deadline: number): Promise<BulkResult[]> {
  const results: (BulkResult | undefined)[] = items.map(() => undefined);
  let open = items.map((_, i) => i);
  for (let attempt = 0; ; attempt++) {
    const answers = await sendOnce(
      parts,
      open.map((i) => items[i] as BulkItem),
      deadline,
    );
    open.forEach((i, at) => {
      results[i] = answers[at];
    });
    open = open.filter((i) => results[i]?.kind === "retry");
    if (open.length === 0 || !(await backOff(attempt, deadline, parts))) return results as BulkResult[];
  }
}

async function sendOnce(parts: BulkParts, items: readonly BulkItem[], deadline: number): Promise<BulkResult[]> {
  const left = deadline - parts.clock.now();
  const all = (result: BulkResult): BulkResult[] => items.map(() => result);
  if (left <= 0) return all({ kind: "retry", detail: "The deadline had passed.", unanswered: false });
  let answer;
  try {
    answer = await parts.driver.send(
      {
        method: "POST",
        path: "/_bulk",
        query: { require_alias: true, filter_path: FILTER_PATH },
        lines: items.map(({ action, source }) => `${action}\n${source}\n`).join(""),
      },
      { timeoutMs: Math.min(left, REQUEST_TIMEOUT_MS) },
    );
  } catch (thrown) {
    if (!(thrown instanceof NoAnswer)) throw thrown;
    return all({ kind: "retry", detail: `No answer: ${thrown.message}`, unanswered: true });
  }
  const { status, body } = answer;
  if (status < 300) return itemResults(body, items.length);
  // One id or one line can make the server refuse the request as a whole, and a proxy may take less than we send.
  if (status === 400 || status === 413) {
    if (items.length > 1) {
      const middle = items.length >> 1;
      const first = await sendOnce(parts, items.slice(0, middle), deadline);
      return [...first, ...(await sendOnce(parts, items.slice(middle), deadline))];
    }
    const reason = status === 413 ? "too-large" : "unstorable";
    return all({ kind: "refused", reason, detail: reasonOf(body) || `The store answered ${status}.` });
  }
  return all({ kind: "retry", detail: `The store answered ${status}. ${reasonOf(body)}`, unanswered: true });
}

/** A response of 2,000 conflicts is 573 KB without this. Places stay countable: every item has a status. */
const FILTER_PATH = "errors,items.*.status,items.*.error.type,items.*.error.reason,items.*.error.caused_by";

function itemResults(body: unknown, count: number): BulkResult[] {
  const items = isObject(body) ? body["items"] : undefined;
  if (!Array.isArray(items) || items.length !== count) {
    return Array.from({ length: count }, () => ({
      kind: "retry",
      detail: "The answer is incomplete.",
      unanswered: true,
    }));
  }
  return items.map((item) => itemResult(isObject(item) ? Object.values(item)[0] : undefined));
}

/**
 * What one item's answer means. 429 is back-pressure or a disk that is full (`cluster_block_exception`), 403 a block on writing,
 * 404 a partition that is not there (yet), `index_closed` one that is closed: all outside this event, so it is tried again.
 */
function itemResult(item: unknown): BulkResult {
  const status = isObject(item) && typeof item["status"] === "number" ? item["status"] : 0;
  const error = isObject(item) && isObject(item["error"]) ? item["error"] : {};
  const types = errorTypes(error);
  const detail = typeof error["reason"] === "string" ? error["reason"].slice(0, 300) : `The store answered ${status}.`;
  if (status >= 200 && status < 300) return { kind: "written" };
  if (status === 409) return { kind: "conflict" };
  if (types.has("strict_dynamic_mapping_exception")) return { kind: "strict" };
  if (status !== 400 || types.has("index_closed_exception")) return { kind: "retry", detail, unanswered: false };
  if (/immense term|whose UTF8 encoding is longer/i.test(detail))
    return { kind: "refused", reason: "too-large", detail };
  return { kind: "refused", reason: "mapping", detail };
}
