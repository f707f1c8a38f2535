import type { Catalogue } from "./catalogue.ts";
import { chooseLanguage, type Chosen } from "./languages.ts";

interface Spoken extends Chosen {
  /** Absent for English, which stands in the code. */
  readonly catalogue: Catalogue | undefined;
}

/** English, where there is no page that has a reader. */
let spoken: Spoken = { ...chooseLanguage({ browser: [] }), catalogue: undefined };

/**
 * Sets the language, before any module with texts is loaded: texts are constants of their modules, and another language is another load of the
 * page.
 */
export function speak(next: Spoken): void {
  spoken = next;
}

/** The language, and what it says. */
export function whatIsSpoken(): Spoken {
  return spoken;
}
