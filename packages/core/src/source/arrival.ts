import { sourceOfHost, sourceOfWord, type KnownSource } from "./known.ts";

/** What an advertiser's click id says of the click it was added to. */
export type ClickKind = "search" | "social" | "display";

interface ClickId {
  readonly source: string;
  /** Undefined where the id stands on unpaid links too. */
  readonly paid: ClickKind | undefined;
}

/**
 * Click ids by parameter, with the site that adds them, in the order in which they are believed: Facebook and Google's free listings
 * add theirs to links nobody paid for.
 */
const CLICK_IDS: Readonly<Record<string, ClickId>> = {
  gclid: { source: "Google", paid: "search" },
  gbraid: { source: "Google", paid: "search" },
  wbraid: { source: "Google", paid: "search" },
  gad_source: { source: "Google", paid: "search" },
  dclid: { source: "Google", paid: "display" },
  msclkid: { source: "Bing", paid: "search" },
  yclid: { source: "Yandex", paid: "search" },
  ttclid: { source: "TikTok", paid: "social" },
  twclid: { source: "X", paid: "social" },
  li_fat_id: { source: "LinkedIn", paid: "social" },
  fbclid: { source: "Facebook", paid: undefined },
  srsltid: { source: "Google", paid: undefined },
};

/** Parameters that sites and directories put their own name into, where nobody tagged a campaign. */
const NAMED_BY = ["ref", "source"] as const;

/** Every query parameter that says where a visit came from. All others are dropped before the queue. */
export function isArrivalParameter(name: string): boolean {
  const lower = name.toLowerCase();
  return lower.startsWith("utm_") || Object.hasOwn(CLICK_IDS, lower) || NAMED_BY.some((known) => known === lower);
}

/** What the address of a page says of the way to it. Words as they were written, without blanks around; absent when empty. */
export interface Arrival {
  readonly utm: Readonly<Partial<Record<"source" | "medium" | "campaign" | "term" | "content", string>>>;
  /** The name that a link carries in `ref` or `source`. */
  readonly named?: string;
  readonly click?: ClickId;
}

/** Reads an address's query. Names count in any case: links are typed and rewritten by people and mail programs. */
export function readArrival(query: string | null | undefined): Arrival {
  if (!query) return { utm: {} };
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const lower = name.toLowerCase();
    // The first one counts, as in every reader of campaigns.
    if (value.trim() !== "" && !parameters.has(lower)) parameters.set(lower, value.trim());
  }
  const utm: Record<string, string> = {};
  for (const part of ["source", "medium", "campaign", "term", "content"]) {
    const value = parameters.get(`utm_${part}`);
    if (value !== undefined) utm[part] = value;
  }
  const named = NAMED_BY.map((name) => parameters.get(name)).find((value) => value !== undefined);
  const click = Object.entries(CLICK_IDS).find(([name]) => parameters.has(name))?.[1];
  return { utm, ...(named !== undefined && { named }), ...(click && { click }) };
}

/** Where somebody came from: the name that reports show, and what kind of site it is, if it is known. */
export interface Source {
  readonly name: string;
  readonly known: KnownSource | undefined;
}

/**
 * The source of an arrival, read in one way from whatever tells it, so that one site fills one row: the campaign's word, else the
 * name a link carries, else an ad's click id, else the referring host, else a click id that stands on unpaid links. A word that
 * means a known site is that site's name, however it was written; any other stays as it is.
 * @param referrerHost of another site; undefined for none, null for the same site, from which a link's `ref` says nothing
 */
export function sourceOf({ utm, named, click }: Arrival, referrerHost: string | null | undefined): Source | undefined {
  const word = utm.source ?? (referrerHost === null ? undefined : named);
  if (word !== undefined) {
    const known = sourceOfWord(word);
    return { name: known?.name ?? word, known };
  }
  if (click?.paid !== undefined) return siteNamed(click.source);
  if (referrerHost) {
    const known = sourceOfHost(referrerHost);
    return { name: known?.name ?? referrerHost, known };
  }
  return click && referrerHost !== null ? siteNamed(click.source) : undefined;
}

function siteNamed(name: string): Source {
  return { name, known: sourceOfWord(name) };
}
