import ipaddr from "ipaddr.js";

/** A client address in the two forms it may be used in. */
export interface Address {
  /** Whole, in one spelling. Only ever an input of the visitor hash: never queued, stored or logged. */
  readonly full: string;
  /** IPv4 cut to /24, IPv6 to /48: no longer one person, still good for geography. */
  readonly cut: string;
}

const IPV4_KEPT_BYTES = 3;
const IPV6_KEPT_BYTES = 6;

/** Undefined for anything that is not an IP address. An IPv4 address mapped into IPv6 is the IPv4 address. */
export function parseAddress(text: string): Address | undefined {
  if (!ipaddr.isValid(text)) return undefined;
  const address = ipaddr.process(text);
  const kept = address.kind() === "ipv4" ? IPV4_KEPT_BYTES : IPV6_KEPT_BYTES;
  const bytes = address.toByteArray().map((byte, index) => (index < kept ? byte : 0));
  return { full: address.toNormalizedString(), cut: ipaddr.fromByteArray(bytes).toString() };
}
