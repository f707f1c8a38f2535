import { QueryClient, type QueryKey } from "@tanstack/react-query";
import { askerOf } from "../api/client.ts";
import { fetchSession, type Fetch } from "../api/session.ts";
import { cannotBeWeb, type Ask } from "../questions/ask.ts";
import { projectOf, session } from "../questions/project.ts";
import { versionOf } from "../questions/version.ts";
import { resolveRange } from "../state/ranges.ts";
import { parseSearch } from "../state/search.ts";
import { wallNow } from "../state/wall.ts";
import { headOf, type Head } from "./head.ts";
import { overviewParts } from "./overview.ts";

/** What the overview is opened with, so that it need not ask for it: who reads, and the first numbers. */
export interface Opening {
  /** What is drawn of it first. */
  readonly head?: Head | undefined;
  readonly answers: readonly Answered[];
  /** The project whose numbers they are, and what was stored of it when they were counted. */
  readonly project?: string;
  readonly version?: string;
}

/** A question of the page by its key, the answer to it, and when that came: milliseconds. */
type Answered = readonly [key: QueryKey, answer: unknown, at: number];

interface Opened {
  /** The query of the page's address. */
  readonly search: string;
  /** Asks the server in the reader's name. */
  readonly fetch: Fetch;
  /** Milliseconds UTC. */
  readonly now: number;
  /** Milliseconds after which numbers that are not there yet are left for the page to ask. */
  readonly patienceMs: number;
}

/**
 * Asks beforehand what the overview will ask when it is opened, by the page's own questions. What the page asks all the same was not
 * foreseen, and is no mistake: it is asked as ever.
 * @returns undefined where nobody is signed in
 * @throws MillraceClientError when the session or the project could not be asked
 */
export async function prepare({ search: text, fetch, now, patienceMs }: Opened): Promise<Opening | undefined> {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: "always" } } });
  const known = await fetchSession(undefined, fetch);
  if (!known) return undefined;
  client.setQueryData(session().queryKey, known);
  const search = parseSearch(text);
  const member = known.projects.find(({ id }) => id === search.project) ?? known.projects[0];
  if (!member) return { answers: answersOf(client) };

  const access = { ...member, fetch };
  const { name, timezone, collections } = await client.fetchQuery(projectOf(access));
  const wall = wallNow(timezone, now);
  const period = resolveRange(search, wall);
  const { filters, bots } = search;
  let head: Head | undefined;
  if (period && !cannotBeWeb({ collections, filters })) {
    const ask: Ask = { access: { ...access, name, timezone }, collections, period, filters, bots, about: "web" };
    const parts = Object.values(overviewParts({ ask, search, now: wall }, client).first);
    await Promise.race([Promise.allSettled(parts.map((part) => part())), after(patienceMs)]);
    head = headOf({ client, ask, search, now: wall });
  }
  const version = askerOf(access).firstVersion();
  if (version !== undefined) client.setQueryData(versionOf(access).queryKey, version);
  return { head, answers: answersOf(client), project: member.id, ...(version !== undefined && { version }) };
}

function answersOf(client: QueryClient): Answered[] {
  const all = client.getQueryCache().findAll({ predicate: ({ state }) => state.status === "success" });
  return all.map(({ queryKey, state: { data, dataUpdatedAt } }) => [queryKey, data, dataUpdatedAt]);
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
