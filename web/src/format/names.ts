import { t } from "../language/words.ts";
import { readableHost } from "./hosts.ts";
import { keptBy } from "./intl.ts";

type ValueName = (field: string, value: string | number | boolean | null) => string;

/** Turns a group's value into words: country names by locale, everything else as it is stored. The same function for the same locale. */
export const valueName = keptBy((locale): ValueName => {
  let regions: Intl.DisplayNames | undefined;
  const country = (code: string): string => {
    regions ??= new Intl.DisplayNames([locale], { type: "region", fallback: "code" });
    return regions.of(code) ?? code;
  };
  return (field, value) => {
    if (value === null) return EMPTY[field] ?? t("(none)");
    if (field === "$geo.country" && /^[A-Z]{2}$/.test(String(value))) return country(String(value));
    if (field === "$device" && typeof value === "string") return value.charAt(0).toUpperCase() + value.slice(1);
    if (typeof value !== "string") return String(value);
    if (value === "") return t("(empty)");
    if (HOSTS.has(field)) return readableHost(value);
    if (PATHS.has(field)) return readablePath(value).replace(ORIGIN, (_, scheme, host) => scheme + readableHost(host));
    // Of a property's values, 5 and "5" are two.
    return !field.startsWith("$") && READS_AS_OTHER.test(value) ? `"${value}"` : value;
  };
});

/** Fields that hold a host, or do where nothing better is known. */
const HOSTS: ReadonlySet<string> = new Set(["$page.host", "$referrer.host", "$source", "$visit.source"]);
const ORIGIN = /^(https?:\/\/)([^/?#]+)/;

/** Fields that hold an address or a part of one, percent-encoded as a browser sends it. */
const PATHS: ReadonlySet<string> = new Set(["$page.path", "$visit.entry", "$visit.exit", "$referrer.path", "$target"]);
const READS_AS_OTHER = /^(?:true|false|null|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i;
/** Escapes of what URLs always escape: bytes beyond ASCII, and the characters that a path may not hold as they are. */
const ESCAPES = /(?:%(?:[89A-F][0-9A-F]|20|22|3C|3E|5E|60|7B|7D))+/gi;
/** What would be invisible, or turn the text around it: stays escaped. */
const UNSEEN = /[^\P{C}]|[\u2028\u2029]|(?! )\p{Zs}/gu;

/**
 * An address for people: `/%D0%B1%D0%BB%D0%BE%D0%B3` as `/блог`. Only escapes that every browser writes are undone, so two paths
 * never come to read as one (`%2F` is no slash); bytes that are no UTF-8 stay as they are.
 */
export function readablePath(path: string): string {
  return path.replace(ESCAPES, (escapes) => {
    try {
      return decodeURIComponent(escapes).replace(UNSEEN, encodeURIComponent);
    } catch {
      return escapes;
    }
  });
}

/** What to say when no event has any value there: one row "Unknown" over the whole width would say less. */
export function nothingKnown(field: string): string {
  return NOTHING[field] ?? t("None of these events has a value here.");
}

const NOTHING: Readonly<Record<string, string>> = {
  "$page.path": t("None of these events is about a page."),
  "$visit.channel": t("Nothing is known about where these came from."),
  "$visit.source": t("Nobody is known to have been sent here from elsewhere."),
  "$visit.campaign": t("No campaign brought anybody here."),
  "$visit.entry": t("None of these belongs to a visit of pages."),
  "$visit.utm_source": t("No address that began a visit had a utm_source."),
  "$visit.medium": t("No address that began a visit had a utm_medium."),
  "$visit.content": t("No address that began a visit had a utm_content."),
  "$visit.term": t("No address that began a visit had a utm_term."),
  "$referrer.host": t("No other site referred to these pages."),
  "$geo.country": t("No country is known."),
  $device: t("No device is known."),
  "$browser.name": t("No browser is known."),
  "$os.name": t("No system is known."),
};

/** What a missing value means, where it means something. */
const EMPTY: Readonly<Record<string, string>> = {
  "$visit.source": t("Direct or unknown"),
  "$visit.channel": t("Unknown"),
  "$visit.campaign": t("No campaign"),
  "$visit.entry": t("Unknown"),
  "$referrer.host": t("No other site"),
  "$geo.country": t("Unknown"),
  "$visit.utm_source": t("None"),
  "$visit.medium": t("None"),
  "$visit.content": t("None"),
  "$visit.term": t("None"),
  "$browser.name": t("Unknown"),
  "$browser.version": t("Unknown"),
  "$os.name": t("Unknown"),
  "$os.version": t("Unknown"),
  $device: t("Unknown"),
  "$geo.region": t("Unknown"),
  "$geo.city": t("Unknown"),
  $language: t("Unknown"),
  $screen: t("Unknown"),
};
