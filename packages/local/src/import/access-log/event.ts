import { LIMITS, type JsonObject } from "@millrace/core";
import { isOfTheWeb } from "../read/time.ts";
import type { AccessRecord } from "./record.ts";
import type { VisitFields } from "./visits.ts";

/** Extensions of what a page loads, as opposed to a page (lower case, without the dot). */
const ASSETS = new Set(
  (
    "css js mjs map json xml txt png jpg jpeg gif webp avif svg ico bmp tif tiff woff woff2 ttf otf eot " +
    "mp3 mp4 m4a m4v mov avi ogg ogv wav webm zip gz tgz bz2 xz 7z rar tar pdf exe msi dmg deb rpm jar iso swf"
  ).split(" "),
);

/** A request that was no HTTP is kept so far: enough to tell a TLS hello from a scanner. */
const NO_REQUEST_CHARS = 300;

/** A page request: GET, answered 2xx or 304, and not an asset by its extension. */
export function isPageView({ method, status, target }: AccessRecord): boolean {
  if (method !== "GET" || status === undefined) return false;
  if (status !== 304 && (status < 200 || status > 299)) return false;
  return !ASSETS.has(extensionOf(target));
}

/** The event of one line, without identity: the custom properties and the context the server enriches from. */
export function toEvent(record: AccessRecord, host: string | undefined, visit: VisitFields | undefined): JsonObject {
  const context: JsonObject = {};
  if (record.address !== undefined) context["ip"] = record.address;
  if (record.userAgent !== undefined) context["user_agent"] = record.userAgent;
  if (record.referrer !== undefined) context["referrer"] = record.referrer;
  if (record.method !== undefined) context["url"] = urlOf(record, host);
  if (visit) {
    context["visit_id"] = visit.visit;
    context["visit_page"] = visit.page;
    context["engaged_ms"] = visit.engagedMs;
    context["visit_url"] = pageUrl(visit.entry.url, host);
    if (visit.entry.referrer !== undefined) context["visit_referrer"] = visit.entry.referrer;
  }
  const request =
    record.method === undefined
      ? { line: record.target.slice(0, NO_REQUEST_CHARS) }
      : { method: record.method, target: record.target, ...(record.protocol && { protocol: record.protocol }) };
  const response = {
    ...(record.status !== undefined && { status: record.status }),
    ...(record.bytes !== undefined && { bytes: record.bytes }),
  };
  return { request, ...(Object.keys(response).length > 0 && { response }), $context: context };
}

/**
 * Why the server would refuse the event of this line, so that it is left out before visits are computed: a visit whose first
 * page is refused afterwards would be counted by nobody.
 */
export function refusalOf(record: AccessRecord, host: string | undefined): string | undefined {
  if (!isOfTheWeb(record.time, Date.now()))
    return `${new Date(record.time).toISOString()} is no time of the web: before 1993, or still to come`;
  const texts = {
    "path and query": urlOf(record, host),
    referrer: record.referrer ?? "",
    "user agent": record.userAgent ?? "",
  };
  for (const [name, text] of Object.entries(texts))
    if (text.length > LIMITS.stringChars)
      return `the ${name} has ${text.length.toLocaleString("en")} characters, ${LIMITS.stringChars.toLocaleString("en")} are the limit`;
  return undefined;
}

/** The page that a record asks for. */
export function urlOf(record: AccessRecord, host: string | undefined): string {
  return pageUrl(record.target, record.host ?? host);
}

/** Most logs do not name their host, so a target is a path unless the host is known (or a proxy logged a full URL). */
function pageUrl(target: string, host: string | undefined): string {
  if (/^https?:\/\//.test(target) || host === undefined) return target;
  return `https://${host}${target.startsWith("/") ? "" : "/"}${target}`;
}

function extensionOf(target: string): string {
  const path = target.split(/[?#]/, 1)[0] ?? "";
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(dot + 1).toLowerCase();
}
