import { createContext, useContext } from "react";
import type { Access, Session } from "../api/session.ts";
import type { Search } from "../state/search.ts";

/** Who is reading, and what of. */
export interface Reader {
  /** Absent for who opened one project with a key. */
  readonly session: Session | undefined;
  /** What they may look at, at least one. */
  readonly projects: readonly Access[];
  /** The one that the address names, else the first. */
  readonly access: Access;
  readonly search: Search;
  /** Changes the address of the page that is open; everything shown follows from it. */
  readonly update: (patch: Partial<Search>) => void;
  /** Goes back to the sign-in; absent when the server itself said who is reading. */
  readonly onOther?: (() => void) | undefined;
}

const ReaderContext = createContext<Reader | undefined>(undefined);
export const ReaderProvider = ReaderContext.Provider;

/** @throws when used outside the shell: a mistake of ours. */
export function useReader(): Reader {
  const reader = useContext(ReaderContext);
  if (!reader) throw new Error("useReader needs the shell around it.");
  return reader;
}
