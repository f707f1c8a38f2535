import { ownGrant, type Project } from "@millrace/access";
import { asMillraceError, sideBySide, type MillraceError } from "@millrace/core";
import type { QueryParts } from "../../deps.ts";
import { openEngine, type EngineDeps } from "../../share/engine.ts";
import { takeTurns, type Lane } from "../../share/turns.ts";
import { computeKept, dueAfterMs } from "./answer-kept.ts";
import { datasetQuestion, savedQuestion, type KeptQuestion, type Subject } from "./kept-question.ts";
import type { Run, Scheduled } from "./schedule.ts";

/** Most answers of one run. */
const MOST = 2_000;
/** Projects whose answers are computed side by side, of each one at a time. */
const AT_ONCE = 4;
/** Projects whose schedules are read side by side. */
const READ_AT_ONCE = 32;
/** Of one answer, milliseconds. */
const EACH_MS = 25_000;

export type RefreshDeps = Pick<QueryParts, "catalogue" | "clock" | "stored"> & EngineDeps;

export interface RefreshOptions {
  /** Nothing is begun after it, milliseconds UTC. */
  readonly deadline: number;
  readonly signal?: AbortSignal;
  /** Most answers of this run. Default {@link MOST}. */
  readonly most?: number;
}

/** What a run came to. */
export interface Refreshed {
  readonly answers: number;
  readonly failed: number;
  /** Due, and left for the next run. */
  readonly left: number;
}

/**
 * Computes anew what is due of the projects' kept answers, before anybody gets one that is older than was promised. Projects take
 * turns, the one that waits longest first, each with its own oldest: however much one has due, every other gets as many turns. What it
 * costs is paid from each project's own share; one that has used up its share waits for the next run.
 */
export async function refreshAnswers(
  deps: RefreshDeps,
  projects: readonly Project[],
  { deadline, signal = new AbortController().signal, most = MOST }: RefreshOptions,
): Promise<Refreshed> {
  const lanes = await dueOf(deps, projects);
  const sum = { answers: 0, failed: 0 };
  const over = (): boolean => signal.aborted || deps.clock.now() >= deadline || sum.answers + sum.failed >= most;
  await takeTurns(lanes, { atOnce: AT_ONCE, over }, async (lane, next) => {
    const outcome = await refreshOne(deps, lane.project, next, signal);
    if (outcome === "answered") sum.answers += 1;
    else if (outcome !== "gone") sum.failed += 1;
    // Its share is used up, or the store is away: more of it would come to the same.
    lane.stopped = outcome === "stopped";
  });
  return { ...sum, left: lanes.reduce((left, { due }) => left + due.length, 0) };
}

/** What one project has due, oldest first. */
interface DueOfProject extends Lane<Scheduled> {
  readonly project: Project;
}

async function dueOf({ stored, clock }: RefreshDeps, projects: readonly Project[]): Promise<DueOfProject[]> {
  const lanes: DueOfProject[] = [];
  await sideBySide(projects, READ_AT_ONCE, async (project) => {
    const all = await stored.schedule.list(project.id);
    const due = all.filter(({ dueAt }) => dueAt <= clock.now()).sort((a, b) => a.dueAt - b.dueAt);
    if (due.length > 0) lanes.push({ project, due, stopped: false });
  });
  return lanes.sort((a, b) => waits(a) - waits(b));
}

function waits({ due: [first] }: DueOfProject): number {
  return first?.dueAt ?? Infinity;
}

async function refreshOne(
  deps: RefreshDeps,
  project: Project,
  scheduled: Scheduled,
  signal: AbortSignal,
): Promise<"answered" | "failed" | "stopped" | "gone"> {
  const { schedule } = deps.stored;
  const { subject } = scheduled;
  const question = await questionOf(deps, project.id, subject);
  if (!question) {
    await schedule.delete(project.id, subject);
    return "gone";
  }
  const now = deps.clock.now();
  const ended = (run: Omit<Run, "at">, dueAt: number) =>
    schedule.put(project.id, { ...scheduled, dueAt, lastRun: { at: now, ...run } });
  const engine = openEngine(deps, { project, signal, timeoutMs: EACH_MS });
  let message: string;
  try {
    ({ message } = await computeKept(deps, { question, grant: ownGrant(project), engine, now }));
  } catch (thrown) {
    const error = asMillraceError(thrown);
    const own = isItsOwn(error);
    await ended({ status: error.status, message: error.message }, own ? now + dueAfterMs(question) : scheduled.dueAt);
    return own ? "failed" : "stopped";
  } finally {
    await engine.close();
  }
  await ended({ status: 200, message }, now + dueAfterMs(question));
  return "answered";
}

/** A question that cannot be answered, or not in time, is asked again when it is due again; any other failure may be over in the next run. */
function isItsOwn({ status, code }: MillraceError): boolean {
  return code === "QueryTimeout" || (status < 500 && code !== "RateLimitExceeded");
}

/** The definition as it is now; undefined where it is gone, or is answered anew each time. */
async function questionOf(
  { stored }: RefreshDeps,
  project: string,
  subject: Subject,
): Promise<KeptQuestion | undefined> {
  if (subject.kind === "saved") {
    const saved = await stored.saved.get(project, subject.name);
    return saved && saved.refreshRate > 0 ? savedQuestion(saved) : undefined;
  }
  const dataset = await stored.datasets.get(project, subject.name);
  const same = dataset && dataset.indexBy.join("\n") === subject.index.map(([name]) => name).join("\n");
  return same ? datasetQuestion(dataset, subject.index) : undefined;
}
