import { readFragment } from "../api/fragment.ts";
import type { Opening } from "./prepare.ts";

/** What the page's head has asked for already (packages/local/src/opening.ts), where the server has such an answer. */
const ASKED = 'link[href^="/console/opening"]';

/** Waits for what is on its way since the head of the page came. Never throws: without it the page asks for itself, and tells what it meets. */
export async function askedOpening(): Promise<Opening | undefined> {
  const asked = document.querySelector<HTMLLinkElement>(ASKED);
  // Who brings a key reads by it, whoever is signed in.
  if (!asked || readFragment(location.hash)) return undefined;
  try {
    const response = await fetch(asked.href);
    return response.status === 200 ? ((await response.json()) as Opening) : undefined;
  } catch {
    return undefined;
  }
}
