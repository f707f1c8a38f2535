import type { Grant } from "@millrace/access";
import { currentExecution, type JsonObject } from "@millrace/core";
import type { Answered } from "../../answer/outcome.ts";
import { answerOf, answered, present } from "../../answer/run-query.ts";
import type { QueryParts } from "../../deps.ts";
import type { Engine } from "../../share/engine.ts";
import { keyOf, type KeptQuestion } from "./kept-question.ts";

/** The upkeep comes so often. An answer is refreshed two rounds before it is too old, so that one round may be missed. */
export const REFRESH_EVERY_MS = 600_000;
/** The upkeep goes on with a value of a dataset for so long after it was computed for somebody. */
const WANTED_MS = 7 * 24 * 3_600_000;
const TOO_LARGE = "The answer is too large to be kept: it is computed when it is asked for.";

type KeptDeps = Pick<QueryParts, "catalogue" | "stored">;

export interface KeptRequest {
  readonly question: KeptQuestion;
  readonly grant: Grant;
  readonly engine: Engine;
  /** Milliseconds UTC. */
  readonly now: number;
  /** How old the answer may be for this caller, milliseconds; never older than its question allows. */
  readonly maxAgeMs?: number;
}

/**
 * The kept answer, with its age in `meta`, where it is new enough; else one that is computed now, and kept. A registry that fails costs
 * the caller nothing but the time of the computation.
 * @throws MillraceError as a live question does
 */
export async function answerKept(deps: KeptDeps, request: KeptRequest): Promise<JsonObject> {
  const { question, grant, now } = request;
  const most = Math.min(question.maxAgeMs, request.maxAgeMs ?? question.maxAgeMs);
  const key = keyOf(question, grant);
  // What an embed token may ask is looked at when its question is read: it gets nothing that was not.
  const kept = grant.embed ? undefined : await orNothing(deps.stored.answers.get(grant.project.id, key));
  const ageMs = kept ? Math.max(0, now - kept.at) : Infinity;
  if (kept && ageMs <= most) return present({ ...kept.answered, ageMs });
  const { fresh, message } = await computeKept(deps, request);
  await orNothing(note(deps, request, message));
  return present(fresh);
}

/**
 * Computes an answer and keeps it.
 * @returns with it, what there is to say of how it was kept
 * @throws MillraceError as a live question does
 */
export async function computeKept(
  { stored, ...deps }: KeptDeps,
  { question, grant, engine, now }: KeptRequest,
): Promise<{ readonly fresh: Answered; readonly message: string }> {
  const { analysis, raw, maxAgeMs } = question;
  const fresh = answered(await answerOf(deps, { analysis, raw, grant, engine, now }));
  // One that somebody else got a moment ago is about that moment.
  const at = now - fresh.ageMs;
  const kept = { at, answered: { ...fresh, ageMs: 0 } };
  const fits = await orNothing(stored.answers.put(grant.project.id, keyOf(question, grant), kept, at + maxAgeMs));
  return { fresh, message: fits === false ? TOO_LARGE : "" };
}

/** Of what the project itself sees: what a key with filters of its own sees is computed when it asks. */
async function note({ stored }: KeptDeps, { question, grant, now }: KeptRequest, message: string): Promise<void> {
  if (grant.queryFilter) return;
  await stored.schedule.put(grant.project.id, {
    subject: question.subject,
    dueAt: now + dueAfterMs(question),
    lastRun: { at: now, status: 200, message },
    ...(question.subject.kind === "dataset" && { until: now + WANTED_MS }),
  });
}

/** How long after an answer was computed it is due again. */
export function dueAfterMs({ maxAgeMs }: KeptQuestion): number {
  return maxAgeMs - 2 * REFRESH_EVERY_MS;
}

async function orNothing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (thrown) {
    currentExecution()?.label("answers.error", String(thrown));
    return undefined;
  }
}
