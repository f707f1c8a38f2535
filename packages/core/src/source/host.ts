/**
 * A host as sites are compared: without `www.`, port, and the dot that a full name may end with; lower case. A port is another
 * server of the same company (a shop on 8443), not another site that sends visitors.
 */
export function siteOf(host: string): string {
  const name = host.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
  return name.startsWith("www.") ? name.slice(4) : name;
}

/**
 * The same site: equal hosts, or one a subdomain of the other (www.example.com, app.example.com and example.com are one
 * company). Two subdomains beside each other are two sites, because on shared hosts they are two owners.
 */
export function isSameSite(a: string, b: string | null | undefined): boolean {
  if (!b) return false;
  const [x, y] = [siteOf(a), siteOf(b)];
  return x === y || x.endsWith(`.${y}`) || y.endsWith(`.${x}`);
}
