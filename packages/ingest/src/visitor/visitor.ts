import { createHash, createHmac } from "node:crypto";
import type { Project } from "@millrace/access";
import {
  currentExecution,
  mintId,
  span,
  TIME_BUDGETS,
  within,
  type PackedEvent,
  type VisitAnswer,
  type VisitTouch,
} from "@millrace/core";
import type { IngestDeps } from "../deps.ts";

/** What a visitor id is made from. */
export interface Sender {
  /** Whole address (or whatever an import has in its place). */
  readonly address: string;
  readonly userAgent: string;
  /** The instant whose day's salt is used, milliseconds UTC. */
  readonly at: number;
}

const ID_BYTES = 16;
const VISIT_ID_BYTES = 10;

/** The collection whose events are page views of a visit. */
const PAGE_VIEWS = "pageviews";

/**
 * The visitor id of a day: an HMAC, with the day's random salt, of project, address and user agent. Nothing is kept in the browser
 * and, once the salt is gone, nothing leads back. Undefined when the salt cannot be had: the event is worth more than its id.
 */
export async function visitorOf(
  { salts }: Pick<IngestDeps, "salts">,
  project: Project,
  { address, userAgent, at }: Sender,
): Promise<string | undefined> {
  try {
    const salt = await salts.saltAt(project, at);
    const digest = createHmac("sha256", salt)
      .update(JSON.stringify([project.id, address, userAgent]))
      .digest();
    return shortened(digest);
  } catch {
    currentExecution()?.label("visitor.unknown", true);
    return undefined;
  }
}

/** The id of a visitor the site identified, with consent: the same on every day. */
export function identifiedVisitor(project: Project, user: string): string {
  return shortened(
    createHash("sha256")
      .update(JSON.stringify([project.id, user]))
      .digest(),
  );
}

/**
 * Puts the events of one visitor and one request into the visit that runs, and numbers the page views among them. When the visit
 * port fails they get a visit of their own: a wrong visit can be lived with, a lost event cannot.
 */
export async function joinVisit(
  deps: Pick<IngestDeps, "visits" | "random">,
  project: string,
  visitor: string,
  events: readonly PackedEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const views = events.filter((event) => event.collection === PAGE_VIEWS).sort((a, b) => a.timestamp - b.timestamp);
  const at = events.reduce((newest, event) => Math.max(newest, event.timestamp), -Infinity);
  const answer = await touchOrNew(deps, { project, visitor, at, pageViews: views.map((event) => event.id) });
  for (const event of events) event.context = { ...event.context, visit_id: answer.visit };
  for (const [index, view] of views.entries()) {
    view.context = { ...view.context, visit_page: answer.pages[index] ?? null };
  }
}

async function touchOrNew(
  { visits, random }: Pick<IngestDeps, "visits" | "random">,
  touch: VisitTouch,
): Promise<VisitAnswer> {
  try {
    return await span("visits.touch", { pages: touch.pageViews.length }, () =>
      within(TIME_BUDGETS.visits, "The registry", () => visits.touch(touch)),
    );
  } catch {
    currentExecution()?.label("visit.unknown", true);
    return { visit: mintId(touch.at, random(VISIT_ID_BYTES)), pages: touch.pageViews.map((_, index) => index + 1) };
  }
}

function shortened(digest: Buffer): string {
  return digest.subarray(0, ID_BYTES).toString("base64url");
}
