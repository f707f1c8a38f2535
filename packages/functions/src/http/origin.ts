import type { LambdaEvent } from "hono/aws-lambda";
import type { Context } from "hono";
import { createHash, timingSafeEqual } from "node:crypto";

/** An event of the HTTP API, payload format 2.0. */
export type HttpEvent = Extract<LambdaEvent, { rawPath: string }>;

/** What CloudFront adds to every request it passes on (stacks/web.ts). */
const SECRET_HEADER = "x-millrace-origin";
const ADDRESS_HEADER = "x-millrace-address";
const PATH_HEADER = "x-millrace-path";
const HOST_HEADER = "x-millrace-host";
/** What the apps read. The address comes from CloudFront's own function, as its managed policies may leave this header out. */
const VIEWER_ADDRESS = "cloudfront-viewer-address";

/**
 * The event as the apps may believe it, or undefined for a request that did not come through CloudFront: whoever finds the
 * gateway's own address could otherwise choose the visitor's address and country, and go around the firewall.
 */
export function fromCloudFront(event: HttpEvent, secret: string): HttpEvent | undefined {
  const { [SECRET_HEADER]: given, [ADDRESS_HEADER]: address, [PATH_HEADER]: path, ...headers } = event.headers;
  if (given === undefined || !same(given, secret)) return undefined;
  return { ...event, rawPath: path ?? event.rawPath, headers: { ...headers, [VIEWER_ADDRESS]: address } };
}

/**
 * The event with a path that can be read: an HTTP API hands it over decoded, where `#` would end it and `%` begin a character. What
 * an encoded `?` or `/` was is lost there, so CloudFront's function sends the path along as the viewer wrote it, which is taken
 * first; only a gateway asked directly, as in live development, has no better one.
 */
export function withReadablePath(event: HttpEvent): HttpEvent {
  return { ...event, rawPath: event.rawPath.split("/").map(encodeURIComponent).join("/") };
}

/**
 * Where the viewer's browser is, from CloudFront alone: it answers to the names of its distribution only, and its function says which it was. In
 * live development there is no CloudFront, and the page is that of the dashboard's own server on the developer's machine.
 */
export function viewerOrigin(c: Context): string {
  const host = c.req.header(HOST_HEADER);
  return host === undefined ? "http://localhost:5173" : `https://${host}`;
}

/** Whole address of the viewer, as CloudFront knows it; undefined in live development. */
export function viewerAddress(c: Context): string | undefined {
  return c.req.header(VIEWER_ADDRESS)?.replace(/:\d+$/, "");
}

/** Hashed first, so that neither content nor length shows in the time it takes. */
function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
