import { translated } from "./words.ts";

type TextOf<Answer> = { [Name in keyof Answer]: Answer[Name] extends string ? Name : never }[keyof Answer];

/**
 * What the server says in English, in the reader's language: `told(check, "title", "why")`. A sentence that the catalogue does not know (a
 * server of another version, one with a name or a number in it) stays as it is. web/test/support/server-texts.ts lists those that every
 * catalogue has to know.
 */
export function told<Answer extends object>(answer: Answer, ...members: readonly TextOf<Answer>[]): Answer {
  return { ...answer, ...Object.fromEntries(members.map((name) => [name, inWords(String(answer[name]))])) };
}

function inWords(english: string): string {
  const translation = translated(english);
  return typeof translation === "string" ? translation : english;
}
