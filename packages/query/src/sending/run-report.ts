import { ownGrant, type Grant, type Project } from "@millrace/access";
import { MillraceError, parseZone, type JsonObject, type Zone } from "@millrace/core";
import {
  beginTelling,
  deliver,
  nextTime,
  periodOf,
  reportMail,
  reportSlack,
  sendTo,
  type KeptStanding,
  type News,
  type Report,
  type ReportContent,
  type ReportPeriod,
  type Standing,
  type Target,
  type Telling,
  type Timing,
} from "@millrace/ops";
import { runBatch } from "../answer/run-batch.ts";
import { parseFilters } from "../parse/parse-filters.ts";
import type { Engine } from "../share/engine.ts";
import { reportContent, type Words } from "./report-content.ts";
import { reportQuestion } from "./report-question.ts";
import { AGAIN_MS, dashboardLink, ended, forget, unsubscribeLink, type SendingDeps, type Turn } from "./turn.ts";

/** A report of the day before yesterday is of no use to anybody. */
const GIVE_UP_MS = 24 * 3_600_000;

/** The report of a project that is due, for all it goes to. */
export async function runReport(deps: SendingDeps, turn: Turn): Promise<Standing | undefined> {
  const { project, kept } = turn;
  const { subject } = kept.standing;
  const report = await deps.sending.reports.get(project.id, subject.name);
  if (!report) return forget(deps, turn);
  const timezone = report.timezone ?? project.timezone;
  const every = report.every === "daily" ? "Daily" : "Weekly";
  return sendReport(deps, turn, {
    timing: report,
    timezone,
    grant: grantOf(project, report),
    targets: report.to,
    words: (period) => ({
      heading: project.name,
      title: report.filters ? `${every} report “${report.name}”` : `${every} report`,
      locale: "en-GB",
      timezone,
      link: dashboardLink(deps.publicUrl(), project, period),
    }),
    footer: `This ${report.every} report of the project ${project.name} was set up to be sent to you.${report.filters ? " It counts what passes its filters alone." : ""}`,
  });
}

function grantOf(project: Project, { filters }: Report): Grant {
  return { ...ownGrant(project), ...(filters && { queryFilter: parseFilters([...filters]) }) };
}

/** What is sent, to whom, and under what rights it is asked. */
export interface ReportJob {
  readonly timing: Timing;
  readonly timezone: string;
  readonly grant: Grant;
  readonly targets: readonly Target[];
  readonly words: (period: ReportPeriod) => Words;
  /** Why somebody gets it. */
  readonly footer: string;
}

/** Makes the report of one time and tells everybody who was not told yet. */
export async function sendReport(deps: SendingDeps, turn: Turn, job: ReportJob): Promise<Standing> {
  const { clock } = deps;
  const { project, kept, engine } = turn;
  const { standing } = kept;
  const zone = parseZone(job.timezone);
  const now = clock.now();
  const telling = standing.telling ?? begun(job.timing, zone, standing.dueAt, now);
  const next = nextTime(job.timing, zone, telling.about);
  if (standing.telling && now >= Math.min(telling.giveUpAt, next)) {
    const message = `It was not told in time. ${telling.missing.join(" ")}`.trim();
    return ended(deps, project.id, kept, {
      subject: standing.subject,
      lastRun: { at: now, ok: false, message },
      dueAt: next,
      ...untilOf(standing),
    });
  }
  let content: ReportContent;
  try {
    const period = periodOf(job.timing, zone, telling.about);
    content = await ask(deps, { grant: job.grant, engine, period, words: job.words(period) });
  } catch (thrown) {
    if (!(thrown instanceof MillraceError) || !thrown.retry) throw thrown;
    const late = { ...telling, tries: telling.tries + 1, missing: [thrown.message] };
    return ended(deps, project.id, kept, { ...standing, telling: late, dueAt: now + AGAIN_MS });
  }
  const news = newsOf(content, job.footer, project.id);
  const send = (target: Target) => sendTo(deps.ways, target, news, (address) => unsubscribeLink(deps, turn, address));
  const told = await deliver(
    { standings: deps.sending.standings, clock },
    { project: project.id, kept, telling, targets: job.targets, send, deadline: turn.deadline },
  );
  return finish(deps, project.id, told, next);
}

/** Of several times that have passed the newest: nobody wants five reports at once because a server was off for a week. */
function begun(timing: Timing, zone: Zone, dueAt: number, now: number): Telling {
  let about = dueAt;
  for (let later = nextTime(timing, zone, about); later <= now; later = nextTime(timing, zone, later)) about = later;
  return beginTelling(about, now + GIVE_UP_MS);
}

interface Asked {
  readonly grant: Grant;
  readonly engine: Engine;
  readonly period: ReportPeriod;
  readonly words: Words;
}

/** @throws MillraceError for a question that cannot be answered */
async function ask(deps: SendingDeps, { grant, engine, period, words }: Asked): Promise<ReportContent> {
  const view = await deps.catalogue.view(grant.project.id, grant.embed?.collections ?? []);
  const question = reportQuestion(grant, view, period);
  const request = { grant, engine, now: deps.clock.now(), report: () => {} };
  const answered = question && (await runBatch(deps, { ...request, raw: { queries: question.queries } }));
  return reportContent(question, (answered?.["result"] ?? {}) as JsonObject, period, words);
}

function newsOf(content: ReportContent, footer: string, project: string): News {
  return {
    slack: () => reportSlack(content),
    json: () => ({ kind: "report", project, ...content }),
    mail: (unsubscribe) => reportMail(content, footer, unsubscribe),
  };
}

interface Told {
  readonly kept: KeptStanding;
  readonly telling: Telling;
  readonly againAt: number | undefined;
}

function finish(deps: SendingDeps, project: string, { kept, telling, againAt }: Told, next: number): Promise<Standing> {
  const { standing } = kept;
  if (againAt !== undefined) return ended(deps, project, kept, { ...standing, telling, dueAt: againAt });
  const lastRun = { at: deps.clock.now(), ok: telling.refused.length === 0, message: telling.refused.join(" ") };
  return ended(deps, project, kept, { subject: standing.subject, lastRun, dueAt: next, ...untilOf(standing) });
}

function untilOf({ until }: Standing): Pick<Standing, "until"> {
  return until === undefined ? {} : { until };
}
