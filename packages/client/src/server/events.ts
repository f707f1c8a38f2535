import type { JsonObject } from "@millrace/core";
import { uuidV7 } from "../uuid.ts";

/** Anything, under any name: what may be recorded where the program says nothing more exact. */
export type EventMap = Readonly<Record<string, object>>;

/**
 * Who did it: the id that `identify()` was given in the browser, or the browser that the server answers. The event then belongs to
 * the visit that runs, and can be counted by where that came from. The address is used once and not kept.
 */
export interface Visitor {
  readonly user?: string;
  readonly address?: string;
  readonly userAgent?: string;
}

export interface RecordOptions {
  readonly visitor?: Visitor;
  /** When it happened. Default: now. */
  readonly at?: Date;
}

/** One event as it waits: its text, made once. Every attempt sends the same id, so it is stored once. */
export interface Waiting {
  readonly collection: string;
  readonly json: string;
  /** Of `json`, in UTF-8. */
  readonly bytes: number;
}

const encoder = new TextEncoder();

/** @throws TypeError for properties that JSON cannot hold */
export function toWaiting(
  collection: string,
  properties: object,
  { visitor, at = new Date() }: RecordOptions = {},
): Waiting {
  const event = {
    ...(properties as JsonObject),
    keen: { timestamp: at.toISOString(), event_id: uuidV7(at.getTime()).replaceAll("-", "") },
    ...(visitor && {
      $visitor: { user: visitor.user, ip: visitor.address, user_agent: visitor.userAgent },
    }),
  };
  const json = JSON.stringify(event);
  return { collection, json, bytes: encoder.encode(json).length };
}

/** The body of a bulk request, and the events in the order that the answer tells of them. */
export function toBody(events: readonly Waiting[]): { body: string; order: ReadonlyMap<string, readonly Waiting[]> } {
  const order = Map.groupBy(events, ({ collection }) => collection);
  const lists = [...order].map(
    ([collection, list]) => `${JSON.stringify(collection)}:[${list.map(({ json }) => json).join(",")}]`,
  );
  return { body: `{${lists.join(",")}}`, order };
}
