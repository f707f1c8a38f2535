import { MillraceError } from "@millrace/core";
import type { Context } from "hono";
import * as z from "zod";
import type { PeopleAdministration, PeopleParts } from "../administration/people.ts";
import { principalOf } from "../grant.ts";
import type { Route } from "../http/routes.ts";
import { findOrBind } from "../people/subjects.ts";
import type { Person } from "../people/people.ts";
import type { SignInMethod } from "../people/sessions.ts";
import type { Throttle } from "../people/throttle.ts";
import { demandOwnPage } from "./caller.ts";
import { setSession, setTicket, takeTicket } from "./cookies.ts";
import type { ConsoleDeps } from "./deps.ts";
import { consoleRoute, readBody } from "./route.ts";

const CREDENTIALS = z.strictObject({
  email: z.string().max(300),
  password: z.string().max(2_000),
  /** Of the second factor, where there is one. */
  code: z.string().max(100).optional(),
});
const TOKEN = z.string().max(100);
const JOINING = z.strictObject({ token: TOKEN, name: z.string().max(200), password: z.string().max(2_000) });

/** Of one account, and of one address, in a quarter of an hour: an office behind one address can sign in, a list of passwords cannot be tried. */
const TRIES_OF_ACCOUNT = 10;
const TRIES_OF_ADDRESS = 60;

const CALLBACK = "/openid/callback";

interface Parts extends PeopleParts {
  readonly administration: PeopleAdministration;
  readonly throttle: Throttle;
}

/** The ways in: a password, a provider of OpenID Connect, an invitation. */
export function signInRoutes(deps: ConsoleDeps, parts: Parts): Route[] {
  const { access, openId } = deps;
  const { administration, throttle, passwords, secondFactors, invitations } = parts;

  return [
    consoleRoute("GET", "/sign-in", "The ways in that there are.", async (c) =>
      c.json({ password: true, openid: openId ? { name: openId.name } : null, hint: deps.hint ?? null }),
    ),
    consoleRoute("POST", "/sign-in", "Signs in with a password, and the code of a second factor.", async (c) => {
      demandOwnPage(c);
      const { email, password, code } = await readBody(c, CREDENTIALS);
      const account = `account ${email.trim().toLowerCase()}`;
      await throttle.begin([
        { name: `address ${deps.addressOf(c) ?? "unknown"}`, most: TRIES_OF_ADDRESS },
        { name: account, most: TRIES_OF_ACCOUNT },
      ]);
      const person = await access.people.byEmail(email);
      if (!(await passwords.check(person?.id, password)) || !person) {
        throw new MillraceError("InvalidApiKeyError", "Address and password do not belong together.");
      }
      if ((await secondFactors.left(person.id)) !== undefined) {
        // The password was right and nobody is in: the page asks for the code. Tries of either are counted until both are right.
        if (code === undefined) return c.json({ second_factor: true }, 202);
        if (!(await secondFactors.check(person.id, code)))
          throw new MillraceError("InvalidApiKeyError", "The code is not right, or was used already.");
      }
      await throttle.succeeded(account);
      await enter(c, deps, person, "password");
      return c.json({ email: person.email });
    }),
    consoleRoute("POST", "/invitations/show", "What an invitation is for.", async (c) => {
      demandOwnPage(c);
      const invitation = await invitations.ofToken((await readBody(c, z.strictObject({ token: TOKEN }))).token);
      if (!invitation)
        throw new MillraceError("ResourceNotFoundError", "This invitation was used or taken back, or is too old.");
      return c.json({ email: invitation.email, invitedBy: invitation.invitedBy });
    }),
    consoleRoute("POST", "/invitations/accept", "Joins by an invitation, with a password.", async (c) => {
      demandOwnPage(c);
      const { token, ...chosen } = await readBody(c, JOINING);
      const person = await administration.accept(deps.addressOf(c), token, chosen);
      await enter(c, deps, person, "password");
      return c.json({ email: person.email }, 201);
    }),
    consoleRoute("GET", "/openid", "Leads to the provider that says who somebody is.", async (c) => {
      const { url, ticket } = await provider(deps).begin(deps.publicUrl(c) + `/console${CALLBACK}`);
      setTicket(c, deps, ticket);
      return c.redirect(url, 303);
    }),
    consoleRoute("GET", CALLBACK, "Where the provider leads back to.", async (c) => {
      const ticket = takeTicket(c, deps);
      // The path and what it asks are the request's; where we are is ours to say.
      const callback = new URL(`/console${CALLBACK}${new URL(c.req.url).search}`, deps.publicUrl(c));
      try {
        const verified = await provider(deps).finish(callback, ticket ?? "");
        const person = await findOrBind(
          deps.registry,
          verified,
          async () => {
            const known = await access.people.byEmail(verified.email);
            return known ?? administration.acceptVerified(deps.addressOf(c), verified);
          },
          (id) => access.people.get(id),
        );
        await enter(c, deps, person, "openid");
      } catch (thrown) {
        if (!(thrown instanceof MillraceError) || thrown.status >= 500) throw thrown;
        // A person looks at this answer, not a program: the page says it in words.
        return c.redirect(`/#problem=${encodeURIComponent(thrown.message)}`, 303);
      }
      return c.redirect("/", 303);
    }),
  ];
}

/** Opens a session for this browser, and says so in the log. */
export async function enter(c: Context, deps: ConsoleDeps, person: Person, method: SignInMethod): Promise<void> {
  const from = deps.addressOf(c);
  const session = await deps.access.sessions.open({
    person: person.id,
    method,
    agent: c.req.header("user-agent"),
    from,
  });
  await deps.access.audit.record({
    who: principalOf(person),
    from,
    what: "session.open",
    target: person.email,
    after: { method },
  });
  setSession(c, deps, session);
}

function provider({ openId }: ConsoleDeps) {
  if (openId) return openId;
  throw new MillraceError("ResourceNotFoundError", "Nobody signs in by OpenID Connect here.");
}
