import * as z from "zod";
import type { ProjectAdministration } from "../administration/projects.ts";
import type { Route } from "../http/routes.ts";
import type { OrganisationKey } from "../projects/organisation-keys.ts";
import { demandOwner, demandPerson } from "./caller.ts";
import type { ConsoleDeps } from "./deps.ts";
import { param, readBody, routesForCallers } from "./route.ts";

const NEW_KEY = z.strictObject({ name: z.string().trim().min(1).max(100) });

/** Keys for all projects: for people alone, since one that leaked could otherwise make itself another. */
export function organisationKeyRoutes(deps: ConsoleDeps, administration: ProjectAdministration): Route[] {
  const route = routesForCallers(deps);
  return [
    route("GET", "/organisation-keys", "The keys for all projects, without their texts.", async (c, caller) => {
      demandOwner(caller);
      const keys = await deps.access.organisationKeys.list();
      return c.json({ keys: keys.toSorted((a, b) => a.createdAt - b.createdAt).map(show) });
    }),
    route(
      "POST",
      "/organisation-keys",
      "Makes a key for all projects, and answers it this once.",
      async (c, caller) => {
        demandOwner(caller);
        demandPerson(caller);
        const { name } = await readBody(c, NEW_KEY);
        const { key, ...made } = await administration.createOrganisationKey(caller, name);
        return c.json({ ...show(made), key }, 201);
      },
    ),
    route("DELETE", "/organisation-keys/:key", "Ends a key for all projects.", async (c, caller) => {
      demandOwner(caller);
      demandPerson(caller);
      await administration.revokeOrganisationKey(caller, param(c, "key"));
      return c.body(null, 204);
    }),
  ];
}

function show({ id, name, createdAt }: OrganisationKey) {
  return { id, name, createdAt };
}
