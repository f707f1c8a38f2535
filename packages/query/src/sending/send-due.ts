import type { Project } from "@millrace/access";
import { asMillraceError, currentExecution, sideBySide } from "@millrace/core";
import { isInTrouble, LEASE_MS, Overtaken, type KeptStanding, type Standing } from "@millrace/ops";
import { openEngine } from "../share/engine.ts";
import { takeTurns, type Lane } from "../share/turns.ts";
import { runReport } from "./run-report.ts";
import { runSubscription } from "./run-subscription.ts";
import { runWatch } from "./run-watch.ts";
import { AGAIN_MS, ended, type SendingDeps, type Turn } from "./turn.ts";

interface SendOptions {
  readonly deadline: number;
  readonly signal?: AbortSignal;
}

/** What a run came to. */
interface Sent {
  /** Looked at and done, whether there was something to tell or not. */
  readonly done: number;
  /** Not told, or not to everybody, and it will not be tried again. */
  readonly failed: number;
  /** Waiting for a receiver or the store for half an hour and longer. */
  readonly late: number;
  /** Due, and left for the next run. */
  readonly left: number;
}

/** Projects that are worked for side by side, of each one thing at a time. */
const AT_ONCE = 4;
const READ_AT_ONCE = 32;
const DAY_MS = 24 * 3_600_000;
/** Of the questions of one report, milliseconds. */
const EACH_MS = 25_000;

/**
 * Sends what is due of the projects' reports and watches. Each is claimed by one conditional write, so that of several runs one sends; the claim
 * of a run that died ends after {@link LEASE_MS}. Projects take turns, each with what waits longest first.
 */
export async function sendDue(
  deps: SendingDeps,
  projects: readonly Project[],
  { deadline, signal = new AbortController().signal }: SendOptions,
): Promise<Sent> {
  const lanes = await dueOf(deps, projects);
  const sum = { done: 0, failed: 0, late: 0 };
  const over = () => signal.aborted || deps.clock.now() >= deadline;
  await takeTurns(lanes, { atOnce: AT_ONCE, over }, async (lane, due) => {
    const now = await runOne(deps, lane.project, due, { deadline, signal });
    if (!now) return;
    sum.done += 1;
    if (now.lastRun?.ok === false && now.lastRun.at !== due.standing.lastRun?.at) sum.failed += 1;
    else if (isInTrouble(now)) sum.late += 1;
  });
  return { ...sum, left: lanes.reduce((left, { due }) => left + due.length, 0) };
}

interface DueOfProject extends Lane<KeptStanding> {
  readonly project: Project;
}

async function dueOf({ sending, clock }: SendingDeps, projects: readonly Project[]): Promise<DueOfProject[]> {
  const lanes: DueOfProject[] = [];
  const running = projects.filter(({ archivedAt }) => archivedAt === undefined);
  await sideBySide(running, READ_AT_ONCE, async (project) => {
    const all = await sending.standings.list(project.id);
    const due = all
      .filter(({ standing }) => standing.dueAt <= clock.now())
      .sort((a, b) => a.standing.dueAt - b.standing.dueAt);
    if (due.length > 0) lanes.push({ project, due, stopped: false });
  });
  return lanes;
}

/** @returns how it stands afterwards; undefined where somebody else has it, or it is gone */
async function runOne(
  deps: SendingDeps,
  project: Project,
  { standing, version }: KeptStanding,
  { deadline, signal }: Required<SendOptions>,
): Promise<Standing | undefined> {
  const { clock, sending } = deps;
  const claimed = await sending.standings.change(project.id, { ...standing, dueAt: clock.now() + LEASE_MS }, version);
  if (!claimed) return undefined;
  // When it was due: the claim has its own time in its place.
  const kept = { ...claimed, standing: { ...claimed.standing, dueAt: standing.dueAt } };
  const engine = openEngine(deps, { project, signal, timeoutMs: EACH_MS });
  try {
    return await run(deps, { project, kept, engine, deadline });
  } catch (thrown) {
    if (thrown instanceof Overtaken) return undefined;
    currentExecution()?.label("sending.error", String(thrown));
    // Whatever was told meanwhile is written down. What cannot be asked will not be in ten minutes either.
    const latest = await sending.standings.get(project.id, standing.subject);
    if (!latest) return undefined;
    const error = asMillraceError(thrown);
    const lastRun = { at: clock.now(), ok: false, message: error.message };
    return ended(deps, project.id, latest, {
      ...latest.standing,
      lastRun,
      dueAt: clock.now() + (error.retry ? AGAIN_MS : DAY_MS),
    });
  } finally {
    await engine.close();
  }
}

function run(deps: SendingDeps, turn: Turn): Promise<Standing | undefined> {
  switch (turn.kept.standing.subject.kind) {
    case "report":
      return runReport(deps, turn);
    case "watch":
      return runWatch(deps, turn);
    case "subscription":
      return runSubscription(deps, turn);
  }
}
