import type { QueryClient } from "@tanstack/react-query";
import { askerOf } from "../api/client.ts";
import { readFragment } from "../api/session.ts";
import { session } from "../questions/project.ts";
import type { Opening } from "./prepare.ts";

/** What the page's head has asked for already (packages/local/src/opening.ts), where the server has such an answer. */
const ASKED = 'link[href^="/console/opening"]';

/** Takes over what is on its way since the head of the page came: whatever is in it need not be asked. Never throws. */
export async function takeOpening(client: QueryClient): Promise<void> {
  const asked = document.querySelector<HTMLLinkElement>(ASKED);
  // Who brings a key reads by it, whoever is signed in.
  if (!asked || readFragment(location.hash)) return;
  try {
    const response = await fetch(asked.href);
    if (response.status !== 200) return;
    const { answers, project, version } = (await response.json()) as Opening;
    for (const [key, answer, updatedAt] of answers) client.setQueryData(key, answer, { updatedAt });
    const access = client.getQueryData(session().queryKey)?.projects.find(({ id }) => id === project);
    if (access) askerOf(access).restart(version);
  } catch {
    // The page asks for itself, and tells what it meets.
  }
}
