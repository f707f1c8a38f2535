import { ownGrant, type Project } from "@millrace/access";
import {
  addUnits,
  MillraceError,
  parseZone,
  startOf,
  type JsonObject,
  type TimeRange,
  type Zone,
} from "@millrace/core";
import {
  beginTelling,
  deliver,
  keyOfTarget,
  noticeMail,
  numberText,
  sendTo,
  slackMessage,
  type Alert,
  type Notice,
  type Standing,
  type Target,
  type Watch,
  type WatchState,
} from "@millrace/ops";
import { runQuery } from "../answer/run-query.ts";
import { demandOneNumber } from "./read-sending.ts";
import { AGAIN_MS, dashboardLink, ended, forget, unsubscribeLink, type SendingDeps, type Turn } from "./turn.ts";

/** After an hour is over, until its last events are stored and found: a watch must not cry about what is still on its way. */
const SETTLED_MS = 5 * 60_000;
const GIVE_UP_MS = 24 * 3_600_000;
const ENGLISH = "en-GB";

/** What the newest hour or day that is over showed. */
interface Seen {
  readonly bucket: TimeRange;
  readonly value: number | null;
  /** Of the bucket it is compared with. */
  readonly earlier?: number | null;
  readonly isBad: boolean;
}

/** Looks at the newest hour or day that is over, and tells whoever believes something else. */
export async function runWatch(deps: SendingDeps, turn: Turn): Promise<Standing | undefined> {
  const { project, kept } = turn;
  const { standing } = kept;
  const watch = await deps.sending.watches.get(project.id, standing.subject.name);
  if (!watch) return forget(deps, turn);
  const zone = parseZone(watch.timezone ?? project.timezone);
  const now = deps.clock.now();
  const end = startOf(watch.unit, now - SETTLED_MS, zone);
  const nextAt = addUnits(watch.unit, 1, end, zone) + SETTLED_MS;
  let seen: Seen;
  try {
    seen = await look(deps, turn, { watch, zone, end });
  } catch (thrown) {
    if (!(thrown instanceof MillraceError)) throw thrown;
    // It says nothing of the number: what was told stays true until somebody could look.
    const lastRun = { at: now, ok: false, message: thrown.message };
    return ended(deps, project.id, kept, { ...standing, lastRun, dueAt: thrown.retry ? now + AGAIN_MS : nextAt });
  }
  const before = withTold(standing);
  const state = nextState(before, seen, watch);
  const lastRun = { at: now, ok: true, message: "" };
  const targets = watch.to.filter((target) => believes(state, target) !== state.severity);
  if (targets.length === 0) {
    return ended(deps, project.id, kept, { subject: standing.subject, watch: state, lastRun, dueAt: nextAt });
  }
  const running = standing.telling?.about === state.since ? standing.telling : undefined;
  const telling = running ?? beginTelling(state.since, now + GIVE_UP_MS);
  const notice = noticeOf(project, watch, {
    state,
    before,
    seen,
    link: dashboardLink(deps.publicUrl(), project, seen.bucket),
  });
  const told = await deliver(
    { standings: deps.sending.standings, clock: deps.clock },
    {
      project: project.id,
      kept: { ...kept, standing: { ...standing, watch: state } },
      telling,
      targets,
      deadline: turn.deadline,
      send: (target) => sendNotice(deps, turn, { watch, notice, target }),
    },
  );
  const after = { ...told.kept.standing, telling: told.telling, watch: state };
  const { refused } = told.telling;
  const isOver = told.againAt === undefined || now >= telling.giveUpAt;
  if (!isOver) return ended(deps, project.id, told.kept, { ...after, dueAt: Math.min(told.againAt ?? nextAt, nextAt) });
  const lost = [...refused, ...told.telling.missing];
  return ended(deps, project.id, told.kept, {
    subject: standing.subject,
    watch: withTold(after),
    lastRun: { at: now, ok: lost.length === 0, message: lost.join(" ") },
    dueAt: nextAt,
  });
}

/** What each target was told of until now, the message that is on its way included. */
function withTold({ watch = GOOD, telling }: Pick<Standing, "watch" | "telling">): WatchState {
  if (!telling || telling.about !== watch.since) return watch;
  const told = telling.done.map((key) => [key, watch.severity] as const);
  return { ...watch, told: { ...watch.told, ...Object.fromEntries(told) } };
}

const GOOD: WatchState = { severity: "ok", since: 0, value: null, seenUntil: 0, told: {} };

function believes({ told }: WatchState, target: Target): WatchState["severity"] {
  return told[keyOfTarget(target)] ?? "ok";
}

