import * as z from "zod";
import type { PeopleAdministration, PeopleParts } from "../administration/people.ts";
import type { Route } from "../http/routes.ts";
import { operatesEverything, ownsEverything, roleIn } from "../people/roles.ts";
import type { SessionRecord } from "../people/sessions.ts";
import type { Project } from "../projects/project.ts";
import type { Throttle } from "../people/throttle.ts";
import { demandPerson, type Caller } from "./caller.ts";
import { demandPassword } from "./demand-password.ts";
import { endSession } from "./cookies.ts";
import type { ConsoleDeps } from "./deps.ts";
import { param, readBody, routesForCallers } from "./route.ts";

const PASSWORDS = z.strictObject({ current: z.string().max(2_000), password: z.string().max(2_000) });

interface Parts extends PeopleParts {
  readonly administration: PeopleAdministration;
  readonly throttle: Throttle;
}

/** What concerns who signed in: their session, their projects, their password. */
export function accountRoutes(deps: ConsoleDeps, parts: Parts): Route[] {
  const { access } = deps;
  const { administration } = parts;
  const route = routesForCallers(deps);

  return [
    route("GET", "/session", "Who is signed in, and what they may look at.", async (c, caller) => {
      const { person, session } = demandPerson(caller);
      const { id, email, name } = person;
      return c.json({
        person: { id, email, name, owner: ownsEverything(person.roles), operates: operatesEverything(person.roles) },
        token: session.token,
        csrf: session.csrf,
        projects: await projectsOf(deps, caller),
      });
    }),
    route("POST", "/sign-out", "Ends this browser's session.", async (c, caller) => {
      const { person, session } = demandPerson(caller);
      await access.sessions.revoke(person.id, session.id);
      await access.audit.record({ who: caller.who, from: caller.from, what: "session.close", target: person.email });
      endSession(c, deps);
      return c.body(null, 204);
    }),
    route("GET", "/sessions", "The browsers that are signed in.", async (c, caller) => {
      const { person, session } = demandPerson(caller);
      const sessions = await access.sessions.list(person.id);
      return c.json({ sessions: sessions.map((each) => ({ ...shown(each), current: each.id === session.id })) });
    }),
    route("DELETE", "/sessions/:session", "Ends a session of one's own.", async (c, caller) => {
      await administration.revokeSession(caller, demandPerson(caller).person.id, param(c, "session"));
      return c.body(null, 204);
    }),
    route("PUT", "/password", "Changes one's password, and ends all other sessions.", async (c, caller) => {
      const { person, session } = demandPerson(caller);
      const { current, password } = await readBody(c, PASSWORDS);
      await demandPassword(parts, { person, session }, current);
      await administration.setPassword(caller, person.id, password);
      for (const { id } of await access.sessions.list(person.id)) {
        if (id !== session.id) await access.sessions.revoke(person.id, id);
      }
      return c.body(null, 204);
    }),
  ];
}

/** The projects that somebody has a role in, by name; with what a page needs to ask about them, and no key but the public one. */
async function projectsOf({ access }: ConsoleDeps, { roles }: Caller) {
  const all = await access.projects.list();
  const theirs = all.flatMap((project) => {
    const role = roleIn(roles, project.id);
    return role === undefined ? [] : [{ project, role }];
  });
  const shownOnes = await Promise.all(
    theirs.map(async ({ project, role }) => ({ ...brief(project), role, writeKey: await publicKey(access, project) })),
  );
  return shownOnes.sort((a, b) => Number(a.archived) - Number(b.archived) || a.name.localeCompare(b.name));
}

function brief({ id, name, timezone, archivedAt }: Project) {
  return { id, name, timezone, archived: archivedAt !== undefined };
}

async function publicKey({ keys }: ConsoleDeps["access"], { id }: Project): Promise<string | undefined> {
  return (await keys.list(id)).findLast(({ kind }) => kind === "write")?.value;
}

function shown({ id, method, createdAt, expiresAt, agent, from }: SessionRecord) {
  return { id, method, createdAt, expiresAt, agent: agent ?? null, from: from ?? null };
}
