import { MillraceError, type RandomBytes } from "@millrace/core";
import { BlockList, isIP } from "node:net";
import { hashKey, mintKey } from "./keys.ts";
import type { Project, TrustedProxies } from "./project.ts";
import type { Projects } from "./projects.ts";

/** Set by a proxy that is known by a secret. */
export const PROXY_SECRET_HEADER = "x-millrace-proxy";

const MAX_ADDRESSES = 100;
/** Whoever is in a trusted range can make up visitors; a range wider than this has strangers in it. */
const WIDEST = { ipv4: 8, ipv6: 16 } as const;

export interface ProxySettings {
  readonly project: string;
  /** Replaces the list. */
  readonly addresses: readonly string[];
  /** True makes a new secret; false or absent: from now on there is none. */
  readonly secret?: boolean | undefined;
}

/**
 * Says which proxies a project trusts from now on; other processes notice within a minute.
 * @returns the secret, when one was asked for: the only time it is seen
 * @throws MillraceError `InvalidParameterError` naming a bad address, `ResourceNotFoundError` for an unknown project
 */
export async function trustProxies(
  projects: Pick<Projects, "update">,
  random: RandomBytes,
  { project, addresses, secret: wanted = false }: ProxySettings,
): Promise<{ readonly trusted: TrustedProxies; readonly secret?: string }> {
  if (addresses.length > MAX_ADDRESSES) throw badAddress(`${addresses.length} proxies; ${MAX_ADDRESSES} are possible.`);
  rangesOf(addresses);
  const secret = wanted ? mintKey(random) : undefined;
  const trusted = { addresses, ...(secret !== undefined && { secretHash: hashKey(secret) }) };
  await projects.update(project, { proxies: trusted });
  return { trusted, ...(secret !== undefined && { secret }) };
}

/**
 * Whether a request is from one of the project's proxies.
 * @param peer whole address of who sent it to us
 * @param secret of its {@link PROXY_SECRET_HEADER}
 */
export function isTrustedProxy(
  { proxies }: Pick<Project, "proxies">,
  peer: string | undefined,
  secret: string | undefined,
): boolean {
  if (proxies === undefined) return false;
  if (secret !== undefined && proxies.secretHash !== undefined && hashKey(secret) === proxies.secretHash) return true;
  const family = familyOf(peer ?? "");
  return peer !== undefined && family !== undefined && knownRanges(proxies.addresses).check(peer, family);
}

const known = new WeakMap<readonly string[], BlockList>();

function knownRanges(addresses: readonly string[]): BlockList {
  const ranges = known.get(addresses) ?? rangesOf(addresses);
  known.set(addresses, ranges);
  return ranges;
}

function rangesOf(addresses: readonly string[]): BlockList {
  const ranges = new BlockList();
  for (const text of addresses) {
    const [, address = "", bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
    const family = familyOf(address);
    if (family === undefined)
      throw badAddress(`"${text.slice(0, 60)}" is not an address or a range such as 203.0.113.0/24.`);
    const most = family === "ipv4" ? 32 : 128;
    const prefix = bits === undefined ? most : Number(bits);
    if (prefix < WIDEST[family] || prefix > most) {
      throw badAddress(`"${text}" must have a prefix of ${WIDEST[family]} to ${most} bits.`);
    }
    ranges.addSubnet(address, prefix, family);
  }
  return ranges;
}

function familyOf(address: string): "ipv4" | "ipv6" | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? "ipv4" : "ipv6";
}

function badAddress(problem: string): MillraceError {
  return new MillraceError("InvalidParameterError", `Trusted proxies: ${problem}`);
}
