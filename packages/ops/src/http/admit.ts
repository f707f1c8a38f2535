import { operatesEverything, type Access } from "@millrace/access";
import { MillraceError } from "@millrace/core";

/**
 * Lets in people whose role lets them operate every project, with the token of their session.
 * @param isOwn tells a key of the machine's own, where there is one: whoever can read the data folder may do everything anyway
 */
export function createAdmit(
  { sessions, people }: Pick<Access, "sessions" | "people">,
  isOwn: (key: string) => boolean = () => false,
): (key: string | undefined) => Promise<void> {
  return async (key = "") => {
    if (key !== "" && isOwn(key)) return;
    const session = await sessions.ofToken(key);
    const person = session && (await people.get(session.person));
    if (person && operatesEverything(person.roles)) return;
    throw new MillraceError("InvalidApiKeyError", "This needs somebody who operates all projects.");
  };
}
