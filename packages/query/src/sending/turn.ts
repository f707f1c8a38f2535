import { UPKEEP, type Audit, type EmbedKeys, type Project } from "@millrace/access";
import { dateIn, parseZone, type TimeRange } from "@millrace/core";
import { Overtaken, type KeptStanding, type Sending, type Standing, type Ways } from "@millrace/ops";
import type { QueryParts } from "../deps.ts";
import type { Engine, EngineDeps } from "../share/engine.ts";

/** Until what failed for a reason that may pass is tried again: the next round. */
export const AGAIN_MS = 10 * 60_000;

/** What reports, watches and viewers' own reports are sent with. */
export type SendingDeps = QueryParts &
  EngineDeps & {
    readonly sending: Sending;
    readonly audit: Pick<Audit, "record">;
    readonly embedKeys: Pick<EmbedKeys, "find" | "isRevoked">;
    readonly ways: Ways;
    /** Where people open the dashboard, without a slash at its end. */
    readonly publicUrl: () => string;
  };

/** One thing that is due, claimed by this run. */
export interface Turn {
  readonly project: Project;
  readonly kept: KeptStanding;
  readonly engine: Engine;
  /** Nothing is begun after it, milliseconds UTC. */
  readonly deadline: number;
}

/** Writes down how a turn ended. @throws Overtaken */
export async function ended(
  { sending, audit }: Pick<SendingDeps, "sending" | "audit">,
  project: string,
  { version, standing: before }: KeptStanding,
  standing: Standing,
): Promise<Standing> {
  const kept = await sending.standings.change(project, standing, version);
  if (!kept) throw new Overtaken("It was changed while it was being told.");
  const { lastRun, subject } = standing;
  if (lastRun?.ok === false && lastRun.at !== before.lastRun?.at) {
    const after = { message: lastRun.message };
    await audit.record({ who: UPKEEP, what: `${subject.kind}.fail`, project, target: subject.name, after });
  }
  return standing;
}

/** Of what was deleted since it was scheduled: nobody finds it any more from now on. */
export async function forget({ sending, clock }: SendingDeps, { project, kept }: Turn): Promise<undefined> {
  await sending.standings.change(project.id, { ...kept.standing, until: clock.now() }, kept.version);
  return undefined;
}

/** The address in a mail that ends it. */
export async function unsubscribeLink(deps: SendingDeps, { project, kept }: Turn, address: string): Promise<string> {
  const token = await deps.sending.links.create(project.id, { subject: kept.standing.subject, address });
  return `${deps.publicUrl()}/3.0/unsubscribe/${token}`;
}

/** The dashboard with these days, both inclusive there. */
export function dashboardLink(publicUrl: string, project: Project, { start, end }: TimeRange): string {
  const zone = parseZone(project.timezone);
  const search = new URLSearchParams({
    project: project.id,
    range: "custom",
    from: dateIn(zone, start),
    to: dateIn(zone, end - 1),
  });
  return `${publicUrl}/?${search.toString()}`;
}
