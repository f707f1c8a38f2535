import ipaddr from "ipaddr.js";
import { isIP } from "node:net";

/** A client address in the two forms it may be used in. */
export interface Address {
  /** Whole, in one spelling. Never queued, stored or logged but as the value of a placeholder, where the project's operator chose so. */
  readonly full: string;
  /** IPv4 cut to /24, IPv6 to /48: no longer one person, still good for geography. */
  readonly cut: string;
}

const IPV4_KEPT_BYTES = 3;
const IPV6_KEPT_BYTES = 6;

/** What stands around an address: brackets, a port, quotes. Without brackets IPv6's port is told by its five digits, as no group has. */
const AROUND = [/^"?\[([^\]]*)\](?::\d+)?"?$/, /^"?([\d.]+)(?::\d+)?"?$/, /^([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]+):\d{5}$/];

/**
 * Reads an address as proxies write it: with a port (`203.0.113.9:50123`), in brackets, with both, with IPv6's zone (`%eth0`, which
 * tells the interfaces of the proxy apart and not its visitors). Undefined for anything that is not an IP address (`unknown`, and what C's
 * library would take for one: `8080`, `1.2.3`). An IPv4 address mapped into IPv6 is the IPv4 address.
 */
export function parseAddress(text: string): Address | undefined {
  const trimmed = text.trim();
  const inner = AROUND.map((form) => form.exec(trimmed)?.[1]).find((found) => found !== undefined) ?? trimmed;
  const [bare = ""] = inner.split("%", 1);
  if (isIP(bare) === 0) return undefined;
  const address = ipaddr.process(bare);
  const kept = address.kind() === "ipv4" ? IPV4_KEPT_BYTES : IPV6_KEPT_BYTES;
  const bytes = address.toByteArray().map((byte, index) => (index < kept ? byte : 0));
  return { full: address.toNormalizedString(), cut: ipaddr.fromByteArray(bytes).toString() };
}
