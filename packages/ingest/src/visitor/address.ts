import ipaddr from "ipaddr.js";

/** A client address in the two forms it may be used in. */
export interface Address {
  /** Whole, in one spelling. Never queued, stored or logged but as the value of a placeholder, where the project's operator chose so. */
  readonly full: string;
  /** IPv4 cut to /24, IPv6 to /48: no longer one person, still good for geography. */
  readonly cut: string;
}

const IPV4_KEPT_BYTES = 3;
const IPV6_KEPT_BYTES = 6;

/**
 * Reads an address as proxies write it: with a port (`203.0.113.9:50123`), in brackets, with both. Undefined for anything that is
 * not an IP address (`unknown`). An IPv4 address mapped into IPv6 is the IPv4 address.
 */
export function parseAddress(text: string): Address | undefined {
  const bare =
    /^\s*"?\[([^\]]*)\](?::\d+)?"?\s*$/.exec(text)?.[1] ?? /^([^:]+):\d+$/.exec(text.trim())?.[1] ?? text.trim();
  if (!ipaddr.isValid(bare)) return undefined;
  const address = ipaddr.process(bare);
  const kept = address.kind() === "ipv4" ? IPV4_KEPT_BYTES : IPV6_KEPT_BYTES;
  const bytes = address.toByteArray().map((byte, index) => (index < kept ? byte : 0));
  return { full: address.toNormalizedString(), cut: ipaddr.fromByteArray(bytes).toString() };
}
