import { MillraceError } from "@millrace/core";
import type { Access } from "../authenticate.ts";
import type { Invitation, Invitations } from "../people/invitations.ts";
import type { Passwords } from "../people/passwords.ts";
import { personNotFound, readEmail, type Person } from "../people/people.ts";
import { EVERY_PROJECT, ownsEverything, type Role } from "../people/roles.ts";
import type { SecondFactors } from "../people/second-factor.ts";
import type { Actor } from "./actor.ts";

/** Where a role is given: a project's id, or every project. */
type Scope = string;

/** Changes of who may do what, each in the audit log. Who may make them is for the caller to say. */
export interface PeopleAdministration {
  /**
   * Gives the role to whom has that address already; else makes an invitation, whose token is answered this once.
   */
  invite(
    by: Actor,
    invitation: { readonly email: string; readonly role: Role; readonly scope: Scope },
  ): Promise<{ readonly person: Person } | { readonly invitation: Invitation & { readonly token: string } }>;
  /** Makes a person of an invitation. @throws MillraceError `InvalidApiKeyError` for a token that was used, taken back or is too old */
  accept(
    from: string | undefined,
    token: string,
    chosen: { readonly name: string; readonly password: string },
  ): Promise<Person>;
  /** The same for an address that a provider has verified: the invitation that is open for it, if there is one. */
  acceptVerified(
    from: string | undefined,
    verified: { readonly email: string; readonly name: string },
  ): Promise<Person | undefined>;
  withdraw(by: Actor, id: string): Promise<Invitation>;
  /**
   * @param role undefined takes it away
   * @throws MillraceError `InvalidParameterError` for the last owner of everything: nobody could let anybody in again
   */
  setRole(by: Actor, person: string, scope: Scope, role: Role | undefined): Promise<Person>;
  /** Ends their sessions too. @throws as `setRole` */
  remove(by: Actor, person: string): Promise<Person>;
  setPassword(by: Actor, person: string, password: string): Promise<void>;
  /** @returns codes for emergencies, shown this once. @throws as {@link SecondFactors.confirm} */
  confirmSecondFactor(by: Actor, person: string, code: string): Promise<readonly string[]>;
  /** @throws MillraceError `ResourceNotFoundError` where there is none */
  removeSecondFactor(by: Actor, person: string): Promise<void>;
  revokeSession(by: Actor, person: string, session: string): Promise<void>;
}

export interface PeopleParts extends Pick<Access, "people" | "sessions" | "audit"> {
  readonly invitations: Invitations;
  readonly passwords: Passwords;
  readonly secondFactors: SecondFactors;
}

export function createPeopleAdministration(parts: PeopleParts): PeopleAdministration {
  const { people, sessions, audit, invitations, passwords, secondFactors } = parts;

  async function existing(id: string): Promise<Person> {
    const person = await people.get(id);
    if (!person) throw personNotFound();
    return person;
  }

  async function keepAnOwner(person: Person): Promise<void> {
    if (!ownsEverything(person.roles)) return;
    const owners = (await people.list()).filter(({ roles }) => ownsEverything(roles));
    if (owners.length > 1) return;
    throw new MillraceError("InvalidParameterError", "This is the last owner of everything. Make another one first.");
  }

  async function join(from: string | undefined, invitation: Invitation, name: string): Promise<Person> {
    if (!(await invitations.take(invitation.id))) throw noInvitation();
    const { email, roles } = invitation;
    const person = await people.create({ email, name, roles });
    const who = { kind: "person", id: person.id, name: email } as const;
    await audit.record({
      who,
      from,
      what: "person.join",
      target: email,
      after: { roles, invitedBy: invitation.invitedBy },
    });
    return person;
  }

  return {
    async invite(by, { email: text, role, scope }) {
      const email = readEmail(text);
      const known = await people.byEmail(email);
      if (known) return { person: await this.setRole(by, known.id, scope, role) };
      const invitation = await invitations.create({ email, roles: { [scope]: role }, invitedBy: by.who.name });
      await audit.record({ ...by, what: "person.invite", ...projectOf(scope), target: email, after: { role, scope } });
      return { invitation };
    },
    async accept(from, token, { name, password }) {
      const invitation = await invitations.ofToken(token);
      if (!invitation) throw noInvitation();
      // Before it is used up: a password that will not do must not cost the invitation.
      passwords.demand(password);
      const person = await join(from, invitation, name);
      await passwords.set(person.id, password);
      return person;
    },
    async acceptVerified(from, { email, name }) {
      const invitation = (await invitations.list()).find((each) => each.email === email.toLowerCase());
      return invitation && join(from, invitation, name);
    },
    async withdraw(by, id) {
      const invitation = (await invitations.list()).find((each) => each.id === id);
      if (!invitation || !(await invitations.take(id))) throw noInvitation();
      await audit.record({ ...by, what: "person.withdraw-invitation", target: invitation.email });
      return invitation;
    },
    async setRole(by, id, scope, role) {
      const before = await existing(id);
      const { [scope]: had, ...others } = before.roles;
      if (role === had) return before;
      if (!ownsEverything(role === undefined ? others : { ...others, [scope]: role })) await keepAnOwner(before);
      const person = await people.setRole(id, scope, role);
      await audit.record({
        ...by,
        what: "person.role",
        ...projectOf(scope),
        target: person.email,
        before: { role: had ?? null, scope },
        after: { role: role ?? null, scope },
      });
      return person;
    },
    async remove(by, id) {
      await keepAnOwner(await existing(id));
      const person = await people.remove(id);
      await sessions.revokeAll(id);
      await passwords.delete(id);
      await secondFactors.remove(id);
      await audit.record({ ...by, what: "person.remove", target: person.email, before: { roles: person.roles } });
      return person;
    },
    async setPassword(by, id, password) {
      const { email } = await existing(id);
      await passwords.set(id, password);
      await audit.record({ ...by, what: "person.password", target: email });
    },
    async confirmSecondFactor(by, id, code) {
      const { email } = await existing(id);
      const codes = await secondFactors.confirm(id, code);
      await audit.record({ ...by, what: "person.second-factor", target: email, after: { on: true } });
      return codes;
    },
    async removeSecondFactor(by, id) {
      const { email } = await existing(id);
      if (!(await secondFactors.remove(id)))
        throw new MillraceError("ResourceNotFoundError", "Resource not found. There is no second factor.");
      await audit.record({ ...by, what: "person.second-factor", target: email, after: { on: false } });
    },
    async revokeSession(by, id, session) {
      const { email } = await existing(id);
      if (!(await sessions.revoke(id, session))) {
        throw new MillraceError("ResourceNotFoundError", "Resource not found. There is no such session.");
      }
      await audit.record({ ...by, what: "session.revoke", target: email, before: { session: session.slice(0, 12) } });
    },
  };
}

/** What concerns one project is in that project's log. */
function projectOf(scope: Scope): { project?: string } {
  return scope === EVERY_PROJECT ? {} : { project: scope };
}

function noInvitation(): MillraceError {
  return new MillraceError(
    "InvalidApiKeyError",
    "This invitation was used or taken back, or is too old. Ask for another.",
  );
}
