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

/** What a missing value means, where it means something. */
const EMPTY: Readonly<Record<string, string>> = {
  $source: "Direct or unknown",
  $channel: "Unknown",
  "$geo.country": "Unknown",
  "$browser.name": "Unknown",
  "$os.name": "Unknown",
  $device: "Unknown",
  "$utm.campaign": "No campaign",
};
