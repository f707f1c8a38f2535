import type { Catalogue } from "./catalogue.ts";
import { chooseLanguage, type Chosen, type LanguageCode } from "./languages.ts";
import { speak } from "./spoken.ts";

const KEY = "millrace:language";

/** Each a chunk of its own, which only its readers load. */
const CATALOGUES: Partial<Record<LanguageCode, () => Promise<{ readonly default: Catalogue }>>> = {
  de: () => import("./de.json", { with: { type: "json" } }),
};

/**
 * Chooses the language of the page and waits for its messages; for English there is nothing to wait for.
 * @param keeps whether the next page knows what this one's address chose: those of the dashboard change their address. Default: it does
 */
export async function startLanguage({ keeps = true }: { readonly keeps?: boolean } = {}): Promise<void> {
  const chosen = readChosen(keeps);
  const load = CATALOGUES[chosen.language.code];
  try {
    speak({ ...chosen, catalogue: (await load?.())?.default });
  } catch {
    // English is better than no page.
    return;
  }
  document.documentElement.lang = chosen.language.code;
  document.documentElement.dir = chosen.language.dir;
}

/** Remembers the language, and opens the page in it. All of its state is in the address, so nothing else changes. */
export function switchLanguage(code: string): void {
  remember(code);
  const address = new URL(window.location.href);
  address.searchParams.delete("lang");
  history.replaceState(history.state, "", address);
  window.location.reload();
}

function readChosen(keeps: boolean): Chosen {
  const address = new URLSearchParams(location.search).get("lang");
  const choice = chooseLanguage({
    address,
    embed: document.documentElement.dataset["locale"],
    remembered: remembered(),
    browser: navigator.languages,
  });
  // The address forgets it on the next page.
  if (keeps && address === choice.language.code) remember(address);
  return choice;
}

/** Where a browser lets the frames of others store nothing, even to look is an error. */
function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function remember(code: string): void {
  try {
    localStorage.setItem(KEY, code);
  } catch {
    // Then it lasts as long as the address says it.
  }
}
