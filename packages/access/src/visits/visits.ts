import { hash } from "node:crypto";
import {
  MillraceError,
  timePrefix,
  type RandomBytes,
  mintId,
  type Visit,
  type VisitAnswer,
  type VisitLookup,
  type Visits,
  type VisitTouch,
} from "@millrace/core";
import { advance, begin, runsAt, visitOf, type VisitRecord } from "./record.ts";
import type { VisitTable } from "./table.ts";

/** Every lost race means that another request of this visitor got on. */
const MAX_ATTEMPTS = 50;
/** From yesterday's id to today's to that of a person: a visit moves no further in its life, but a chain made on purpose may. */
const MAX_MOVES = 4;
const VISIT_ID_BYTES = 10;

/**
 * Visits in a table, one record per visitor id, changed only by conditional writes: two requests at once never get the same page
 * number. A visit that goes on under another id moves there, and leaves a pointer behind for what comes late.
 * @throws from `touch`, what the table throws, and MillraceError `ServiceUnavailable` after too many lost races. The caller
 * then starts a new visit: an event is never lost for its visit's sake.
 */
export function createVisits({ table, random }: { table: VisitTable; random: RandomBytes }): Visits {
  /** The record at which this id's visit runs, if it does: its own, or the one it has moved to. */
  async function follow(visitor: string, lookup: VisitLookup, first?: VisitRecord): Promise<Found | undefined> {
    let at = visitor;
    let record = first ?? (await table.read(lookup.project, at));
    for (let moves = 0; record?.moved !== undefined; moves++) {
      if (moves === MAX_MOVES) return undefined;
      at = record.moved;
      record = await table.read(lookup.project, at);
    }
    return record && runsAt(record, lookup) ? { visitor: at, record } : undefined;
  }

  /** The visit to go on with under another id. What runs there may be another person's: an office shares address and browser. */
  async function former(lookup: VisitLookup): Promise<Found | undefined> {
    for (const visitor of lookup.visitors.slice(1)) {
      const found = await follow(visitor, lookup);
      if (found && isSamePerson(found.record, lookup)) return found;
    }
    return undefined;
  }

  /** Leaves a pointer at another id. If that fails, what comes late under it begins a visit of its own. */
  async function point(project: string, from: string, to: string, record: VisitRecord | undefined, copy: VisitRecord) {
    if (from === to) return;
    await table.write(project, from, { ...(record ?? copy), version: (record?.version ?? 0) + 1, moved: to });
  }

  async function attempt(touch: VisitTouch): Promise<VisitAnswer | undefined> {
    const { project, visitors } = touch;
    const [own, ...others] = visitors;
    const id = mintId(touch.from, random(VISIT_ID_BYTES));
    const tried = await table.proceed(own, touch, others.length === 0 ? begin(touch, id, 0) : undefined);
    if (tried.done) return answerOf(tried.record, touch);
    const { before } = tried;
    const running = before && (await follow(own, touch, before));
    if (running) return goOn(running.visitor, running.record, touch);
    if (before && before.moved === undefined && touch.to < before.first) return late(touch);

    const version = before?.version ?? 0;
    const found = await former(touch);
    const { record, pages } = advance({ ...(found?.record ?? begin(touch, id, version)), version }, touch);
    if (!(await table.write(project, own, record))) return undefined;
    if (found) await point(project, found.visitor, own, found.record, record);
    // Whoever logs out goes on under the id that the browser has without a person.
    else if (touch.person !== undefined && others[0] !== undefined) {
      await point(project, others[0], own, await table.read(project, others[0]), record);
    }
    return { visit: visitOf(record), pages };
  }

  /** Continues a visit out of the ordinary: with page views that are known, out of order, or under another id. */
  async function goOn(visitor: string, before: VisitRecord, touch: VisitTouch): Promise<VisitAnswer | undefined> {
    const { record, pages } = advance(before, touch);
    const nothingNew = record.pages === before.pages && record.last === before.last && record.first === before.first;
    if (nothingNew || (await table.write(touch.project, visitor, record))) return { visit: visitOf(record), pages };
    return undefined;
  }

  return {
    async touch(touch) {
      for (let tries = 0; tries < MAX_ATTEMPTS; tries++) {
        const answer = await attempt(touch);
        if (answer) return answer;
      }
      throw new MillraceError("ServiceUnavailable", "Too many requests of one visitor at once. Try again.");
    },
    async running(lookup): Promise<Visit | undefined> {
      const found = (await follow(lookup.visitors[0], lookup)) ?? (await former(lookup));
      return found && visitOf(found.record);
    },
  };
}

interface Found {
  readonly visitor: string;
  readonly record: VisitRecord;
}

function isSamePerson(record: VisitRecord, { person }: VisitLookup): boolean {
  return record.person === undefined || person === undefined || record.person === person;
}

/** Views of an ordinary touch are the last ones counted. */
function answerOf(record: VisitRecord, { pageViews }: VisitTouch): VisitAnswer {
  const first = record.pages - pageViews.length + 1;
  return { visit: visitOf(record), pages: pageViews.map((_, index) => first + index) };
}

/**
 * Late events of a visit that is over: they get one of their own and must not end the visit that runs now. Its id is made of what
 * comes again with every retry.
 */
function late({ project, visitors, from, pageViews, entry, person }: VisitTouch): VisitAnswer {
  const digest = hash("sha256", JSON.stringify([project, visitors[0], from, pageViews]));
  const id = timePrefix(from) + digest.slice(0, 20);
  return {
    visit: { id, ...(person !== undefined && { person }), entry },
    pages: pageViews.map((_, index) => index + 1),
  };
}
