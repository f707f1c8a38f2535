import {
  readDeletion,
  type Access,
  type Actor,
  type Collecting,
  type Deletions,
  type Principal,
  type ProjectAdministration,
} from "@millrace/access";
import { isoUtc, MillraceError, type Clock, type EventEraser, type JsonObject, type Queue } from "@millrace/core";
import type { MendName } from "./commands.ts";
import { NUMBERS, SAYS } from "./says.ts";

/** A sum of what was found or done; of a command that is asked page by page the pages add up. */
interface Figure {
  readonly label: string;
  readonly value: number;
}

interface DeedOutcome {
  readonly said: string;
  readonly numbers: readonly Figure[];
  /** Where the next request goes on; absent: it is at its end. */
  readonly after?: string | undefined;
}

/** What was asked of a command. */
interface DeedAsked {
  readonly given: Readonly<Record<string, string | undefined>>;
  /** False: says what it would do. */
  readonly isMeant: boolean;
  readonly after: string | undefined;
  readonly who: Principal;
  /** The public API in this process, asked in their name, for what it does already. */
  readonly ask: (path: string, body: object) => Promise<Response>;
}

export type Deed = (asked: DeedAsked) => Promise<DeedOutcome>;

/** What commands work with; what is absent cannot be done here. */
export interface DeedParts {
  readonly access: Pick<Access, "projects" | "audit">;
  readonly clock: Clock;
  readonly administration?: Pick<ProjectAdministration, "change">;
  /** Where the poller looks at it. */
  readonly collecting?: Collecting;
  readonly queue: Pick<Queue, "stats">;
  /** The dead letters of a project, or of all. Absent: the queue keeps its own, out of our reach. */
  readonly deadLetters?: {
    count(project: string | undefined): Promise<number>;
    redrive(project: string | undefined): Promise<number>;
  };
  readonly store: Pick<EventEraser, "countWhere">;
  readonly deletions: Pick<Deletions, "delete">;
  /** Of a deletion that is asked for, milliseconds; what there is no time for is deleted by the upkeep. Default: as long as it takes. */
  readonly deletionMs?: number;
}

/** Each command that can be done with these parts, by its name. */
export function deedsOf(parts: DeedParts): ReadonlyMap<MendName, Deed> {
  const { administration, collecting, deadLetters } = parts;
  const deeds: [MendName, Deed | undefined][] = [
    ["throttle", administration && throttle(parts, administration)],
    ["pause", collecting && pause(parts, collecting)],
    ["resume", collecting && resume(parts, collecting)],
    ["drain", collecting && drain(parts)],
    ["redrive", deadLetters && redrive(parts, deadLetters)],
    ["replay-rejected", replayRejected()],
    ["erase", erase(parts)],
  ];
  return new Map(deeds.flatMap(([name, deed]) => (deed ? [[name, deed] as const] : [])));
}

const ANY = "as many requests as come";

function throttle({ access }: DeedParts, administration: Pick<ProjectAdministration, "change">): Deed {
  return async ({ given: { project: id = "", rate = "" }, isMeant, who }) => {
    const limit = rate === "off" ? null : Number(rate);
    if (limit !== null && !(rate.trim() !== "" && Number.isFinite(limit) && limit >= 0))
      throw new MillraceError("InvalidParameterError", 'rate must be a number, not below 0, or "off".');
    const project = await access.projects.get(id);
    if (!project) throw new MillraceError("ResourceNotFoundError", "There is no such project.");
    const text = (rateNow: number | null | undefined) =>
      rateNow === null || rateNow === undefined ? ANY : `${rateNow} requests a second`;
    const before = text(project.requestsPerSecond);
    if (before === text(limit)) return { said: `${project.name} records ${before} already.`, numbers: [] };
    if (!isMeant) return { said: `${project.name} records ${before}; it would be ${text(limit)}.`, numbers: [] };
    const by: Actor = { who };
    await administration.change(by, { project: id, requestsPerSecond: limit });
    return { said: `${project.name} records ${text(limit)}, everywhere within a minute.`, numbers: [] };
  };
}

