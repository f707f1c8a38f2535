import { MillraceError, type AcceptedEvent, type Context as EventContext, type JsonObject } from "@millrace/core";
import { rawOf, type Client } from "../visitor/client.ts";
import { loadIdentity } from "./load-id.ts";
import { checkCollectionName } from "../event/names.ts";
import { trackerTime } from "./tracker-time.ts";
import { readTrackerEvent, type TrackerBatch, type TrackerEvent } from "./tracker-wire.ts";
import { pageContext, reduceUrl, targetWithoutQuery, type ReducedUrl } from "../event/urls.ts";
import { checkIsObject, checkProperties } from "../event/validate-event.ts";

/** A page of the load as its first event in the batch described it; later events only give its number. */
interface Page {
  readonly url: ReducedUrl | undefined;
  readonly title: string | undefined;
}

/** The result of one event of a batch: refused ones harm only themselves. */
export type TrackerRead = { readonly event: AcceptedEvent } | { readonly refused: unknown };

/** Reads the events of a batch in order, so that each knows its page. */
export function readTrackerEvents(batch: TrackerBatch, client: Client, receivedAt: number): TrackerRead[] {
  const load = loadIdentity(batch.i, batch.s, receivedAt);
  const shared = sharedContext(batch);
  const raw = { ...rawOf(client), ...rawOfBatch(batch, client) };
  const pages = new Map<number, Page>();
  return batch.e.map((entry): TrackerRead => {
    try {
      const sent = readTrackerEvent(entry);
      const page = pageOf(sent, pages, client);
      const event: AcceptedEvent = {
        id: `${load}.${sent.q}`,
        collection: checkCollectionName(sent.n),
        timestamp: trackerTime(receivedAt, batch.s, sent.t),
        properties: readProperties(sent.p),
        context: { ...shared, ...contextOf(sent, page) },
        raw: { ...raw, ...(page?.url && { url: page.url.url }) },
      };
      return { event };
    } catch (thrown) {
      return { refused: thrown };
    }
  });
}

function pageOf(sent: TrackerEvent, pages: Map<number, Page>, client: Client): Page | undefined {
  const number = sent.g ?? 0;
  if (sent.u !== undefined) pages.set(number, { url: reduceUrl(sent.u, client.page), title: sent.T });
  return pages.get(number);
}

function readProperties(given: unknown): JsonObject {
  if (given === undefined || given === null) return {};
  const properties = checkIsObject(given);
  if (Object.hasOwn(properties, "keen")) {
    throw new MillraceError("InvalidKeenNamespaceProperty", '"keen" is reserved.');
  }
  checkProperties(properties);
  return properties;
}

function sharedContext({ c, d }: TrackerBatch): EventContext {
  const [width, height] = c.w ?? [];
  return {
    ...(c.l !== undefined && { language: c.l }),
    ...(width !== undefined && height !== undefined && { screen: `${width}x${height}` }),
    ...(d?.id !== undefined && { user_id: d.id }),
  };
}

function rawOfBatch({ c }: TrackerBatch, client: Client): { timezone?: string; referrer?: string } {
  const referrer = c.r === undefined || c.r === "" ? undefined : reduceUrl(c.r, client.page)?.url;
  return { ...(c.z !== undefined && { timezone: c.z }), ...(referrer !== undefined && { referrer }) };
}

function contextOf(sent: TrackerEvent, page: Page | undefined): EventContext {
  return {
    ...(page?.url && pageContext(page.url)),
    ...(page?.title !== undefined && { page_title: page.title }),
    ...(sent.m !== undefined && { engaged_ms: sent.m }),
    ...(sent.x !== undefined && { target: targetWithoutQuery(sent.x) }),
    ...(sent.w !== undefined && { widget: sent.w }),
  };
}
