import * as z from "zod";
import type { PeopleAdministration, PeopleParts } from "../administration/people.ts";
import type { Route } from "../http/routes.ts";
import type { Throttle } from "../people/throttle.ts";
import { demandOwner, demandPerson } from "./caller.ts";
import { demandPassword } from "./demand-password.ts";
import type { ConsoleDeps } from "./deps.ts";
import { param, readBody, routesForCallers } from "./route.ts";

/** Empty for who has none. */
const PASSWORD = z.strictObject({ password: z.string().max(2_000) });
const CODE = z.strictObject({ code: z.string().max(100) });

interface Parts extends PeopleParts {
  readonly administration: PeopleAdministration;
  readonly throttle: Throttle;
}

/** The second factor of who signed in; an owner of everything takes one away whose phone is gone. */
export function secondFactorRoutes(deps: ConsoleDeps, parts: Parts): Route[] {
  const { administration, secondFactors } = parts;
  const route = routesForCallers(deps);

  return [
    route("GET", "/second-factor", "Whether one has a second factor.", async (c, caller) => {
      const left = await secondFactors.left(demandPerson(caller).person.id);
      return c.json({ on: left !== undefined, emergency_codes_left: left ?? 0 });
    }),
    route("POST", "/second-factor", "Makes a secret for the app on one's phone.", async (c, caller) => {
      const who = demandPerson(caller);
      await demandPassword(parts, who, (await readBody(c, PASSWORD)).password);
      const issuer = `Millrace ${new URL(deps.publicUrl(c)).host}`;
      return c.json(await secondFactors.begin(who.person.id, { issuer, account: who.person.email }), 201);
    }),
    route("PUT", "/second-factor", "Turns the second factor on, with a code of that app.", async (c, caller) => {
      const { person } = demandPerson(caller);
      const codes = await administration.confirmSecondFactor(caller, person.id, (await readBody(c, CODE)).code);
      return c.json({ emergency_codes: codes });
    }),
    route("DELETE", "/second-factor", "Turns one's second factor off.", async (c, caller) => {
      const who = demandPerson(caller);
      await demandPassword(parts, who, (await readBody(c, PASSWORD)).password);
      await administration.removeSecondFactor(caller, who.person.id);
      return c.body(null, 204);
    }),
    route("DELETE", "/people/:person/second-factor", "Takes away a second factor that is lost.", async (c, caller) => {
      demandOwner(caller);
      await administration.removeSecondFactor(caller, param(c, "person"));
      return c.body(null, 204);
    }),
  ];
}
