import { hash } from "node:crypto";
import { MillraceError, type Registry } from "@millrace/core";
import type { Verified } from "./openid.ts";
import type { Person } from "./people.ts";

/**
 * The person of somebody whom a provider vouches for: whoever came as that subject before, else whom `find` finds by the address, who is bound to
 * the subject from then on. Addresses are given to others; a newcomer with an old address is not who had it.
 * @throws MillraceError `NotPermitted` for somebody nobody invited, and for an address that belongs to another subject of the provider
 */
export async function findOrBind(
  registry: Registry,
  { issuer, subject, email }: Verified,
  find: () => Promise<Person | undefined>,
  get: (id: string) => Promise<Person | undefined>,
): Promise<Person> {
  const subjectKey = {
    partition: `person-subject:${hash("sha256", JSON.stringify([issuer, subject]))}`,
    sort: "person",
  };
  const bound = await registry.get<{ person: string }>(subjectKey);
  const known = bound && (await get(bound.value.person));
  if (known) return known;
  const person = await find();
  if (!person) throw new MillraceError("NotPermitted", `Nobody has invited ${email}.`);
  const personKey = { partition: `person-subject:${person.id}`, sort: hash("sha256", issuer) };
  const [owner] = await registry.claimMany([{ key: personKey, value: subject, expiresAt: NEVER }]);
  if (owner !== subject)
    throw new MillraceError("NotPermitted", `${email} is somebody else now. Ask an owner to remove the one before.`);
  await registry.put(subjectKey, { person: person.id });
  return person;
}

/** The year 9999. */
const NEVER = 253_370_764_800_000;
