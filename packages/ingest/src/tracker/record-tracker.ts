import type { Project } from "@millrace/access";
import { LIMITS, type SharedContext } from "@millrace/core";
import type { Handler } from "hono";
import { routePath } from "hono/route";
import type { Accept } from "../accept.ts";
import { clientOf, senderOf, type Client } from "../visitor/client.ts";
import type { IngestDeps } from "../deps.ts";
import { parseJson, readBody } from "../http/read-body.ts";
import { recording } from "../http/recording.ts";
import { readTrackerEvents, type TrackerRead } from "./tracker-event.ts";
import { readTrackerBatch, type TrackerBatch } from "./tracker-wire.ts";
import { joinVisits, type Visiting } from "../visitor/visit.ts";
import { identifiedVisitor, visitorAt, withoutVisitor } from "../visitor/visitor.ts";

/**
 * `POST /v1/e`: a batch of our tracker. 202 once the queue has the good events. Events that break a rule are refused one by one,
 * counted, and named in the answer; 400 when none is left.
 */
export function recordTracker(deps: IngestDeps, accept: Accept): Handler {
  return recording(deps, async (request) => {
    const { c, receivedAt } = request;
    const body = await readBody(c, LIMITS.messageBytes);
    const batch = await request.spendTurn(body.bytes, () => readTrackerBatch(parseJson(body.text)));
    const grant = await request.authenticateWriteKey(batch.k);
    const { project } = grant;
    const client = clientOf(c, deps, project);
    const read = await request.spendTurn(body.bytes, () => readTrackerEvents(batch, client, receivedAt, grant));
    const { shared, pages, events } = read;
    const refused = read.refused.map(({ index, name, error }) => ({
      index,
      ...error.toBody(),
      message: `${name}: ${error.message}`,
    }));
    const [first] = read.refused;
    for (const { error } of read.refused) request.refuse(error);
    // The first reason speaks for all, to those who read Keen's shape only.
    if (events.length === 0 && first) return c.json({ ...first.error.toBody(), refused }, 400);
    const visits = await visitsOf(deps, project, client, batch, read);
    const content = { shared, pages, visits, events };
    const acceptance = { project: project.id, receivedAt, route: routePath(c), bytes: body.bytes, content };
    // The tracker sends a batch again as a whole; what was queued already is known by its ids.
    for (const { error } of await request.spend(() => accept(acceptance))) throw error;
    request.lose(batch.l ?? 0);
    if (senderOf(client)) request.missVisitors(withoutVisitor(events));
    return c.json({ refused }, 202);
  });
}

/** Global Privacy Control is obeyed here too, in case a page runs without our tracker's own check: no id, the event is kept. */
async function visitsOf(
  deps: IngestDeps,
  project: Project,
  client: Client,
  batch: TrackerBatch,
  { events, pages, shared }: TrackerRead,
): Promise<readonly SharedContext[]> {
  if (client.optedOut) return [];
  const user = batch.d?.id;
  const sender = senderOf(client);
  const visiting: Visiting = {
    project: project.id,
    browser: sender ? visitorAt(deps, project, sender) : nobody,
    person: user === undefined ? undefined : identifiedVisitor(project, user),
    pages,
    referrer: shared.raw?.referrer,
  };
  return joinVisits(deps, visiting, events);
}

async function nobody(): Promise<undefined> {}
