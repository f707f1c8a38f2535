import { MillraceError } from "@millrace/core";
import type { Context } from "hono";
import * as z from "zod";
import type { PeopleAdministration, PeopleParts } from "../administration/people.ts";
import type { Route } from "../http/routes.ts";
import type { Invitation } from "../people/invitations.ts";
import { personNotFound, readRole, type Person } from "../people/people.ts";
import { EVERY_PROJECT, roleIn } from "../people/roles.ts";
import { projectNotFound } from "../projects/projects.ts";
import { demand, demandOwner, type Caller } from "./caller.ts";
import type { ConsoleDeps } from "./deps.ts";
import { param, readBody, routesForCallers } from "./route.ts";

const INVITATION = z.strictObject({ email: z.string().max(300), role: z.string().max(50) });
const ROLE = z.strictObject({ role: z.string().max(50) });

interface Parts extends PeopleParts {
  readonly administration: PeopleAdministration;
}

/** Who may do what: in one project (`/projects/:project/people`), and in all (`/people`). */
export function peopleRoutes(deps: ConsoleDeps, parts: Parts): Route[] {
  const { access } = deps;
  const { administration, invitations } = parts;
  const route = routesForCallers(deps);

  const under = (prefix: string, where: string, scopeOf: (c: Context) => string): Route[] => {
    const scoped = (answer: (c: Context, caller: Caller, scope: string) => Promise<Response>) => {
      return async (c: Context, caller: Caller) => {
        const scope = scopeOf(c);
        demand(caller, scope, "administer");
        if (scope !== EVERY_PROJECT && !(await access.projects.get(scope))) throw projectNotFound();
        return answer(c, caller, scope);
      };
    };
    return [
      route(
        "GET",
        `${prefix}/people`,
        `Who may do what in ${where}, and who is invited.`,
        scoped(async (c, _caller, scope) => {
          const people = (await access.people.list()).filter(
            ({ roles }) => roleIn(roles, scope) !== undefined || scope === EVERY_PROJECT,
          );
          const open = (await invitations.list()).filter(({ roles }) => Object.hasOwn(roles, scope));
          return c.json({
            people: people.map((each) => showPerson(each, scope)),
            invitations: open.map((each) => showInvitation(each, scope)),
          });
        }),
      ),
      route(
        "POST",
        `${prefix}/invitations`,
        `Invites somebody to ${where}; the link is answered this once.`,
        scoped(async (c, caller, scope) => {
          const { email, role } = await readBody(c, INVITATION);
          const made = await administration.invite(caller, { email, role: readRole(role), scope });
          if ("person" in made) return c.json({ person: showPerson(made.person, scope), link: null }, 200);
          const { token, ...invitation } = made.invitation;
          // In the fragment, which no server, log or referrer ever sees.
          return c.json(
            { invitation: showInvitation(invitation, scope), link: `${deps.publicUrl(c)}/join#token=${token}` },
            201,
          );
        }),
      ),
      route(
        "DELETE",
        `${prefix}/invitations/:invitation`,
        "Takes an invitation back.",
        scoped(async (c, caller, scope) => {
          const id = param(c, "invitation");
          const there = (await invitations.list()).some((each) => each.id === id && Object.hasOwn(each.roles, scope));
          if (!there)
            throw new MillraceError("ResourceNotFoundError", "Resource not found. There is no such invitation.");
          await administration.withdraw(caller, id);
          return c.body(null, 204);
        }),
      ),
      route(
        "PUT",
        `${prefix}/people/:person`,
        `Gives somebody a role in ${where}.`,
        scoped(async (c, caller, scope) => {
          const role = readRole((await readBody(c, ROLE)).role);
          await demandKnown(deps, param(c, "person"), scope);
          return c.json(showPerson(await administration.setRole(caller, param(c, "person"), scope, role), scope));
        }),
      ),
      route(
        "DELETE",
        `${prefix}/people/:person/role`,
        `Takes somebody's role in ${where} away.`,
        scoped(async (c, caller, scope) => {
          await demandKnown(deps, param(c, "person"), scope);
          await administration.setRole(caller, param(c, "person"), scope, undefined);
          return c.body(null, 204);
        }),
      ),
    ];
  };

  return [
    ...under("/projects/:project", "a project", (c) => param(c, "project")),
    ...under("", "all projects", () => EVERY_PROJECT),
    route("DELETE", "/people/:person", "Removes somebody, with all their sessions.", async (c, caller) => {
      demandOwner(caller);
      await administration.remove(caller, param(c, "person"));
      return c.body(null, 204);
    }),
  ];
}

/** An owner of one project is not told, by trying ids, who else there is. @throws MillraceError `ResourceNotFoundError` */
async function demandKnown({ access }: ConsoleDeps, id: string, scope: string): Promise<void> {
  const person = await access.people.get(id);
  if (!person || (scope !== EVERY_PROJECT && roleIn(person.roles, scope) === undefined)) throw personNotFound();
}

/** `inherited`: their role in all projects, where that is what holds. */
function showPerson({ id, email, name, roles, createdAt }: Person, scope: string) {
  const role = roleIn(roles, scope) ?? null;
  return { id, email, name, role, inherited: scope !== EVERY_PROJECT && roles[scope] !== role, createdAt };
}

function showInvitation({ id, email, roles, invitedBy, createdAt, expiresAt }: Invitation, scope: string) {
  return { id, email, role: roles[scope] ?? null, invitedBy, createdAt, expiresAt };
}
