/** What the dashboard is written in. English stands in the code; each other language has a catalogue beside this file. */
export const LANGUAGES = [
  { code: "en", name: "English", dir: "ltr" },
  { code: "de", name: "Deutsch", dir: "ltr" },
] as const satisfies readonly Language[];

interface Language {
  /** BCP 47, without a region. */
  readonly code: string;
  /** In itself: whoever looks for it may read no other. */
  readonly name: string;
  readonly dir: "ltr" | "rtl";
}

export type LanguageCode = (typeof LANGUAGES)[number]["code"];

export interface Chosen {
  readonly language: (typeof LANGUAGES)[number];
  /** What numbers and dates are written by: the language as it is written in the reader's country. */
  readonly locale: string;
}

interface Wishes {
  /** `lang` of the address. */
  readonly address?: string | null;
  /** Of an embed, as its token says; any locale. */
  readonly embed?: string | undefined;
  /** What was chosen here before. */
  readonly remembered?: string | null;
  /** What the browser is set to, the best first. */
  readonly browser: readonly string[];
}

/** The first wish that we have a language for, else English. Whoever embeds us is obeyed in numbers and dates whatever the language. */
export function chooseLanguage({ address, embed, remembered, browser }: Wishes): Chosen {
  const wishes = embed === undefined ? [address, remembered, ...browser] : [address, embed];
  const [language = LANGUAGES[0]] = wishes.flatMap((wish) => (wish ? (languageOf(wish) ?? []) : []));
  const locale = browser.find((each) => languageOf(each) === language) ?? language.code;
  return { language, locale: embed ?? locale };
}

function languageOf(locale: string): (typeof LANGUAGES)[number] | undefined {
  const code = locale.toLowerCase().split("-", 1)[0];
  return LANGUAGES.find((language) => language.code === code);
}
