/**
 * What a page may ask for that takes a part of its own: settings, names for `auto`, and the method `widget`. A script without the part
 * says so; see parts/lacking.ts.
 */
const WORDS = {
  clicks: ["outbound", "tag"],
  actions: ["download", "form", "copy"],
  errors: ["errors"],
  rules: ["hash", "query", "canonical", "beforeSend"],
  scroll: ["scroll"],
  vitals: ["vitals"],
  widgets: ["widget", "frames"],
} as const;

export type NamedPart = keyof typeof WORDS;

/** The words whose part is not among `names`. */
export function wordsLacking(names: readonly string[]): readonly string[] {
  return Object.entries(WORDS).flatMap(([name, words]) => (names.includes(name) ? [] : words));
}