/** Where nothing can be compared, it stays as it was. */
function nextState(before: WatchState, { bucket, value, isBad }: Seen, { severity: bad }: Watch): WatchState {
  const severity = value === null ? before.severity : isBad ? bad : "ok";
  const since = severity === before.severity ? before.since : bucket.start;
  return { ...before, severity, since, value, seenUntil: bucket.end };
}

async function look(
  deps: SendingDeps,
  { project, engine }: Turn,
  { watch, zone, end }: { readonly watch: Watch; readonly zone: Zone; readonly end: number },
): Promise<Seen> {
  const bucket = { start: addUnits(watch.unit, -1, end, zone), end };
  const { analysis, parameters } = await questionOf(deps, project, watch);
  const ask = async ({ start, end: until }: TimeRange): Promise<number | null> => {
    const timeframe = { start: new Date(start).toISOString(), end: new Date(until).toISOString() };
    const raw = { ...parameters, timeframe };
    const { result } = await runQuery(deps, { analysis, raw, grant: ownGrant(project), engine, now: deps.clock.now() });
    return typeof result === "number" ? result : null;
  };
  const value = await ask(bucket);
  const { alert } = watch;
  if (alert.kind === "value") return { bucket, value, isBad: isBeyond(value, alert.side, alert.than) };
  const earlier = await ask(shifted(bucket, alert.of, zone));
  // Nothing then: there is no share of it, whatever there is now.
  if (!earlier) return { bucket, value: null, earlier, isBad: false };
  return { bucket, value, earlier, isBad: isBeyond(value, alert.side, (earlier * alert.percent) / 100) };
}

const SHIFTS = { previous_hour: "hour", previous_day: "day", previous_week: "week" } as const;

function shifted({ start, end }: TimeRange, of: keyof typeof SHIFTS, zone: Zone): TimeRange {
  return { start: addUnits(SHIFTS[of], -1, start, zone), end: addUnits(SHIFTS[of], -1, end, zone) };
}

function isBeyond(value: number | null, side: Alert["side"], limit: number): boolean {
  if (value === null) return false;
  return side === "below" ? value < limit : value > limit;
}

/** @throws MillraceError for a saved query that is gone, or that has become one of many numbers */
async function questionOf(
  { stored }: SendingDeps,
  project: Project,
  { question }: Watch,
): Promise<{ readonly analysis: string; readonly parameters: JsonObject }> {
  if (question.kind === "own") return question;
  const saved = await stored.saved.get(project.id, question.name);
  if (!saved) throw new MillraceError("ResourceNotFoundError", `The saved query "${question.name}" is gone.`);
  const { timeframe: _, ...parameters } = saved.parameters;
  demandOneNumber(saved.analysis, parameters);
  return { analysis: saved.analysis, parameters };
}

interface News {
  readonly state: WatchState;
  readonly before: WatchState;
  readonly seen: Seen;
  readonly link: string;
}

/** What is told: the number, the limit, of which hour, and where to look. */
function noticeOf(project: Project, watch: Watch, { state, before, seen, link }: News): Notice {
  const { bucket } = seen;
  const lastedMs = before.since === 0 ? undefined : state.since - before.since;
  const since = new Date(bucket.start).toISOString();
  return {
    title: `Watch ${watch.name}`,
    severity: state.severity,
    at: state.since,
    lastedMs,
    facts: factsOf(watch, seen),
    why: `The watch ${watch.name} of the project ${project.name} compares one number ${watch.unit === "hour" ? "each hour" : "each day"}.`,
    todo: "See on the dashboard what changed, and whether events still come in and are stored.",
    command: `npm run ops -- executions --project ${project.id} --failed --from ${since}`,
    link,
  };
}

function factsOf({ alert, unit }: Watch, { bucket, value, earlier }: Seen): string {
  const text = (number: number | null | undefined) =>
    number === null || number === undefined ? "no number" : numberText(number, ENGLISH);
  const when = `in the ${unit} from ${new Date(bucket.start).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  if (alert.kind === "value") return `${text(value)} ${when}; the limit is ${alert.side} ${text(alert.than)}`;
  return `${text(value)} ${when}, ${text(earlier)} the ${SHIFTS[alert.of]} before; the limit is ${alert.side} ${text(alert.percent)} % of that`;
}

function sendNotice(
  deps: SendingDeps,
  turn: Turn,
  { watch, notice, target }: { readonly watch: Watch; readonly notice: Notice; readonly target: Target },
) {
  const { project } = turn;
  const footer = `The watch ${watch.name} of the project ${project.name} was set up to tell you.`;
  const news = {
    slack: () => slackMessage([notice], project.name),
    json: () => ({ kind: "watch", project: project.id, from: project.name, notices: [notice] }),
    mail: (unsubscribe: string | undefined) => noticeMail([notice], project.name, footer, unsubscribe),
  };
  return sendTo(deps.ways, target, news, (address) => unsubscribeLink(deps, turn, address));
}
