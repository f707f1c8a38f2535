import { createPeopleAdministration } from "../administration/people.ts";
import { createProjectAdministration } from "../administration/projects.ts";
import type { Route } from "../http/routes.ts";
import { createInvitations } from "../people/invitations.ts";
import { createPasswords } from "../people/passwords.ts";
import { createSecondFactors } from "../people/second-factor.ts";
import { createThrottle } from "../people/throttle.ts";
import { accountRoutes } from "./account-routes.ts";
import { auditRoutes } from "./audit-routes.ts";
import type { ConsoleDeps } from "./deps.ts";
import { organisationKeyRoutes } from "./organisation-key-routes.ts";
import { peopleRoutes } from "./people-routes.ts";
import { projectRoutes } from "./project-routes.ts";
import { secondFactorRoutes } from "./second-factor-routes.ts";
import { signInRoutes } from "./sign-in-routes.ts";

/** Every route of the console: who may do what, and the projects it is about. */
export function consoleRoutes(deps: ConsoleDeps): Route[] {
  const { access, clock, random } = deps;
  const kept = {
    ...access,
    invitations: createInvitations(deps),
    passwords: createPasswords(deps),
    secondFactors: createSecondFactors(deps),
  };
  const parts = { ...kept, administration: createPeopleAdministration(kept), throttle: createThrottle(deps) };
  const projects = createProjectAdministration(access, random, () => clock.now());
  return [
    ...signInRoutes(deps, parts),
    ...accountRoutes(deps, parts),
    ...secondFactorRoutes(deps, parts),
    ...peopleRoutes(deps, parts),
    ...projectRoutes(deps, projects),
    ...organisationKeyRoutes(deps, projects),
    ...auditRoutes(deps),
  ];
}
