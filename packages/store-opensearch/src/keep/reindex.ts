import { MillraceError, isObject, type Clock } from "@millrace/core";
import { NoAnswer, type Driver } from "../client/driver.ts";
import { errorTypes, failureOf } from "../client/failure.ts";

export interface CopyParts {
  readonly driver: Driver;
  readonly clock: Clock;
  /** Waits so many milliseconds. */
  readonly wait: (ms: number) => Promise<void>;
}

/** Looks at a copy that goes on: soon at first, as most are small, then every few seconds. */
const FIRST_LOOK_MS = 50;
const LAST_LOOK_MS = 5_000;
/** A server that restarts, or a gateway in front of it, may be silent for so long; what it copies goes on. */
const SILENCE_MS = 180_000;
const REQUEST_MS = 30_000;

/** The time of this process is over, and the store goes on with the copy. */
export class CopyGoesOn extends Error {
  override readonly name = "CopyGoesOn";
  readonly from: string;

  constructor(from: string) {
    super(`The copy of ${from} goes on.`);
    this.from = from;
  }
}

/**
 * Copies every document of one index into another that has none of them. The server does it as a task of its own that is looked at
 * now and then: one request for all of it would be cut by any gateway on the way.
 * @param beat called before each look; if it throws, so does this
 * @param until milliseconds UTC; default: as long as it takes
 * @returns documents copied
 * @throws CopyGoesOn when `until` comes first
 * @throws MillraceError when not everything could be copied. The task may go on then: see {@link stopCopies}
 */
export async function copyDocuments(
  { driver, clock, wait }: CopyParts,
  { from, to }: { readonly from: string; readonly to: string },
  beat: () => Promise<void>,
  until = Number.POSITIVE_INFINITY,
): Promise<number> {
  const { task } = await driver.ask<{ task: string }>(
    {
      method: "POST",
      path: "/_reindex",
      query: { wait_for_completion: false, refresh: true },
      body: { source: { index: from, size: 2_000 }, dest: { index: to, op_type: "create" } },
    },
    { timeoutMs: REQUEST_MS },
  );
  let heard = clock.now();
  for (let look = 0; ; look++) {
    await wait(Math.min(LAST_LOOK_MS, FIRST_LOOK_MS * 2 ** look));
    await beat();
    const state = await lookAt(driver, task);
    if (typeof state === "number") return state;
    if (clock.now() >= until) throw new CopyGoesOn(from);
    if (state === "runs") heard = clock.now();
    else if (clock.now() - heard > SILENCE_MS) {
      throw new MillraceError("ServiceUnavailable", `The store says nothing about the copy of ${from}.`);
    }
  }
}

/**
 * Waits for the end of a copy that another process began. How much it copied is for the caller to count: nobody here knows its task.
 * @throws CopyGoesOn when `until` comes first
 */
export async function awaitCopy(
  { driver, clock, wait }: CopyParts,
  { from, to }: { readonly from: string; readonly to: string },
  beat: () => Promise<void>,
  until = Number.POSITIVE_INFINITY,
): Promise<undefined> {
  for (let look = 0; (await copiesInto(driver, [to])).length > 0; look++) {
    if (clock.now() >= until) throw new CopyGoesOn(from);
    await wait(Math.min(LAST_LOOK_MS, FIRST_LOOK_MS * 2 ** look));
    await beat();
  }
}

/** How many documents a task has copied, once it is done; else whether the server says that it runs. */
async function lookAt(driver: Driver, task: string): Promise<number | "runs" | "silence"> {
  const answer = await driver
    .send({ method: "GET", path: `/_tasks/${task}` }, { timeoutMs: REQUEST_MS })
    .catch((thrown: unknown) => {
      if (thrown instanceof NoAnswer) return { status: 0, body: undefined };
      throw thrown;
    });
  if (errorTypes(answer.body).has("resource_not_found_exception")) {
    throw new MillraceError("ServiceUnavailable", "The copy is gone: its node was restarted. Begin again.");
  }
  if (answer.status !== 200 || !isObject(answer.body)) return "silence";
  const { completed, response, error } = answer.body;
  if (completed !== true) return "runs";
  if (error !== undefined || !isObject(response)) throw failureOf({ status: 500, body: answer.body });
  const { created, failures, canceled } = response;
  if (typeof created === "number" && Array.isArray(failures) && failures.length === 0 && canceled === undefined) {
    return created;
  }
  throw new MillraceError("InternalServerError", "The copy ended before everything was copied.", {
    context: { created, canceled, failures: JSON.stringify(failures).slice(0, 500) },
  });
}

/**
 * Stops every copy into one of these indexes and waits for its end: a task that outlives the process that began it would make an
 * index anew that is deleted under it.
 */
export async function stopCopies(driver: Driver, into: readonly string[]): Promise<void> {
  if (into.length === 0) return;
  for (const task of await copiesInto(driver, into)) {
    await driver.ask(
      { method: "POST", path: `/_tasks/${task}/_cancel`, query: { wait_for_completion: true } },
      { ignore: [404] },
    );
  }
}

/** Tasks that copy into one of these indexes now. */
async function copiesInto(driver: Driver, into: readonly string[]): Promise<string[]> {
  const { nodes = {} } = await driver.ask<{ nodes?: Record<string, { tasks: Record<string, Task> }> }>({
    method: "GET",
    path: "/_tasks",
    query: { actions: "indices:data/write/reindex", detailed: true },
  });
  return Object.values(nodes)
    .flatMap(({ tasks }) => Object.entries(tasks))
    .filter(([, { description }]) => into.some((index) => description.endsWith(` to [${index}]`)))
    .map(([task]) => task);
}

interface Task {
  readonly description: string;
}
