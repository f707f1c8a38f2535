import { isObject, type JsonObject } from "@millrace/core";
import { setTimeout as delay } from "node:timers/promises";
import { ImportError } from "../read/error.ts";

/** Where to import into: a project of a Millrace server, with its master key (or only a write key, see source.ts). */
export interface Target {
  readonly url: string;
  readonly project: string;
  readonly key: string;
  /** With the master key, ids and context are taken from the events; with a write key they cannot be. */
  readonly keyKind: "master" | "write";
}

/** The outcome of one batch: for each event, undefined when accepted, else why it was refused. */
export type BatchOutcome = readonly (string | undefined)[];

export interface OutgoingEvent {
  readonly collection: string;
  readonly event: JsonObject;
}

/** The server said no for good: importing cannot go on until something is changed. */
class ImportRefused extends ImportError {}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/**
 * Sends one batch by Keen's bulk recording and waits out a server that is down or busy, for as long as it takes.
 * @param onWaiting called before each wait with the reason; called with undefined when the server answers again
 * @throws ImportRefused for an answer that retrying cannot change (wrong key, unknown project)
 */
export async function sendBatch(
  target: Target,
  events: readonly OutgoingEvent[],
  onWaiting: (reason: string | undefined) => void,
  signal: AbortSignal,
): Promise<BatchOutcome> {
  for (let attempt = 0; ; attempt++) {
    const answer = await post(target, events, signal);
    if (answer.kind === "done") {
      if (attempt > 0) onWaiting(undefined);
      return answer.outcome;
    }
    if (answer.kind === "too-large") return sendHalves(target, events, onWaiting, signal);
    onWaiting(answer.reason);
    await delay(Math.min(FIRST_WAIT_MS * 2 ** attempt, LONGEST_WAIT_MS), undefined, { signal });
  }
}

async function sendHalves(
  target: Target,
  events: readonly OutgoingEvent[],
  onWaiting: (reason: string | undefined) => void,
  signal: AbortSignal,
): Promise<BatchOutcome> {
  if (events.length === 1) return ["the event is larger than one request may be"];
  const middle = Math.ceil(events.length / 2);
  const first = await sendBatch(target, events.slice(0, middle), onWaiting, signal);
  return [...first, ...(await sendBatch(target, events.slice(middle), onWaiting, signal))];
}

type Answer =
  | { readonly kind: "done"; readonly outcome: BatchOutcome }
  | { readonly kind: "too-large" }
  | { readonly kind: "wait"; readonly reason: string };

async function post(target: Target, events: readonly OutgoingEvent[], signal: AbortSignal): Promise<Answer> {
  const body: Record<string, JsonObject[]> = Object.create(null) as Record<string, JsonObject[]>;
  for (const { collection, event } of events) (body[collection] ??= []).push(event);
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${target.url}/3.0/projects/${target.project}/events`, {
      method: "POST",
      headers: { authorization: target.key, "content-type": "application/json" },
      body: JSON.stringify(body),
      signal,
    });
    text = await response.text();
  } catch (error) {
    signal.throwIfAborted();
    return { kind: "wait", reason: `no answer from ${target.url} (${causeOf(error)})` };
  }
  if (response.status === 413) return { kind: "too-large" };
  if (response.status === 429 || response.status >= 500)
    return { kind: "wait", reason: `the server answers ${response.status}` };
  const answer: unknown = safeJson(text);
  if (!response.ok || !isObject(answer)) {
    const message = isObject(answer)
      ? `${textOf(answer["message"])} (${textOf(answer["error_code"])})`
      : text.slice(0, 200);
    throw new ImportRefused(`The server refused the import with status ${response.status}: ${message}`);
  }
  return { kind: "done", outcome: inOrder(events, answer) };
}

/** Results come by collection, in the order of that collection's events. */
function inOrder(events: readonly OutgoingEvent[], answer: JsonObject): BatchOutcome {
  const next = new Map<string, number>();
  return events.map(({ collection }) => {
    const index = next.get(collection) ?? 0;
    next.set(collection, index + 1);
    const list = answer[collection];
    const result = Array.isArray(list) ? list[index] : undefined;
    if (!isObject(result)) return "the server gave no result for it";
    if (result["success"] === true) return undefined;
    const error = isObject(result["error"]) ? result["error"] : {};
    return `${textOf(error["name"])}: ${textOf(error["description"])}`;
  });
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "unknown";
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && "code" in cause) return String(cause.code);
  return error instanceof Error ? error.message : String(error);
}
