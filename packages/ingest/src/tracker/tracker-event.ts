import type { Grant } from "@millrace/access";
import {
  asMillraceError,
  LIMITS,
  MillraceError,
  type Context as EventContext,
  type JsonObject,
  type PackedEvent,
  type RawContext,
  type SharedContext,
} from "@millrace/core";
import { rawOf, type Client } from "../visitor/client.ts";
import { loadIdentity } from "./load-id.ts";
import { checkCollectionName } from "../event/names.ts";
import { trackerTime } from "./tracker-time.ts";
import { readTrackerEvent, type TrackerBatch, type TrackerEvent } from "./tracker-wire.ts";
import { pageContext, reduceReferrer, reduceUrl, targetWithoutQuery } from "../event/urls.ts";
import { fill } from "../event/autofill.ts";
import { replacePlaceholders } from "../keen/placeholders.ts";
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
  /** Its collection, as the tracker's console names it; empty where there is none. */
  readonly name: string;
  readonly error: MillraceError;
}

/** Reads the events of a batch in order, so that each knows its page: the last one that an event before it described by its number. */
export function readTrackerEvents(batch: TrackerBatch, client: Client, receivedAt: number, grant: Grant): TrackerRead {
  const filled = ownOf(grant, client);
  const load = loadIdentity(batch.i, batch.s, receivedAt);
  const pages: SharedContext[] = [];
  const indexes = new Map<number, number>();
  const events: PackedEvent[] = [];
  const refused: RefusedEvent[] = [];
  for (const [index, entry] of batch.e.entries()) {
    try {
      const sent = readTrackerEvent(entry);
      const number = sent.g ?? 0;
      if (sent.u !== undefined) indexes.set(number, pages.push(pageOf(sent, sent.u, client)) - 1);
      const page = indexes.get(number);
      events.push({
        id: `${load}.${sent.q}`,
        collection: checkCollectionName(sent.n),
        timestamp: trackerTime(receivedAt, batch.s, sent.t),
        properties: readProperties(sent.p, filled),
        context: contextOf(sent),
        ...(page !== undefined && { page }),
      });
    } catch (thrown) {
      refused.push({ index, name: nameOf(entry), error: asMillraceError(thrown) });
    }
  }
  const raw = { ...rawOf(client), ...rawOfBatch(batch, client) };
  return { shared: { context: sharedContext(batch), raw }, pages, events, refused };
}

function nameOf(entry: unknown): string {
  const { n } = Object(entry) as { n?: unknown };
  return typeof n === "string" ? n.slice(0, LIMITS.collectionNameChars) : "";
}

/** A page of the site. What tells it apart from others of its path, on sites that say so, is part of its path from here on. */
function pageOf({ r, T: title }: TrackerEvent, address: string, client: Client): SharedContext {
  const url = reduceUrl(address, client.page);
  const context = url && pageContext(url);
  return {
    context: {
      ...context,
      ...(context && r !== undefined && { page_path: `${url.path}${r}` }),
      ...(title !== undefined && { page_title: title }),
    },
    ...(url && { raw: { url: url.url } }),
  };
}

/** Of a key's autofill, what there is on this route: no add-ons, and placeholders in the autofill only. */
function ownOf({ autofill, project }: Grant, client: Client): JsonObject | undefined {
  if (!autofill) return undefined;
  const { keen: _, ...own } = structuredClone(autofill);
  replacePlaceholders(own, client, project);
  return own;
}

function readProperties(given: unknown, filled: JsonObject | undefined): JsonObject {
  const properties = given === undefined || given === null ? {} : checkIsObject(given);
  if (filled) fill(properties, filled);
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
    ...(c.b && { bot_reasons: ["webdriver"] }),
  };
}

function rawOfBatch({ c }: TrackerBatch, client: Client): RawContext {
  const referrer = c.r === undefined || c.r === "" ? undefined : reduceReferrer(c.r, client.page);
  return {
    ...(c.z !== undefined && { timezone: c.z }),
    ...(referrer !== undefined && { referrer }),
    ...(c.p !== undefined && { touchPoints: c.p }),
    ...(c.h !== undefined && { platformVersion: c.h }),
  };
}

function contextOf(sent: TrackerEvent): EventContext {
  return {
    ...(sent.m !== undefined && { engaged_ms: sent.m }),
    ...(sent.y !== undefined && { scroll: sent.y }),
    ...(sent.x !== undefined && { target: targetWithoutQuery(sent.x) }),
    ...(sent.w !== undefined && { widget: sent.w }),
    ...(sent.V !== undefined && { widget_version: sent.V }),
    ...(sent.P !== undefined && { widget_placement: sent.P }),
    ...(sent.a !== undefined && { widget_action: sent.a }),
    ...(sent.L !== undefined && { widget_ms: sent.L }),
  };
}
