/** A message in another language: a text, or one for each of the language's plural categories. */
export type Translation = string | Partial<Record<Intl.LDMLPluralRule, string>>;

/** The messages of a language by their English, as the files beside this one hold them. */
export type Catalogue = Readonly<Record<string, Translation>>;

/**
 * The name of a message in a built catalogue: 24 bits of its English (FNV-1a), so that English does not come along with every other language.
 * Two messages of one name fail the build.
 */
export function messageName(english: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < english.length; at++) hash = Math.imul(hash ^ english.charCodeAt(at), 0x01000193);
  return ((hash ^ (hash >>> 24)) & 0xffffff).toString(36);
}

/** What the build puts in a catalogue's place. @throws Error when two messages would have one name */
export function builtCatalogue(catalogue: Catalogue): Catalogue {
  const english = new Map<string, string>();
  const built = Object.entries(catalogue).map(([text, translation]) => {
    const name = messageName(text);
    const other = english.get(name);
    if (other !== undefined) throw new Error(`Two messages have one name; change a word: "${other}", "${text}".`);
    english.set(name, text);
    return [name, translation] as const;
  });
  return Object.fromEntries(built);
}
