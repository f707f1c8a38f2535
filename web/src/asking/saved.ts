import { createClient, type MillraceClient, type SavedQueryAnswer, type SavedQueryDefinition } from "@millrace/client";
import type { Json } from "@millrace/core";
import { queryOptions } from "@tanstack/react-query";
import type { Access } from "../api/session.ts";
import type { AskedQuestion } from "./question.ts";

/** The pages that ask questions of one's own. */
export const QUESTION_PAGES = ["explore", "funnels", "retention", "paths"] as const;
export type QuestionPage = (typeof QUESTION_PAGES)[number];

/** A question of a page under a name. */
export interface SavedQuestion {
  readonly name: string;
  readonly title: string;
  readonly page: QuestionPage;
  /** The address of the page that asks it, from `?` on. */
  readonly address: string;
}

/** Who may define things does so with the session that they read with: what it lets do follows from their role. */
export function managerOf(access: Access): MillraceClient {
  return createClient({ url: "", projectId: access.id, masterKey: access.readKey });
}

/** The saved queries that were asked on a page of ours; others were saved through the API and have no page. */
export const savedOf = (access: Access) =>
  queryOptions({
    queryKey: ["saved", access.id],
    queryFn: async ({ signal }): Promise<readonly SavedQuestion[]> =>
      (await managerOf(access).savedQueries.list({ signal })).flatMap((saved) => readSaved(saved) ?? []),
    staleTime: 10_000,
  });

/** Saves a question under a title, with the page that asks it. Replaces one whose title makes the same name. */
export async function saveQuestion(
  access: Access,
  question: AskedQuestion,
  saved: Omit<SavedQuestion, "name">,
): Promise<void> {
  const { title, page, address } = saved;
  await managerOf(access).savedQueries.put(nameOf(title), {
    query: asSaved(question),
    metadata: { display_name: title, dashboard: { page, address } },
  });
}

/** What an answer says of itself is asked by whoever reads it. */
function asSaved(question: AskedQuestion): SavedQueryDefinition["query"] {
  const kept = Object.entries(question).filter(([name]) => name !== "include_metadata");
  return Object.fromEntries(kept) as unknown as SavedQueryDefinition["query"];
}

/** Letters, digits, `-` and `_`: what the API takes as a name. A title of other letters only gets a name by its code points. */
export function nameOf(title: string): string {
  const plain = title.trim().toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const name = plain.replace(/[^a-z0-9_]+/g, "-").replace(/^-|-$/g, "");
  const letters = Array.from(plain, (sign) => sign.codePointAt(0)?.toString(36) ?? "").join("");
  return (name || letters).slice(0, 200);
}

function readSaved({ query_name: name, metadata }: SavedQueryAnswer): SavedQuestion | undefined {
  const kept = asObject(metadata);
  const dashboard = asObject(kept["dashboard"]);
  const page = QUESTION_PAGES.find((each) => each === dashboard["page"]);
  const { address } = dashboard;
  if (page === undefined || typeof address !== "string") return undefined;
  const title = kept["display_name"];
  return { name, title: typeof title === "string" ? title : name, page, address };
}

function asObject(value: Json | undefined): Readonly<Record<string, Json>> {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
}
