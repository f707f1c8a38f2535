import type { JsonObject } from "@millrace/core";
import type { LogLine } from "./apache-line.ts";
import type { VisitFields } from "./visits.ts";

/** Extensions of what a page loads, as opposed to a page (lower case, without the dot). */
const ASSETS = new Set(
  (
    "css js mjs map json xml txt png jpg jpeg gif webp avif svg ico bmp tif tiff woff woff2 ttf otf eot " +
    "mp3 mp4 m4a m4v mov avi ogg ogv wav webm zip gz tgz bz2 xz 7z rar tar pdf exe msi dmg deb rpm jar iso swf"
  ).split(" "),
);

/** A page request: GET, answered 2xx or 304, and not an asset by its extension. */
export function isPageView(line: LogLine): boolean {
  if (line.method !== "GET") return false;
  if (line.status !== 304 && (line.status < 200 || line.status > 299)) return false;
  return !ASSETS.has(extensionOf(line.target));
}

/** The event of one line, without identity: the custom properties and the context the server enriches from. */
export function toEvent(line: LogLine, host: string | undefined, visit: VisitFields | undefined): JsonObject {
  const context: JsonObject = { ip: line.address };
  if (line.userAgent !== undefined) context["user_agent"] = line.userAgent;
  if (line.referrer !== undefined) context["referrer"] = line.referrer;
  context["url"] = pageUrl(line.target, host);
  if (visit) {
    context["visit_id"] = visit.visit;
    context["visit_page"] = visit.page;
    context["engaged_ms"] = visit.engagedMs;
  }
  return {
    request: { method: line.method, target: line.target, protocol: line.protocol },
    response: { status: line.status, ...(line.bytes !== undefined && { bytes: line.bytes }) },
    $context: context,
  };
}

/** The log does not name its host, so a target is a path unless the host is known (or a proxy logged a full URL). */
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
