import { createContext, useContext, useMemo } from "react";
import { navigate, usePathname, useSearch as useQueryString } from "wouter/use-browser-location";
import { parseSearch, stringifySearch, type Search } from "../state/search.ts";

/** A place of the dashboard. */
export interface Place {
  /** Its path; absent: where the reader is. What it is made of is encoded. */
  readonly to?: string;
  /** What it shows, or how that follows from what is shown now. Absent: everything at its default. */
  readonly search?: Partial<Search> | ((now: Search) => Partial<Search>);
  /** The fragment stays: it may hold the key. */
  readonly hash?: boolean;
}

/** Where the reader is. */
interface Address {
  /** As it stands there. */
  readonly path: string;
  readonly search: Search;
}

const AddressContext = createContext<Address>({ path: "/", search: parseSearch("") });
export const AddressProvider = AddressContext.Provider;

/** Watches the address, once for the whole page: a link is one of many, and each has to follow. */
export function useAddress(): Address {
  const path = usePathname();
  const text = useQueryString();
  return useMemo(() => ({ path, search: read(text) }), [path, text]);
}

export function usePath(): string {
  return useContext(AddressContext).path;
}

/** What the address says. The same object while it says the same. */
export function useSearch(): Search {
  return useContext(AddressContext).search;
}

let latest = { text: "", search: parseSearch("") };

/** Reads it once for all links of a page. */
function read(text: string): Search {
  if (latest.text !== text) latest = { text, search: parseSearch(text) };
  return latest.search;
}

/** A place as the address of a link. */
export function addressOf({ to = location.pathname, search = {}, hash = false }: Place): string {
  const shown = typeof search === "function" ? search(read(location.search)) : search;
  return to + stringifySearch(shown) + (hash ? location.hash : "");
}

/** Goes to a place: a page that is new begins at its top, one that only changes stays where it is. */
export function go(place: Place): void {
  const before = location.pathname;
  navigate(addressOf(place));
  if (location.pathname !== before) window.scrollTo(0, 0);
}

const ParametersContext = createContext<Readonly<Record<string, string>>>({});
export const ParametersProvider = ParametersContext.Provider;

/** A part of the page's path by its name, decoded. @throws where the path has none: a mistake of ours */
export function useParameter(name: string): string {
  const value = useContext(ParametersContext)[name];
  if (value === undefined) throw new Error(`The path has no "${name}".`);
  return value;
}
