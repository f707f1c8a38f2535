import type { Context } from "hono";
import * as z from "zod";
import type { ProjectAdministration } from "../administration/projects.ts";
import type { Route } from "../http/routes.ts";
import { roleIn } from "../people/roles.ts";
import type { Project } from "../projects/project.ts";
import { projectNotFound } from "../projects/projects.ts";
import { demand, demandOwner, type Caller } from "./caller.ts";
import type { ConsoleDeps } from "./deps.ts";
import { param, readBody, routesForCallers } from "./route.ts";

const TEXT = z.string().max(1_000);
const LIST = z.array(TEXT).max(200);
const NEW_PROJECT = z.strictObject({ name: TEXT, timezone: TEXT.optional() });
const SETTINGS = z.strictObject({
  name: TEXT.optional(),
  timezone: TEXT.optional(),
  origins: LIST.optional(),
  redirectHosts: LIST.optional(),
  addresses: z.enum(["whole", "cut"]).optional(),
  requestsPerSecond: z.number().nullable().optional(),
  engineSecondsPerMinute: z.number().nullable().optional(),
  eventsPerMonth: z.number().int().nullable().optional(),
  beyondQuota: z.enum(["refuse", "record"]).optional(),
  archived: z.boolean().optional(),
});
const PROXIES = z.strictObject({ addresses: LIST, secret: z.boolean().optional() });
const NEW_KEY = z.strictObject({ kind: z.enum(["write", "read", "master"]) });
const PROJECT = "/projects/:project";

/** Projects, their settings and their keys. */
export function projectRoutes(deps: ConsoleDeps, administration: ProjectAdministration): Route[] {
  const { projects, keys } = deps.access;
  const route = routesForCallers(deps);
  /** In the project of the path, for who may administer it. */
  const administered = (answer: (c: Context, caller: Caller, project: Project) => Promise<Response>) => {
    return async (c: Context, caller: Caller) => {
      demand(caller, param(c, "project"), "administer");
      const project = await projects.get(param(c, "project"));
      if (!project) throw projectNotFound();
      return answer(c, caller, project);
    };
  };

  return [
    route("GET", "/projects", "The projects that the caller has a role in.", async (c, { roles }) => {
      const theirs = (await projects.list()).filter(({ id }) => roleIn(roles, id) !== undefined);
      return c.json({ projects: theirs.map(show) });
    }),
    route("POST", "/projects", "Makes a project; its keys are answered this once.", async (c, caller) => {
      demandOwner(caller);
      const { project, ...made } = await administration.create(caller, await readBody(c, NEW_PROJECT));
      return c.json({ project: show(project), ...made }, 201);
    }),
    route(
      "GET",
      PROJECT,
      "One project and its settings.",
      administered(async (c, _caller, project) => c.json(show(project))),
    ),
    route(
      "PUT",
      PROJECT,
      "Changes settings of a project; what is left out stays.",
      administered(async (c, caller, { id }) => {
        const { archived, ...settings } = await readBody(c, SETTINGS);
        const changed = await administration.change(caller, { project: id, ...settings });
        const isArchived = changed.archivedAt !== undefined;
        const archive = archived !== undefined && archived !== isArchived;
        return c.json(show(archive ? await administration.archive(caller, id, archived) : changed));
      }),
    ),
    route(
      "PUT",
      `${PROJECT}/proxies`,
      "Says which proxies the project trusts; a new secret is answered this once.",
      administered(async (c, caller, { id }) => {
        const { trusted, secret } = await administration.trustProxies(caller, {
          project: id,
          ...(await readBody(c, PROXIES)),
        });
        return c.json({ addresses: trusted.addresses, secret: secret ?? null });
      }),
    ),
    route(
      "GET",
      `${PROJECT}/keys`,
      "The keys that are active, without their texts.",
      administered(async (c, _caller, { id }) => {
        const listed = await keys.list(id);
        return c.json({
          keys: listed.map(({ id: key, kind, createdAt, value }) => ({
            id: key,
            kind,
            createdAt,
            value: value ?? null,
          })),
        });
      }),
    ),
    route(
      "POST",
      `${PROJECT}/keys`,
      "Makes a key beside the one in use, and answers it this once.",
      administered(async (c, caller, { id }) =>
        c.json(await administration.createKey(caller, id, (await readBody(c, NEW_KEY)).kind), 201),
      ),
    ),
    route(
      "DELETE",
      `${PROJECT}/keys/:key`,
      "Ends a key; everywhere within a minute.",
      administered(async (c, caller, { id }) => {
        await administration.revokeKey(caller, id, param(c, "key"));
        return c.body(null, 204);
      }),
    ),
  ];
}

/** A project as its owner sees it: no hash of its proxies' secret. */
function show({
  id,
  name,
  timezone,
  createdAt,
  origins,
  redirectHosts,
  wholeAddresses,
  proxies,
  bots,
  requestsPerSecond,
  engineSecondsPerMinute,
  eventsPerMonth,
  beyondQuota,
  archivedAt,
}: Project) {
  return {
    id,
    name,
    timezone,
    createdAt,
    archived: archivedAt !== undefined,
    origins: origins ?? [],
    redirectHosts,
    addresses: wholeAddresses === true ? "whole" : "cut",
    proxies: { addresses: proxies?.addresses ?? [], hasSecret: proxies?.secretHash !== undefined },
    bots: bots ?? null,
    requestsPerSecond: requestsPerSecond ?? null,
    engineSecondsPerMinute: engineSecondsPerMinute ?? null,
    eventsPerMonth: eventsPerMonth ?? null,
    beyondQuota: beyondQuota ?? "refuse",
  };
}
