/** Domains of the OpenSearch service: `NAME.REGION.es.amazonaws.com`, `.com.cn` in China, `aos.NAME.REGION.on.aws` with IPv6. */
const DOMAIN_HOST = /\.(?:es\.amazonaws\.com(?:\.cn)?|on\.aws)$/;

/**
 * True for the address of a domain, whose requests must be signed with the function's role. Any other address (an OpenSearch on
 * a developer's machine) must get no signature: it would show the role's session token to whoever listens there.
 */
export function isAwsDomain(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" && DOMAIN_HOST.test(hostname);
}
