import { DEFAULT_SEARCH, stringifySearch, type Search } from "../state/search.ts";

/** The address without whose project it is and how it looks: whoever opens it has a theme of their own. */
export function addressOf(search: Search): string {
  return stringifySearch({ ...search, project: undefined, theme: DEFAULT_SEARCH.theme, more: undefined });
}
