/** Turns a group's value into words: country names by locale, everything else as it is stored. */
export function valueName(locale: string): (field: string, value: string | number | boolean | null) => string {
  const regions = new Intl.DisplayNames([locale], { type: "region", fallback: "code" });
  return (field, value) => {
    if (value === null) return EMPTY[field] ?? "(none)";
    if (field === "$geo.country" && /^[A-Z]{2}$/.test(String(value))) return regions.of(String(value)) ?? String(value);
    if (field === "$device" && typeof value === "string") return value.charAt(0).toUpperCase() + value.slice(1);
    return String(value) === "" ? "(empty)" : String(value);
  };
}

/** What to say when no event has any value there: one row "Unknown" over the whole width would say less. */
export function nothingKnown(field: string): string {
  return NOTHING[field] ?? "None of these events has a value here.";
}

const NOTHING: Readonly<Record<string, string>> = {
  "$page.path": "None of these events is about a page.",
  $channel: "Nothing is known about where these came from.",
  $source: "Nothing is known about where these came from.",
  "$utm.campaign": "No campaign brought anybody here.",
  "$geo.country": "No country is known. It comes from CloudFront, a GEO_DB file, or the browser’s time zone.",
  $device: "No device is known.",
  "$browser.name": "No browser is known.",
  "$os.name": "No system is known.",
};

/** What a missing value means, where it means something. */
const EMPTY: Readonly<Record<string, string>> = {
  $source: "Direct or same site",
  $channel: "From the same site",
  "$geo.country": "Unknown",
  "$browser.name": "Unknown",
  "$os.name": "Unknown",
  $device: "Unknown",
  "$utm.campaign": "No campaign",
};
