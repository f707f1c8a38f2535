import { MillraceClientError } from "@millrace/client";
import { t } from "../language/words.ts";

/** The part of `fetch` that is needed. */
export type Fetch = (url: string, init?: RequestInit) => Response | Promise<Response>;

/** A project the reader may look at. */
export interface Access {
  readonly id: string;
  readonly name: string;
  readonly readKey: string;
  /** Absent for a reader who signed in with a read key. */
  readonly writeKey?: string | undefined;
  /** Absent for a reader who signed in with a read key. */
  readonly role?: Role | undefined;
  /** How the server is asked. Default: by the browser. */
  readonly fetch?: Fetch | undefined;
  /** The properties that may be named, for a reader who cannot ask which there are. */
  readonly schema?: Schema | undefined;
}

/** By collection its own properties, with Keen's names of their types. */
export type Schema = ReadonlyMap<string, readonly { readonly name: string; readonly type: string }[]>;

/** A project whose first answer is there. */
export interface OpenProject extends Access {
  /** IANA zone whose days the dashboard shows. */
  readonly timezone: string;
}

/** What somebody is in a project, the one who may least first. */
type Role = "viewer" | "analyst" | "operator" | "owner";

/** Whoever operates a project says what of it is sent to whom. */
export function maySend({ role }: Pick<Access, "role">): boolean {
  return role === "operator" || role === "owner";
}

/** A project that somebody who signed in has a role in. */
export interface MemberOf extends Access {
  readonly role: Role;
  readonly archived: boolean;
}

export interface Session {
  readonly person: {
    readonly id: string;
    readonly email: string;
    readonly name: string;
    readonly owner: boolean;
    readonly operates: boolean;
  };
  /** Goes with every change that this page asks the console for. */
  readonly csrf: string;
  readonly projects: readonly MemberOf[];
}

/** As the console tells it. The token stays in this page's memory: it is the key of somebody who signed in, for every project of theirs. */
interface Told extends Omit<Session, "projects"> {
  readonly token: string;
  readonly projects: readonly Omit<MemberOf, "readKey">[];
}

/**
 * Who is reading: whoever's cookie this browser has.
 * @returns null when the server has no session for this browser
 * @throws MillraceClientError when it cannot be asked
 */
export async function fetchSession(signal?: AbortSignal, fetch: Fetch = globalThis.fetch): Promise<Session | null> {
  let response: Response;
  try {
    response = await fetch("/console/session", signal && { signal });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new MillraceClientError("NetworkError", 0, t("The server cannot be reached."), { cause });
  }
  if ([401, 403, 404].includes(response.status)) return null;
  if (!response.ok) {
    throw new MillraceClientError(
      "UnreadableAnswer",
      response.status,
      t("The server answered with {status}.", { status: response.status }),
    );
  }
  // The time zone comes with the project itself, the same way for everybody.
  const { token, projects, ...session } = (await response.json()) as Told;
  return { ...session, projects: projects.map((project) => ({ ...project, readKey: token })) };
}
