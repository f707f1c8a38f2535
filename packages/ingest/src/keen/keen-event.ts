import type { Grant } from "@millrace/access";
import {
  isObject,
  LIMITS,
  MillraceError,
  valueAt,
  type JsonObject,
  type PackedEvent,
  type SharedContext,
} from "@millrace/core";
import { rawOf, senderOf, type Client } from "../visitor/client.ts";
import { checkAddons } from "./addons.ts";
import { dropGivenOut } from "./given-out.ts";
import type { IdempotencyKey } from "./idempotency-key.ts";
import { IMPORT_CONTEXT, readImportContext } from "./import-context.ts";
import { readKeenNamespace } from "./keen-namespace.ts";
import { replacePlaceholders } from "./placeholders.ts";
import { hostContext, pageContext, reduceReferrer, reduceUrl } from "../event/urls.ts";
import { fill, keepFilled } from "../event/autofill.ts";
import { checkIsObject, checkProperties } from "../event/validate-event.ts";
import { contextOfNamed, readNamedVisitor, VISITOR, type NamedVisitor } from "../visitor/named-visitor.ts";
import type { Sender } from "../visitor/visitor.ts";

/** What the events of one request share. */
export interface KeenRequest {
  readonly grant: Grant;
  /** Milliseconds UTC. */
  readonly receivedAt: number;
  readonly client: Client;
  /** The page that sent it; undefined for a server, whose address and agent say nothing about who did something. */
  readonly page: SendingPage | undefined;
  /** True when the body may hold placeholders. */
  readonly placeholders: boolean;
  /** True when the body is so large that one of its events may be too large. */
  readonly checkSize: boolean;
  /** Makes the ids of the events that bring none the same at every attempt; undefined: they are minted. */
  readonly idempotencyKey: IdempotencyKey | undefined;
  /** Makes ids at a time (milliseconds UTC), in their order: events of one millisecond are then extracted as they were sent. */
  readonly mint: (timeMs: number) => string;
}

/** The page of a browser that sent a request: the context of all its events, but for what an import says itself. */
export interface SendingPage {
  readonly context: SharedContext;
  readonly origin: string | undefined;
  /** False when the browser told no more than the origin, as it does of a page on another site's beacon. */
  readonly whole: boolean;
  readonly sender?: Sender;
}

/** The place of the {@link SendingPage} in the envelope's pages. */
const SENDING_PAGE = 0;

/** One event read from a request; its visitor is still to be found. */
export interface ReadEvent {
  readonly event: PackedEvent;
  /** Who the visitor id is made from: the browser that sent it, or what an import says. Servers that send have none. */
  readonly sender?: Sender;
  /** True when a browser sent it just now; an import says itself which visit its events belong to. */
  readonly live: boolean;
  /** Whom a server says that it is about. */
  readonly named?: NamedVisitor;
}

/**
 * Reads one event as Keen's clients send it. Takes `keen`, `$context` and `$visitor` out of the given object.
 * @param ordinal its place among the request's events of this collection, bad ones counted too
 * @throws MillraceError with the code of the first rule it breaks
 */
export function readKeenEvent(collection: string, ordinal: number, body: unknown, request: KeenRequest): ReadEvent {
  const { receivedAt, mint, idempotencyKey } = request;
  const properties = checkIsObject(body);
  const { autofill } = request.grant;
  if (autofill) fill(properties, autofill);
  const mayImport = request.grant.may.has("master");
  const keen = readKeenNamespace(ownValue(properties, "keen"), { receivedAt, mayImport });
  const imported = mayImport ? ownValue(properties, IMPORT_CONTEXT) : undefined;
  const visitor = ownValue(properties, VISITOR);
  // A text is the visitor id of an event that was extracted, and goes with all that we wrote there.
  const named = isObject(visitor) ? readNamedVisitor(visitor) : undefined;
  if (named && imported !== undefined) {
    throw new MillraceError("InvalidPropertyNameError", `An event has ${VISITOR} or ${IMPORT_CONTEXT}, not both.`);
  }
  delete properties["keen"];
  if (named) delete properties[VISITOR];
  if (imported !== undefined) delete properties[IMPORT_CONTEXT];
  dropGivenOut(properties);
  checkProperties(properties);
  if (request.checkSize) checkSize(properties);
  if (request.placeholders) replacePlaceholders(properties, request.client, request.grant.project);
  if (keen.kept) properties["keen"] = keen.kept;
  if (keen.addons) checkAddons(keen.addons, properties);
  if (keen.addons && autofill) keepFilled(keen.addons, autofill);

  const timestamp = keen.timestamp ?? receivedAt;
  const live = imported === undefined && named === undefined;
  const own = imported === undefined ? undefined : readImportContext(imported);
  const sender = own ? own.sender : live ? request.page?.sender : undefined;
  const said = live && request.page ? pageSaidBy(properties, request.page) : undefined;
  const event: PackedEvent = {
    id: keen.id ?? idempotencyKey?.idOf(collection, ordinal, keen.timestamp) ?? mint(timestamp),
    collection,
    timestamp,
    properties,
    ...(own
      ? { context: own.context, raw: own.raw }
      : named
        ? contextOfNamed(named)
        : request.page && { page: SENDING_PAGE, ...said }),
    ...(keen.uniquenessToken !== undefined && { uniquenessToken: keen.uniquenessToken }),
    ...(keen.addons && { addons: keen.addons }),
  };
  return { event, live, ...(sender && { sender }), ...(named && { named }) };
}

/**
 * The page that sent a request. Only a browser has one: the address and agent of a server that reports events would make one
 * visitor, one country and one robot of all of them.
 */
export function sendingPage(client: Client): SendingPage | undefined {
  if (client.page === undefined) return undefined;
  const page = reduceUrl(client.page);
  const url = URL.parse(client.page);
  const whole = url !== null && url.pathname + url.search !== "/";
  const sender = senderOf(client);
  return {
    context: {
      context: !page ? {} : whole ? pageContext(page) : hostContext(page),
      raw: { ...rawOf(client), ...(whole && page && { url: page.url }) },
    },
    origin: url?.origin,
    whole,
    ...(sender && { sender }),
  };
}

/**
 * What keen-tracking's model says of the page (`url.full`, or `page.url`, and `referrer.full`), believed of the origin that the
 * browser itself names. Where the browser said which page it is, that stands; a beacon to another site carries the origin alone,
 * and "/" would be the page of every event.
 */
function pageSaidBy(properties: JsonObject, { origin, whole }: SendingPage): SharedContext | undefined {
  const full = valueAt(properties, "url.full") ?? valueAt(properties, "page.url");
  if (typeof full !== "string" || origin === undefined || URL.parse(full)?.origin !== origin) return undefined;
  const page = whole ? undefined : reduceUrl(full);
  const from = valueAt(properties, "referrer.full");
  const referrer = typeof from === "string" ? reduceReferrer(from, full) : undefined;
  return {
    ...(page && { context: pageContext(page) }),
    raw: { ...(page && { url: page.url }), ...(referrer !== undefined && { referrer }) },
  };
}

function checkSize(properties: unknown): void {
  const bytes = Buffer.byteLength(JSON.stringify(properties));
  if (bytes <= LIMITS.eventBytes) return;
  throw new MillraceError("RequestEntityTooLarge", `The event is larger than ${LIMITS.eventBytes} bytes.`);
}

function ownValue<T>(object: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
