import {
  currentExecution,
  mintId,
  span,
  TIME_BUDGETS,
  VISIT_TIMEOUT_MS,
  within,
  type PackedEvent,
  type SharedContext,
  type Visit,
  type VisitAnswer,
  type VisitEntry,
  type VisitLookup,
  type VisitTouch,
} from "@millrace/core";
import type { IngestDeps } from "../deps.ts";
import type { VisitorAt } from "./visitor.ts";

/** Whose events they are, and what is known of where they happened. */
export interface Visiting {
  readonly project: string;
  /** The id that the browser has without a person. */
  readonly browser: VisitorAt;
  /** The id of an identified visitor. */
  readonly person: string | undefined;
  readonly pages: readonly SharedContext[];
  /** The page before the document was loaded, reduced. */
  readonly referrer: string | undefined;
  /** True for a server that tells of a visitor: its events are told which visit runs, and neither begin nor prolong one. */
  readonly follows?: boolean;
}

/** The collection whose events are page views of a visit. */
const PAGE_VIEWS = "pageviews";
const VISIT_ID_BYTES = 10;
/** Of the silences in one request (a laptop that was offline for days). Whoever makes up more shall not cost more. */
const MAX_RUNS = 4;

/** Events of one request without half an hour of silence between them, in the order they happened. */
interface Run {
  readonly events: PackedEvent[];
  /** First and last sign of presence, milliseconds UTC. */
  from: number;
  to: number;
}

/**
 * Gives the events of one browser and one request their visitor and the visit they belong to, and numbers the page views among
 * them. Only page views and engaged time begin or prolong a visit; other events are told which one runs, if one does.
 * @param shared what others share already; more is added behind it
 * @returns what the events of each visit share, at the place that they name
 */
export async function joinVisits(
  deps: Pick<IngestDeps, "visits" | "random">,
  visiting: Visiting,
  events: readonly PackedEvent[],
  shared: SharedContext[] = [],
): Promise<SharedContext[]> {
  const runs = runsOf(events);
  for (const [index, run] of runs.entries()) {
    const views = run.events.filter(({ collection }) => collection === PAGE_VIEWS);
    const lookup = await lookupOf(visiting, run);
    const answer = lookup && (await visitOf(deps, lookup, run, views, visiting, index >= runs.length - MAX_RUNS));
    if (answer) {
      const { id, entry } = answer.visit;
      const place = shared.push({ context: { visit_id: id }, raw: { visit: entry } }) - 1;
      for (const event of run.events) event.visit = place;
      for (const [at, view] of views.entries())
        view.context = { ...view.context, visit_page: answer.pages[at] ?? null };
    }
    for (const event of run.events) {
      const visitor = await visitorOf(visiting, event, answer?.visit);
      if (visitor !== undefined) event.context = { ...event.context, visitor };
    }
  }
  return shared;
}

/**
 * A visit is one visitor from its beginning to its end, but for the day: who logs in goes on as the visitor that came, and who logs
 * out as the one that was logged in.
 */
async function visitorOf(
  { browser, person }: Visiting,
  { timestamp }: PackedEvent,
  visit: Visit | undefined,
): Promise<string | undefined> {
  if (visit) return visit.person ?? (await browser(timestamp)) ?? person;
  return person ?? browser(timestamp);
}

/** Whom to ask for. At midnight the browser's id is another: the visit that runs may still be kept under the one of the day before. */
async function lookupOf({ project, browser, person }: Visiting, { from, to }: Run): Promise<VisitLookup | undefined> {
  const ids = [person, await browser(to), await browser(from - VISIT_TIMEOUT_MS)];
  const [own, ...others] = new Set(ids.filter((id) => id !== undefined));
  if (own === undefined) return undefined;
  return { project, visitors: [own, ...others], ...(person !== undefined && { person }), from, to };
}

async function visitOf(
  deps: Pick<IngestDeps, "visits" | "random">,
  lookup: VisitLookup,
  run: Run,
  views: readonly PackedEvent[],
  visiting: Visiting,
  ask: boolean,
): Promise<VisitAnswer | undefined> {
  const present = !visiting.follows && (views.length > 0 || run.events.some((event) => engagedMs(event) > 0));
  if (!present) return ask ? runningOrNone(deps, lookup) : undefined;
  const touch = { ...lookup, pageViews: views.map(({ id }) => id), entry: entryOf(run, visiting) };
  return ask ? touchOrNew(deps, touch) : newVisit(deps, touch);
}

/** When the visit port fails, or says nothing in time: a wrong visit can be lived with, a lost or late event cannot. */
async function touchOrNew(deps: Pick<IngestDeps, "visits" | "random">, touch: VisitTouch): Promise<VisitAnswer> {
  try {
    return await asked("touch", touch.pageViews.length, () => deps.visits.touch(touch));
  } catch {
    currentExecution()?.label("visit.unknown", true);
    return newVisit(deps, touch);
  }
}

function newVisit({ random }: Pick<IngestDeps, "random">, { from, pageViews, entry, person }: VisitTouch): VisitAnswer {
  const id = mintId(from, random(VISIT_ID_BYTES));
  return {
    visit: { id, entry, ...(person !== undefined && { person }) },
    pages: pageViews.map((_, index) => index + 1),
  };
}

async function runningOrNone(
  { visits }: Pick<IngestDeps, "visits">,
  lookup: VisitLookup,
): Promise<VisitAnswer | undefined> {
  try {
    const visit = await asked("running", 0, () => visits.running(lookup));
    return visit && { visit, pages: [] };
  } catch {
    currentExecution()?.label("visit.unknown", true);
    return undefined;
  }
}

function asked<T>(what: string, pages: number, work: () => Promise<T>): Promise<T> {
  return span(`visits.${what}`, { pages }, () => within(TIME_BUDGETS.visits, "The registry", work));
}

function entryOf({ events }: Run, { pages, referrer }: Visiting): VisitEntry {
  const first = events.find(({ page }) => page !== undefined);
  const page = first?.page === undefined ? undefined : pages[first.page];
  const { url, referrer: before = referrer } = { ...page?.raw, ...first?.raw };
  return { ...(url !== undefined && { url }), ...(before !== undefined && { referrer: before }) };
}

function runsOf(events: readonly PackedEvent[]): Run[] {
  const runs: Run[] = [];
  for (const event of events.toSorted((a, b) => a.timestamp - b.timestamp)) {
    const from = event.timestamp - engagedMs(event);
    const run = runs.at(-1);
    if (run && from - run.to <= VISIT_TIMEOUT_MS) {
      run.events.push(event);
      run.from = Math.min(run.from, from);
      run.to = event.timestamp;
    } else runs.push({ events: [event], from, to: event.timestamp });
  }
  return runs;
}

function engagedMs({ context }: PackedEvent): number {
  return context?.engaged_ms ?? 0;
}
