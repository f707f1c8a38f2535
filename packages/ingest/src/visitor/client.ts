import { isTrustedProxy, PROXY_SECRET_HEADER, type Project } from "@millrace/access";
import { LIMITS, type RawContext } from "@millrace/core";
import type { Context } from "hono";
import { parseAddress, type Address } from "./address.ts";
import type { IngestDeps } from "../deps.ts";
import type { Sender } from "./visitor.ts";

/** Who sent a request, as far as the request tells. */
export interface Client {
  /** Whole address: for the visitor hash, and for a placeholder where the project keeps whole ones. */
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

/**
 * Reads the sender from connection and headers; forwarded headers count only as far as `trustProxy` says, and beyond that as far as
 * the project trusts the proxy that they come from.
 */
export function clientOf(c: Context, deps: Pick<IngestDeps, "peerAddress" | "trustProxy">, project: Project): Client {
  const { address: peer, forwarded } = peerOf(c, deps);
  const trusted = isTrustedProxy(project, peer?.full, c.req.header(PROXY_SECRET_HEADER));
  const visitor = trusted ? parseAddress(forwarded ?? "") : undefined;
  const address = visitor ?? peer;
  const userAgent = c.req.header("user-agent")?.slice(0, LIMITS.userAgentChars);
  const page = c.req.header("referer") ?? originOf(c);
  // Behind a project's own proxy CloudFront knows the place of the proxy only.
  const viewer = deps.trustProxy === "cloudfront" && !trusted ? viewerGeo(c) : undefined;
  return {
    ...(address && { fullAddress: address.full, cutAddress: address.cut }),
    ...(userAgent !== undefined && { userAgent }),
    optedOut: c.req.header("sec-gpc") === "1",
    ...(page !== undefined && { page }),
    ...(viewer && { viewer }),
  };
}

/** Whose events they are, as far as anybody may tell: nobody's where the visitor wants no id, or the connection says no address. */
export function senderOf({ optedOut, fullAddress, userAgent = "" }: Client): Sender | undefined {
  return optedOut || fullAddress === undefined ? undefined : { address: fullAddress, userAgent };
}

/** What the collector's enrichment gets of a client. */
export function rawOf(client: Client): RawContext {
  return {
    ...(client.cutAddress !== undefined && { ip: client.cutAddress }),
    ...(client.userAgent !== undefined && { userAgent: client.userAgent }),
    ...client.viewer,
  };
}

interface Peer {
  readonly address: Address | undefined;
  /** The hop of X-Forwarded-For that the peer itself wrote, for when it is a proxy to be believed. */
  readonly forwarded: string | undefined;
}

/**
 * Who sent the request to the first of the machines that are ours. Each proxy appends the address it saw to X-Forwarded-For: what
 * stands further left came from the client and may be made up.
 */
function peerOf(c: Context, { peerAddress, trustProxy = 0 }: Pick<IngestDeps, "peerAddress" | "trustProxy">): Peer {
  const hops = c.req.header("x-forwarded-for")?.split(",") ?? [];
  const connection = () => parseAddress(peerAddress(c) ?? "");
  if (trustProxy !== "cloudfront") {
    // What a proxy could not tell (`unknown`) is the connection's: a wrong visitor can be lived with, none is no number at all.
    const address = trustProxy < 1 ? undefined : parseAddress(hops.at(-trustProxy) ?? "");
    return { address: address ?? connection(), forwarded: hops.at(-trustProxy - 1) };
  }
  // Address and port; IPv6 with or without brackets.
  const viewer = c.req.header("cloudfront-viewer-address")?.replace(/:\d+$/, "").replaceAll(/[[\]]/g, "");
  const address = parseAddress(viewer ?? "");
  if (!address) return { address: connection(), forwarded: undefined };
  // CloudFront appended the viewer, the gateway CloudFront: the last of these is the one that no client can have made up.
  const own = hops.findLastIndex((hop) => parseAddress(hop)?.full === address.full);
  return { address, forwarded: own > 0 ? hops[own - 1] : undefined };
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
