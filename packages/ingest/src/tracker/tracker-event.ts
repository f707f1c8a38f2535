import {
  asMillraceError,
  MillraceError,
  type Context as EventContext,
  type JsonObject,
  type PackedEvent,
  type SharedContext,
} from "@millrace/core";
import { rawOf, type Client } from "../visitor/client.ts";
import { loadIdentity } from "./load-id.ts";
import { checkCollectionName } from "../event/names.ts";
import { trackerTime } from "./tracker-time.ts";
import { readTrackerEvent, type TrackerBatch, type TrackerEvent } from "./tracker-wire.ts";
import { pageContext, reduceReferrer, reduceUrl, targetWithoutQuery } from "../event/urls.ts";
import { checkIsObject, checkProperties } from "../event/validate-event.ts";

/** What a batch holds. Refused events harm only themselves. */
export interface TrackerRead {
  readonly shared: SharedContext;
  readonly pages: readonly SharedContext[];
  readonly events: PackedEvent[];
  readonly refused: readonly RefusedEvent[];
}

/** An event that was not taken, and why. */
interface RefusedEvent {
  /** Its place in the batch, from 0. */
  readonly index: number;
  readonly error: MillraceError;
}

/** Reads the events of a batch in order, so that each knows its page: the last one that an event before it described by its number. */
export function readTrackerEvents(batch: TrackerBatch, client: Client, receivedAt: number): TrackerRead {
  const load = loadIdentity(batch.i, batch.s, receivedAt);
  const pages: SharedContext[] = [];
  const indexes = new Map<number, number>();
  const events: PackedEvent[] = [];
  const refused: RefusedEvent[] = [];
  for (const [index, entry] of batch.e.entries()) {
    try {
      const sent = readTrackerEvent(entry);
      const number = sent.g ?? 0;
      if (sent.u !== undefined) indexes.set(number, pages.push(pageOf(sent.u, sent.T, client)) - 1);
      const page = indexes.get(number);
      events.push({
        id: `${load}.${sent.q}`,
        collection: checkCollectionName(sent.n),
        timestamp: trackerTime(receivedAt, batch.s, sent.t),
        properties: readProperties(sent.p),
        context: contextOf(sent),
        ...(page !== undefined && { page }),
      });
    } catch (thrown) {
      refused.push({ index, error: asMillraceError(thrown) });
    }
  }
  const raw = { ...rawOf(client), ...rawOfBatch(batch, client) };
  return { shared: { context: sharedContext(batch), raw }, pages, events, refused };
}

function pageOf(address: string, title: string | undefined, client: Client): SharedContext {
  const url = reduceUrl(address, client.page);
  return {
    context: { ...(url && pageContext(url)), ...(title !== undefined && { page_title: title }) },
    ...(url && { raw: { url: url.url } }),
  };
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
  const referrer = c.r === undefined || c.r === "" ? undefined : reduceReferrer(c.r, client.page);
  return { ...(c.z !== undefined && { timezone: c.z }), ...(referrer !== undefined && { referrer }) };
}

function contextOf(sent: TrackerEvent): EventContext {
  return {
    ...(sent.m !== undefined && { engaged_ms: sent.m }),
    ...(sent.x !== undefined && { target: targetWithoutQuery(sent.x) }),
    ...(sent.w !== undefined && { widget: sent.w }),
  };
}
