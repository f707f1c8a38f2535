import type { QueryClient } from "@tanstack/react-query";
import { askerOf } from "../api/client.ts";
import { session } from "../questions/project.ts";
import type { Opening } from "./prepare.ts";

/** Takes over what came with the page: whatever is in it need not be asked. */
export function takeOpening(client: QueryClient, { answers, project, version }: Opening): void {
  for (const [key, answer, updatedAt] of answers) client.setQueryData(key, answer, { updatedAt });
  const access = client.getQueryData(session().queryKey)?.projects.find(({ id }) => id === project);
  if (access) askerOf(access).restart(version);
}
