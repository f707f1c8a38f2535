import { keyOf, type Grant } from "@millrace/access";
import { asMillraceError, createMint, isObject, LIMITS, MillraceError, type PackedEvent } from "@millrace/core";
import type { Handler } from "hono";
import { routePath } from "hono/route";
import type { Accept, Unqueued } from "../accept.ts";
import { clientOf } from "../visitor/client.ts";
import type { IngestDeps } from "../deps.ts";
import { readKeenEvent, sendingPage, type KeenRequest, type ReadEvent } from "./keen-event.ts";
import { readIdempotencyKey } from "./idempotency-key.ts";
import { checkCollectionName } from "../event/names.ts";
import { mayHavePlaceholders } from "./placeholders.ts";
import { parseJson, readBody, type Body } from "../http/read-body.ts";
import { recording, type Recording } from "../http/recording.ts";
import { joinNamedVisitors } from "../visitor/named-visitor.ts";
import { joinVisits } from "../visitor/visit.ts";
import { importedVisitorAt, visitorAt, withoutVisitor } from "../visitor/visitor.ts";

/** `POST /3.0/projects/:project/events/:collection`: one event. 201 once the queue has it. */
export function recordOne(deps: IngestDeps, accept: Accept): Handler {
  return recording(deps, async (request) => {
    const grant = await request.authenticate(keyOf(request.c));
    await recordBody(deps, accept, request, grant, await readBody(request.c, LIMITS.bodyBytes));
    return request.c.json({ created: true }, 201);
  });
}

/** Reads a body that is one event of the path's collection and queues it: what POST and GET recording share. */
export async function recordBody(
  deps: IngestDeps,
  accept: Accept,
  request: Recording,
  grant: Grant,
  body: Body,
): Promise<void> {
  const collection = checkCollectionName(request.c.req.param("collection") ?? "");
  const keen = keenRequest(deps, request, grant, body);
  const read = await request.spendTurn(body.bytes, () => readKeenEvent(collection, 0, parseJson(body.text), keen));
  await queueEvents(deps, accept, request, keen, body, [read]);
}

/** The result of one event in a bulk answer: Keen's shape. */
type BulkResult = { success: true } | { success: false; error: { name: string; description: string } };

/** `POST /3.0/projects/:project/events`: lists of events by collection. 200 with one result per event once the queue has the good ones. */
export function recordMany(deps: IngestDeps, accept: Accept): Handler {
  return recording(deps, async (request) => {
    const grant = await request.authenticate(keyOf(request.c));
    const body = await readBody(request.c, LIMITS.bodyBytes);
    const batch = await request.spendTurn(body.bytes, () => checkBatch(parseJson(body.text)));
    const keen = keenRequest(deps, request, grant, body);
    const reads: ReadEvent[] = [];
    const places = new Map<PackedEvent, { collection: string; ordinal: number }>();
    // Without a prototype: a collection may be called __proto__, and its answer must not vanish into one.
    const results: Record<string, BulkResult[]> = Object.create(null);
    const refused = (error: MillraceError): BulkResult => {
      request.refuse(error);
      return { success: false, error: { name: bulkErrorName(error), description: error.message } };
    };
    const readOne = (collection: string, event: unknown, ordinal: number): BulkResult => {
      try {
        const read = readKeenEvent(checkCollectionName(collection), ordinal, event, keen);
        reads.push(read);
        places.set(read.event, { collection, ordinal });
        return { success: true };
      } catch (thrown) {
        return refused(asMillraceError(thrown));
      }
    };
    for (const [collection, events] of batch) {
      const its: BulkResult[] = (results[collection] = []);
      await request.spendOn(events.entries(), ([ordinal, event]) => its.push(readOne(collection, event, ordinal)));
    }
    // Several messages may have several ends: each event is answered as its own was.
    for (const { events, error } of await queueEvents(deps, accept, request, keen, body, reads)) {
      for (const event of events) {
        const place = places.get(event);
        if (place) results[place.collection]?.splice(place.ordinal, 1, refused(oneOf(error)));
      }
    }
    return request.c.json(results, 200);
  });
}

/** The error of many events as that of one of them: each is counted by itself. */
function oneOf(error: MillraceError): MillraceError {
  return new MillraceError(error.code, error.message, { cause: error });
}

function checkBatch(body: unknown): [collection: string, events: unknown[]][] {
  if (!isObject(body)) {
    throw new MillraceError("InvalidBatchError", "A batch must be an object of collection names and lists of events.");
  }
  let count = 0;
  const batch = Object.entries(body).map(([collection, events]): [string, unknown[]] => {
    if (!Array.isArray(events)) {
      throw new MillraceError("InvalidBatchError", "Every value of a batch must be a list of events.");
    }
    count += events.length;
    return [collection, events];
  });
  if (count <= LIMITS.eventsPerRequest) return batch;
  throw new MillraceError(
    "RequestEntityTooLarge",
    `The batch has ${count} events; ${LIMITS.eventsPerRequest} are possible.`,
    { context: { events: count } },
  );
}

/**
 * Keen's mobile clients drop a failed event only on three names and send it again for ever on any other, so what is wrong with an
 * event's content for good goes by one of those.
 */
function bulkErrorName(error: MillraceError): string {
  const content = error.code === "InvalidEventError" || error.code === "RequestEntityTooLarge";
  return content ? "InvalidPropertyValueError" : error.code;
}

const ID_BYTES = 10;

function keenRequest(deps: IngestDeps, { c, receivedAt }: Recording, grant: Grant, body: Body): KeenRequest {
  const client = clientOf(c, deps, grant.project);
  return {
    grant,
    receivedAt,
    client,
    page: sendingPage(client),
    placeholders: mayHavePlaceholders(body.text) || mayHavePlaceholders(JSON.stringify(grant.autofill ?? {})),
    checkSize: body.bytes > LIMITS.eventBytes,
    idempotencyKey: readIdempotencyKey(c.req.header("idempotency-key"), grant.project.id, receivedAt),
    mint: createMint(deps.random(ID_BYTES)),
  };
}

async function queueEvents(
  deps: IngestDeps,
  accept: Accept,
  request: Recording,
  { grant: { project }, page }: KeenRequest,
  { bytes }: Body,
  reads: readonly ReadEvent[],
): Promise<readonly Unqueued[]> {
  const { c, receivedAt } = request;
  const pages = page ? [page.context] : [];
  const live = reads.filter((read) => read.live).map(({ event }) => event);
  // Live events of one request have one sender. What an import says of its events is all that is known of them.
  const visits = page?.sender
    ? await joinVisits(
        deps,
        {
          project: project.id,
          browser: visitorAt(deps, project, page.sender),
          person: undefined,
          pages,
          referrer: undefined,
        },
        live,
      )
    : [];
  for (const { event, sender } of reads.filter((read) => !read.live)) {
    const visitor = sender && (await importedVisitorAt(deps, project, sender)(event.timestamp));
    if (visitor !== undefined) event.context = { ...event.context, visitor };
  }
  const named = reads.flatMap(({ event, named: visitor }) => (visitor ? [{ event, visitor }] : []));
  await joinNamedVisitors(deps, project, named, visits);
  const content = { pages, visits, events: reads.map(({ event }) => event) };
  const acceptance = { project: project.id, receivedAt, route: routePath(c), bytes, content };
  const unqueued = await request.spend(() => accept(acceptance));
  const refused = new Set(unqueued.flatMap(({ events }) => events));
  const sent = reads.filter(({ event, sender }) => sender && !refused.has(event));
  request.missVisitors(withoutVisitor(sent.map(({ event }) => event)));
  return unqueued;
}
