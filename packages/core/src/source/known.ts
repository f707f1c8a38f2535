import { siteOf } from "./host.ts";
import { ALIASES, SITES, type SourceKind } from "./sites.ts";

export type { SourceKind };

/** A site of the list. */
export interface KnownSource {
  readonly name: string;
  readonly kind: SourceKind;
}

/** A word as it is looked up: people write Product Hunt, product-hunt and producthunt. */
function keyOf(word: string): string {
  return word.toLowerCase().replace(/[\s_-]/g, "");
}

const BY_DOMAIN = new Map<string, KnownSource>();
const BY_BRAND = new Map<string, KnownSource>();
const BY_WORD = new Map<string, KnownSource>();

for (const [kind, sites] of Object.entries(SITES) as [SourceKind, Readonly<Record<string, string>>][]) {
  for (const [name, domains] of Object.entries(sites)) {
    const source = { name, kind };
    BY_WORD.set(keyOf(name), source);
    for (const domain of domains.split(" ")) {
      if (domain.endsWith(".*")) BY_BRAND.set(domain.slice(0, -2), source);
      else BY_DOMAIN.set(domain, source);
    }
  }
}
for (const [word, name] of Object.entries(ALIASES)) {
  const source = BY_WORD.get(keyOf(name));
  if (source) BY_WORD.set(word, source);
}

/** Of a site's host, which has no `www.` any more. */
const NATIONAL = /^(?:m\.)?([a-z]+)\.(?:com|net|org|co|[a-z]{2}|(?:com|co)\.[a-z]{2})$/;

/** The site a referring host belongs to. */
export function sourceOfHost(referrer: string): KnownSource | undefined {
  const host = siteOf(referrer);
  for (let domain = host; ;) {
    const known = BY_DOMAIN.get(domain);
    if (known) return known;
    const dot = domain.indexOf(".");
    if (dot < 0) break;
    domain = domain.slice(dot + 1);
  }
  const brand = NATIONAL.exec(host)?.[1];
  return brand === undefined ? undefined : BY_BRAND.get(brand);
}

/** The site a `utm_source` means: its name, a usual short form, or its domain. */
export function sourceOfWord(word: string): KnownSource | undefined {
  return BY_WORD.get(keyOf(word)) ?? sourceOfHost(word.trim().toLowerCase());
}
