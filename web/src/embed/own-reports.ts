import { queryOptions } from "@tanstack/react-query";
import type { Access } from "../api/session.ts";
import { t } from "../language/words.ts";

export type Every = "daily" | "weekly";

/** A report that the viewer gets. */
export interface OwnReport {
  readonly id: string;
  readonly address: string;
  readonly every: Every;
  readonly ends_at: string;
}

interface OwnReports {
  readonly addresses: readonly string[];
  readonly subscriptions: readonly OwnReport[];
}

export const reportsOf = (access: Access) =>
  queryOptions({
    queryKey: ["embed-reports", access.id],
    queryFn: async () => (await ask(access, "GET", "")) as OwnReports,
    staleTime: 0,
  });

export const subscribeTo = (access: Access) => async (wanted: { readonly address: string; readonly every: Every }) => {
  await ask(access, "POST", "", { ...wanted, weekday: "monday" });
};

export const endReport = (access: Access) => async (id: string) => {
  await ask(access, "DELETE", `/${id}`);
};

/** @throws Error with what the server says */
async function ask({ id, readKey }: Access, method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`/3.0/projects/${id}/embed/reports${path}`, {
    method,
    headers: { authorization: readKey },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (answer.status === 204) return undefined;
  const said = (await answer.json()) as { readonly message?: string };
  if (!answer.ok) throw new Error(said.message ?? t("The server answered with {status}.", { status: answer.status }));
  return said;
}
