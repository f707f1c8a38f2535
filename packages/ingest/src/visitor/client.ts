import { LIMITS, type RawContext } from "@millrace/core";
import type { Context } from "hono";
import { parseAddress } from "./address.ts";
import type { IngestDeps } from "../deps.ts";

/** Who sent a request, as far as the request tells. */
export interface Client {
  /** Whole address: for the visitor hash only. */
  readonly fullAddress?: string;
  /** Cut to /24 or /48. */
  readonly cutAddress?: string;
  readonly userAgent?: string;
  /** Global Privacy Control: the visitor wants no id. */
  readonly optedOut: boolean;
  /** The page that sent it, from the headers only browsers send; undefined for servers and scripts. */
  readonly page?: string;
  /** Geo headers of CloudFront, only when it is trusted. */
  readonly viewer?: Pick<RawContext, "country" | "region" | "city">;
}

/** Reads the sender from connection and headers; forwarded headers count only as far as `trustProxy` says. */
export function clientOf(c: Context, deps: Pick<IngestDeps, "peerAddress" | "trustProxy">): Client {
  // What a proxy could not tell (`unknown`) is the connection's: a wrong visitor can be lived with, none is no number at all.
  const address = parseAddress(forwardedAddress(c, deps.trustProxy) ?? "") ?? parseAddress(deps.peerAddress(c) ?? "");
  const userAgent = c.req.header("user-agent")?.slice(0, LIMITS.userAgentChars);
  const page = c.req.header("referer") ?? originOf(c);
  const viewer = deps.trustProxy === "cloudfront" ? viewerGeo(c) : undefined;
  return {
    ...(address && { fullAddress: address.full, cutAddress: address.cut }),
    ...(userAgent !== undefined && { userAgent }),
    optedOut: c.req.header("sec-gpc") === "1",
    ...(page !== undefined && { page }),
    ...(viewer && { viewer }),
  };
}

/** What the collector's enrichment gets of a client. */
export function rawOf(client: Client): RawContext {
  return {
    ...(client.cutAddress !== undefined && { ip: client.cutAddress }),
    ...(client.userAgent !== undefined && { userAgent: client.userAgent }),
    ...client.viewer,
  };
}

function forwardedAddress(c: Context, trust: IngestDeps["trustProxy"]): string | undefined {
  if (trust === "cloudfront") {
    // Address and port; IPv6 with or without brackets.
    return c.req.header("cloudfront-viewer-address")?.replace(/:\d+$/, "").replaceAll(/[[\]]/g, "");
  }
  if (trust === undefined || trust < 1) return undefined;
  // Each proxy appends the address it saw: what stands further left came from the client and may be made up.
  const hops = c.req.header("x-forwarded-for")?.split(",") ?? [];
  return hops.at(-trust)?.trim();
}

function viewerGeo(c: Context): NonNullable<Client["viewer"]> {
  const country = c.req.header("cloudfront-viewer-country");
  const region = c.req.header("cloudfront-viewer-country-region-name");
  const city = c.req.header("cloudfront-viewer-city");
  return {
    ...(country !== undefined && { country }),
    ...(region !== undefined && { region }),
    ...(city !== undefined && { city }),
  };
}

/** `Origin: null` is what sandboxed frames send. */
function originOf(c: Context): string | undefined {
  const origin = c.req.header("origin");
  return origin === "null" ? undefined : origin;
}
