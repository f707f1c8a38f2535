import type { Json } from "@millrace/core";
import { queryOptions } from "@tanstack/react-query";
import { askJson } from "../api/json.ts";
import type { Access } from "../api/session.ts";

/** Accepted events that the store can never keep, of one reason and collection. */
export interface RejectedGroup {
  readonly reason: string;
  readonly collection: string;
  readonly count: number;
  readonly first_at: string;
  readonly last_at: string;
  readonly sample: { readonly detail: string; readonly raw: Json } | null;
}

/** How far a replay came. */
export interface Replayed {
  readonly sent: number;
  readonly without_raw: number;
}

export const rejectedOf = (access: Access) =>
  queryOptions({
    queryKey: ["rejected", access.id],
    queryFn: ({ signal }) =>
      askJson<{ groups: readonly RejectedGroup[] }>(pathOf(access, ""), {
        headers: { authorization: access.readKey },
        signal,
      }),
    retry: false,
  });

/** Sends the events of a group through the pipeline again, request by request until all were seen. Safe to repeat. */
export async function replay(access: Access, { reason, collection }: RejectedGroup): Promise<Replayed> {
  let sum: Replayed = { sent: 0, without_raw: 0 };
  for (let after: string | null | undefined; after !== null;) {
    const page: Replayed & { readonly after: string | null } = await askJson(pathOf(access, "/replay"), {
      method: "POST",
      headers: { authorization: access.readKey, "content-type": "application/json" },
      body: JSON.stringify({ reason, collection, send: true, ...(after !== undefined && { after }) }),
    });
    sum = { sent: sum.sent + page.sent, without_raw: sum.without_raw + page.without_raw };
    after = page.after;
  }
  return sum;
}

function pathOf({ id }: Access, path: string): string {
  return `/3.0/projects/${encodeURIComponent(id)}/rejected${path}`;
}
