import { COMMAND, operatesEverything, type Access, type Principal } from "@millrace/access";
import { MillraceError } from "@millrace/core";

/**
 * Lets in people whose role lets them operate every project, with the token of their session, and programs with a key of the organisation.
 * @returns who it is, for the audit log
 * @param isOwn tells a key of the machine's own, where there is one: whoever can read the data folder may do everything anyway
 */
export function createAdmit(
  { sessions, people, organisationKeys }: Pick<Access, "sessions" | "people" | "organisationKeys">,
  isOwn: (key: string) => boolean = () => false,
): (key: string | undefined) => Promise<Principal> {
  return async (key = "") => {
    if (key !== "" && isOwn(key)) return COMMAND;
    const program = await organisationKeys.find(key);
    if (program) return { kind: "organisation", id: program.id, name: program.name };
    const session = await sessions.ofToken(key);
    const person = session && (await people.get(session.person));
    if (person && operatesEverything(person.roles)) return { kind: "person", id: person.id, name: person.email };
    throw new MillraceError("InvalidApiKeyError", "This needs somebody who operates all projects.");
  };
}
