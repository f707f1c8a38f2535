import { MillraceError } from "@millrace/core";
import type { Passwords } from "../people/passwords.ts";
import type { Person } from "../people/people.ts";
import type { SessionRecord } from "../people/sessions.ts";
import type { Throttle } from "../people/throttle.ts";

const TRIES = 10;

/**
 * Who finds an unlocked screen must not be able to keep the account: what opens it is changed with the password alone. Who came by a link or a
 * provider may have none.
 * @throws MillraceError `NotPermitted` for a wrong one, `RateLimitExceeded` after too many
 */
export async function demandPassword(
  { passwords, throttle }: { readonly passwords: Passwords; readonly throttle: Throttle },
  { person, session }: { readonly person: Person; readonly session: SessionRecord },
  password: string,
): Promise<void> {
  const account = `account ${person.email}`;
  await throttle.begin([{ name: account, most: TRIES }]);
  if (session.method === "password" && !(await passwords.check(person.id, password))) {
    throw new MillraceError("NotPermitted", "The current password is not right.");
  }
  await throttle.succeeded(account);
}
