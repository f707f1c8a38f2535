import { isAllowedOrigin, type Grant, type Project } from "@millrace/access";
import {
  ahead,
  asMillraceError,
  currentExecution,
  inOneTurn,
  inStints,
  LOST,
  MillraceError,
  NO_VISITOR,
} from "@millrace/core";
import type { Context, Handler } from "hono";
import type { IngestDeps } from "../deps.ts";

/** One request that wants to record, from its first line to its answer. */
export interface Recording {
  readonly c: Context;
  /** Milliseconds UTC. */
  readonly receivedAt: number;
  /** Counts a refusal that the caller is told of in some other way than by an error answer. */
  refuse(error: MillraceError): void;
  /** Counts events that their sender gave up before this request. Call it once the request is accepted: a refused one comes again. */
  lose(events: number): void;
  /** Counts events that nobody's visitor id could be made for. Call it once the request is accepted: a refused one comes again. */
  missVisitors(events: number): void;
  /** Does work that others of this thread wait for, at the project's expense. */
  spend<T>(work: () => T): T;
  /** As {@link spend}, for work on so many characters: in a turn of its own where they are many. */
  spendTurn<T>(characters: number, work: () => T): Promise<T>;
  /** As {@link spend} for each of many items, with turns of others between them. */
  spendOn<T>(items: Iterable<T>, work: (item: T) => void): Promise<void>;
  /**
   * Resolves when the project has time to spend, too.
   * @throws MillraceError as {@link import("@millrace/access").Access.authenticate}, and as {@link import("@millrace/core").Rests.turn}
   */
  authenticate(key: string | undefined): Promise<Grant>;
  authenticateWriteKey(key: string): Promise<Grant>;
}

/** A handler whose every failure is counted by project and reason before it is answered. */
export function recording(deps: IngestDeps, work: (request: Recording) => Promise<Response>): Handler {
  const { access, clock, refusals, rates, months, rests } = deps;
  /** What a project's settings say of a request before anything of it is read. */
  const admit = async (its: Project, c: Context): Promise<void> => {
    demandOrigin(its, c.req.header("origin"));
    if (its.requestsPerSecond !== undefined) await rates.take(its.id, its.requestsPerSecond);
    if (await months.isOver(its)) currentExecution()?.label("quota", "over");
  };
  return async (c) => {
    const receivedAt = clock.now();
    let project: string | undefined;
    const refuse = (error: MillraceError) => {
      const events = Number(error.context["events"] ?? 1);
      refusals.count({ project, reason: error.code, events, at: receivedAt });
    };
    const countBeside = (reason: typeof LOST | typeof NO_VISITOR, events: number) => {
      if (events > 0) refusals.count({ project, reason, events, at: receivedAt });
    };
    /** What was spent before it was known at whose expense. */
    let unpaidMs = 0;
    let endTurn: (() => void) | undefined;
    const pay = (ms: number) => {
      if (project === undefined) unpaidMs += ms;
      else rests?.charge(project, ms);
    };
    const startTurn = async (its: string) => {
      pay(unpaidMs);
      endTurn = await rests?.turn(its);
    };
    const request: Recording = {
      c,
      receivedAt,
      refuse,
      spend(work) {
        if (!rests) return work();
        const began = usedMs();
        try {
          return work();
        } finally {
          pay(usedMs() - began);
        }
      },
      spendTurn: (characters, work) => inOneTurn(characters, () => request.spend(work)),
      spendOn: (items, work) => inStints(items, work, { onStint: pay, now: usedMs }),
      lose: (events) => countBeside(LOST, events),
      missVisitors: (events) => countBeside(NO_VISITOR, events),
      async authenticate(key) {
        const projectId = c.req.param("project") ?? "";
        try {
          const grant = await access.authenticate(projectId, key, "write");
          project = projectId;
          await admit(grant.project, c);
          await startTurn(projectId);
          return grant;
        } catch (thrown) {
          // A wrong key is found wrong only in a project that exists, and its owner should see it.
          if (asMillraceError(thrown).code === "InvalidApiKeyError") project = projectId;
          throw thrown;
        }
      },
      async authenticateWriteKey(key) {
        const grant = await access.authenticateWriteKey(key);
        project = grant.project.id;
        await admit(grant.project, c);
        await startTurn(project);
        return grant;
      },
    };
    const isLight = () => project !== undefined && rests?.isLight(project) === true;
    try {
      return await ahead(() => work(request), isLight);
    } catch (thrown) {
      refuse(asMillraceError(thrown));
      throw thrown;
    } finally {
      endTurn?.();
    }
  };
}

/** What this thread has used of a processor, milliseconds: on a busy machine nobody pays for the time of others. */
function usedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function demandOrigin(project: Project, origin: string | undefined): void {
  if (isAllowedOrigin(project, origin)) return;
  throw new MillraceError(
    "NotPermitted",
    `Pages of ${origin} may not record in this project: its settings name the origins that may.`,
  );
}
