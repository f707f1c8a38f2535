import { hash, timingSafeEqual } from "node:crypto";
import { MillraceError } from "@millrace/core";
import type { Context } from "hono";
import type { Actor } from "../administration/actor.ts";
import { principalOf } from "../grant.ts";
import type { Person } from "../people/people.ts";
import { EVERY_PROJECT, ownsEverything, ROLE_MAY, roleIn, type Roles } from "../people/roles.ts";
import type { SessionRecord } from "../people/sessions.ts";
import type { Permission } from "../projects/project.ts";
import { projectNotFound } from "../projects/projects.ts";
import { sessionOf } from "./cookies.ts";
import type { ConsoleDeps } from "./deps.ts";

/** What a page of ours sends with every change: of the session where there is one. No form and no link of another page can. */
export const CSRF_HEADER = "x-millrace-csrf";

/** Who asks the console: somebody with a session, or a program with an organisation's key. */
export interface Caller extends Actor {
  readonly roles: Roles;
  readonly person?: Person;
  readonly session?: SessionRecord & { readonly token: string; readonly csrf: string };
}

/**
 * @throws MillraceError `InvalidApiKeyError` without a session or a key that is one; `NotPermitted` for a change that no page of ours asked for
 */
export async function callerOf(c: Context, deps: ConsoleDeps): Promise<Caller> {
  const from = deps.addressOf(c);
  const key = c.req.header("authorization");
  if (key !== undefined) {
    // Sent by hand, never by a browser on its own: it needs no other proof.
    const known = await deps.access.organisationKeys.find(key);
    if (!known) throw new MillraceError("InvalidApiKeyError", "The key is not a key of this organisation.");
    const who = { kind: "organisation", id: known.id, name: known.name } as const;
    return { who, from, roles: { [EVERY_PROJECT]: "owner" } };
  }
  const { session, person } = await signedIn(c, deps);
  if (!isReading(c) && !same(c.req.header(CSRF_HEADER) ?? "", session.csrf)) throw notFromHere();
  const { record, token, csrf } = session;
  return { who: principalOf(person), from, roles: person.roles, person, session: { ...record, token, csrf } };
}

/** Whose cookie the browser has: enough to read. @throws MillraceError `InvalidApiKeyError` */
export async function signedIn(c: Context, deps: ConsoleDeps) {
  const cookie = sessionOf(c, deps);
  const session = cookie === undefined ? undefined : await deps.access.sessions.ofCookie(cookie);
  const person = session && (await deps.access.people.get(session.record.person));
  if (!session || !person) throw notSignedIn(deps);
  return { session, person };
}

/** For what changes something and has no session yet: signing in, and joining. @throws MillraceError `NotPermitted` */
export function demandOwnPage(c: Context): void {
  if (c.req.header(CSRF_HEADER) === undefined) throw notFromHere();
}

/**
 * That the caller may do it in a project, or in all.
 * @throws MillraceError `ResourceNotFoundError` where they have no role: that there is such a project is not theirs to know; else
 * `NotPermitted`
 */
export function demand({ roles }: Caller, scope: string, need: Permission): void {
  const role = roleIn(roles, scope);
  if (role === undefined && scope !== EVERY_PROJECT) throw projectNotFound();
  if (role !== undefined && ROLE_MAY[role].has(need)) return;
  throw new MillraceError(
    "NotPermitted",
    role === undefined ? "This is for owners only." : `This is not for the role ${role}.`,
  );
}

/** @throws MillraceError `NotPermitted` */
export function demandOwner({ roles }: Caller): void {
  if (!ownsEverything(roles)) throw new MillraceError("NotPermitted", "This is for owners of all projects only.");
}

/** For what concerns a browser's own session. @throws MillraceError `NotPermitted` for a program with a key */
export function demandPerson(caller: Caller): Required<Pick<Caller, "person" | "session">> {
  const { person, session } = caller;
  if (person && session) return { person, session };
  throw new MillraceError("NotPermitted", "This is for people who signed in.");
}

function notSignedIn({ hint }: Pick<ConsoleDeps, "hint">): MillraceError {
  return new MillraceError(
    "InvalidApiKeyError",
    `This browser has no session.${hint === undefined ? " Sign in." : ` ${hint}`}`,
  );
}

function notFromHere(): MillraceError {
  return new MillraceError(
    "NotPermitted",
    `Only a page of this console may ask for this: ${CSRF_HEADER} is missing or not its own.`,
  );
}

function isReading(c: Context): boolean {
  return c.req.method === "GET" || c.req.method === "HEAD";
}

function same(a: string, b: string): boolean {
  const digest = (text: string) => Buffer.from(hash("sha256", text));
  return timingSafeEqual(digest(a), digest(b));
}
