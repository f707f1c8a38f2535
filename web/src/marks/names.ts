/** Where the drawings lie beside the page. Browsers keep what is in it for a year: other drawings need another name. */
export const MARKS_FOLDER = "assets/marks-1";

/** Browsers and systems by their names, as user agents are read; the first that fits. */
const LOGOS = [
  [/edge/i, "edge"],
  [/opera/i, "opera"],
  [/firefox/i, "firefox"],
  [/brave/i, "brave"],
  [/vivaldi/i, "vivaldi"],
  [/duckduckgo/i, "duckduckgo"],
  [/chrom/i, "chrome"],
  [/safari/i, "safari"],
  [/^ie\b|explorer/i, "explorer"],
  [/windows/i, "windows"],
  [/^(ios|ipados|mac|tvos|watchos)/i, "apple"],
  [/android/i, "android"],
  [/ubuntu/i, "ubuntu"],
  [/linux/i, "linux"],
] as const;

export type LogoName = (typeof LOGOS)[number][1];

/** The drawing of a value, by its file's name; undefined: it has none. */
export function markOf(field: string, value: string): string | undefined {
  if (field === "$geo.country") return /^[A-Z]{2}$/.test(value) ? value : undefined;
  return LOGOS.find(([names]) => names.test(value))?.[1];
}