function pause({ access, queue }: DeedParts, collecting: Collecting): Deed {
  return async ({ isMeant, who }) => {
    const before = await collecting.paused();
    const numbers = await waiting(queue);
    if (before) return { said: `Nothing is collected since ${isoUtc(before.at)} (${before.by}).`, numbers };
    if (!isMeant) return { said: SAYS.wouldPause, numbers };
    await collecting.pause(who.name);
    await access.audit.record({ who, what: "collecting.paused" });
    return { said: SAYS.paused, numbers };
  };
}

function resume({ access, queue }: DeedParts, collecting: Collecting): Deed {
  return async ({ isMeant, who }) => {
    const before = await collecting.paused();
    const numbers = await waiting(queue);
    if (!before) return { said: SAYS.collecting, numbers };
    if (!isMeant)
      return { said: `Paused since ${isoUtc(before.at)} (${before.by}); events would be collected again.`, numbers };
    await collecting.resume();
    await access.audit.record({ who, what: "collecting.resumed" });
    return { said: SAYS.resumed, numbers };
  };
}

function drain({ queue }: DeedParts): Deed {
  return async () => {
    const numbers = await waiting(queue);
    const isEmpty = numbers.every(({ value }) => value === 0);
    return {
      said: isEmpty ? SAYS.empty : SAYS.onTheWay,
      numbers,
      after: isEmpty ? undefined : "now",
    };
  };
}

async function waiting(queue: Pick<Queue, "stats">): Promise<Figure[]> {
  const { visible, inFlight } = await queue.stats();
  return [
    { label: NUMBERS.visible, value: visible },
    { label: NUMBERS.inFlight, value: inFlight },
  ];
}

function redrive({ access }: DeedParts, letters: NonNullable<DeedParts["deadLetters"]>): Deed {
  return async ({ given: { project }, isMeant, who }) => {
    if (!isMeant) {
      const value = await letters.count(project);
      const said = value === 0 ? SAYS.nothing : SAYS.wouldRedrive;
      return { said, numbers: [{ label: NUMBERS.dead, value }] };
    }
    const count = await letters.redrive(project);
    if (count > 0) await access.audit.record({ who, what: "dead-letters.redrive", project, after: { count } });
    const said = count === 0 ? SAYS.nothing : SAYS.redriven;
    return { said, numbers: [{ label: NUMBERS.dead, value: count }] };
  };
}

interface Replayed {
  readonly found: number;
  readonly without_raw: number;
  readonly sent: number;
  readonly after: string | null;
}

/** The API looks at who they are, and keeps the audit. */
function replayRejected(): Deed {
  return async ({ given: { project = "", ...which }, isMeant, after, ask }) => {
    const path = `/3.0/projects/${encodeURIComponent(project)}/rejected/replay`;
    const answer = await ask(path, { ...which, send: isMeant, after });
    const body = (await answer.json()) as Replayed | { readonly error_code: string; readonly message: string };
    if ("error_code" in body) throw new MillraceError(body.error_code as MillraceError["code"], body.message);
    const numbers = [
      { label: NUMBERS.rejected, value: body.found },
      { label: NUMBERS.withoutRaw, value: body.without_raw },
      { label: NUMBERS.sent, value: body.sent },
    ];
    const going = isMeant ? SAYS.replayed : SAYS.wouldReplay;
    const said = body.found === 0 ? SAYS.nothing : going;
    return { said, numbers, after: body.after ?? undefined };
  };
}

function erase({ access, store, deletions, clock, deletionMs }: DeedParts): Deed {
  return async ({ given: { project = "", ...asked }, isMeant, who }) => {
    if (Object.values(asked).every((each) => each === undefined))
      throw new MillraceError("InvalidParameterError", 'erase needs a visitor, a collection, "from" or "to".');
    const now = clock.now();
    const where = await readDeletion(access.projects, { project, ...asked }, now);
    const label = NUMBERS.events;
    if (!isMeant) {
      const value = await store.countWhere(where);
      const said = value === 0 ? SAYS.noneStored : SAYS.wouldErase;
      return { said, numbers: [{ label, value }] };
    }
    const options = deletionMs === undefined ? {} : { deadline: now + deletionMs };
    const { events, complete } = await deletions.delete(where, options);
    const after = JSON.parse(JSON.stringify({ ...asked, deleted: events, complete })) as JsonObject;
    await access.audit.record({ who, what: "events.delete", project, after });
    const said = complete ? SAYS.erased : SAYS.erasing;
    return { said, numbers: [{ label, value: events }] };
  };
}
