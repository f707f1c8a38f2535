/** A word of a question, or a text in quotation marks. */
export interface Token {
  /** As it was typed, without quotation marks. */
  readonly text: string;
  /** In small letters, for looking up. */
  readonly word: string;
  readonly isQuoted: boolean;
}

/** Quoted texts, comparison signs, and what stands between spaces and the marks of a sentence. */
const PARTS = /"([^"]*)"|“([^”]*)”|„([^“”]*)[“”]|(>=|<=|!=|[<>=≠])|((?:[^\s"“„<>=≠!,;?]|,(?=\d))+)/g;

/** A longer question is none: whatever stands behind it is not read. */
const MOST = 500;

/** The words of a question as somebody types it. */
export function tokensOf(text: string): readonly Token[] {
  return Array.from(text.slice(0, MOST).matchAll(PARTS), ([, plain, curly, low, sign, bare]) => {
    const quoted = plain ?? curly ?? low;
    const read = quoted ?? sign ?? bare?.replace(/(?<=.)[.:!]+$/, "") ?? "";
    return { text: read, word: read.toLowerCase(), isQuoted: quoted !== undefined };
  });
}
