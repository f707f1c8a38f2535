import type { Grant, Operation, Route } from "@millrace/access";
import { MillraceError, parseZone, type Json, type JsonObject } from "@millrace/core";
import { nextTime, NEVER, type KeptStanding, type Named, type Report, type Subject, type Watch } from "@millrace/ops";
import type { QueryDeps } from "../deps.ts";
import { refuseUnknown } from "../parse/known.ts";
import { readReport, readWatch, type Reading } from "../sending/read-sending.ts";
import { showReport, showWatch } from "../sending/show.ts";
import { isName } from "../stored/names.ts";
import { found } from "../stored/run-saved.ts";
import { authenticated, param, recordChange, routesUnder } from "./asking.ts";
import {
  REPORT_BODY,
  REPORT_EXAMPLE,
  REPORT_RESOURCE,
  WATCH_BODY,
  WATCH_EXAMPLE,
  WATCH_RESOURCE,
} from "./openapi-sending.ts";
import { subscriptionRoutes } from "./subscription-routes.ts";
import { unsubscribeRoutes } from "./unsubscribe-routes.ts";

/** Of a project, each kind: more than anybody reads, and what the upkeep looks at every ten minutes. */
const MOST = 100;

type Sends = NonNullable<QueryDeps["sending"]>;

/** `…/reports` and `…/watches`: what is sent on a schedule, by whoever operates the project. None where nothing can be sent. */
export function sendingRoutes(deps: QueryDeps): Route[] {
  const { sending, clock } = deps;
  if (!sending) return [];
  return [
    ...routesOf<Report>(deps, sending, {
      kind: "report",
      path: "/reports",
      of: sending.reports,
      read: readReport,
      show: showReport,
      dueAt: (report, { project }) => nextTime(report, parseZone(report.timezone ?? project.timezone), clock.now()),
      schemas: { body: REPORT_BODY, example: REPORT_EXAMPLE, resource: REPORT_RESOURCE },
    }),
    ...routesOf<Watch>(deps, sending, {
      kind: "watch",
      path: "/watches",
      of: sending.watches,
      read: readWatch,
      show: showWatch,
      // The hour that was over last is looked at first.
      dueAt: () => clock.now(),
      schemas: { body: WATCH_BODY, example: WATCH_EXAMPLE, resource: WATCH_RESOURCE },
    }),
    ...(deps.embeds ? subscriptionRoutes(deps, sending) : []),
    ...unsubscribeRoutes(deps, sending),
  ];
}

/** What differs between the kinds. */
interface Kind<T> {
  readonly kind: "report" | "watch";
  readonly path: string;
  readonly of: Named<T>;
  readonly read: (raw: JsonObject, name: string, reading: Reading) => Omit<T, "createdAt" | "modifiedAt">;
  readonly show: (thing: T, kept: KeptStanding | undefined) => JsonObject;
  readonly dueAt: (thing: T, grant: Grant) => number;
  readonly schemas: { readonly body: object; readonly example: object; readonly resource: object };
}

function routesOf<T extends Report | Watch>(
  deps: QueryDeps,
  { standings, possible, soon = () => {} }: Sends,
  { kind, path, of, read, show, dueAt, schemas }: Kind<T>,
): Route[] {
  const { clock } = deps;
  const route = routesUnder(path);
  const plural = path.slice(1);
  const subjectOf = (name: string): Subject => ({ kind, name });
  const get = async (project: string, name: string): Promise<T> =>
    found(isName(name) ? await of.get(project, name) : undefined, kind);
  const shown = async (project: string, thing: T): Promise<Json> =>
    show(thing, await standings.get(project, subjectOf(thing.name)));
  return [
    route(
      "GET",
      "",
      `The ${plural}, by name, with how the last of each went.`,
      authenticated(deps, "operate", async (_c, { grant: { project }, raw }) => {
        refuseUnknown(raw, { known: [], passed: ["api_key", "jsonp"], of: `the list of ${plural}` });
        const [things, all] = await Promise.all([of.list(project.id), standings.list(project.id)]);
        const kept = new Map(all.map((each) => [`${each.standing.subject.kind}/${each.standing.subject.name}`, each]));
        return things.map((thing) => show(thing, kept.get(`${kind}/${thing.name}`)));
      }),
      { answers: ok({ type: "array", items: schemas.resource }) },
    ),
    route(
      "GET",
      "/:name",
      `One ${kind}.`,
      authenticated(deps, "operate", async (c, { grant: { project } }) =>
        shown(project.id, await get(project.id, param(c, "name"))),
      ),
      { answers: ok(schemas.resource) },
    ),
    route(
      "PUT",
      "/:name",
      `Makes a ${kind}, or replaces one.`,
      authenticated(deps, "operate", async (c, { grant, raw }) => {
        const project = grant.project.id;
        const name = param(c, "name");
        const before = isName(name) ? await of.get(project, name) : undefined;
        const definition = read(raw, name, { ...possible, known: before?.to ?? [] });
        if (!before && (await of.list(project)).length >= MOST)
          throw new MillraceError("InvalidParameterError", `The project has ${MOST} ${plural}. Delete some of them.`);
        const now = clock.now();
        const thing = { ...definition, createdAt: before?.createdAt ?? now, modifiedAt: now } as T;
        await of.put(project, thing.name, thing);
        const subject = subjectOf(thing.name);
        const { lastRun, watch } = (await standings.get(project, subject))?.standing ?? {};
        // What is paused keeps what is known of it; what begins anew knows nothing.
        const standing = thing.paused
          ? { subject, dueAt: NEVER, ...(lastRun && { lastRun }), ...(watch && { watch }) }
          : { subject, dueAt: dueAt(thing, grant) };
        await standings.put(project, standing);
        await recordChange(deps, grant, before ? `${kind}.change` : `${kind}.create`, thing.name);
        return c.json(await shown(project, thing), before ? 200 : 201);
      }),
      {
        body: schemas.body,
        example: schemas.example,
        answers: { ...ok(schemas.resource), 201: { description: "It is made.", content: content(schemas.resource) } },
      },
    ),
    route(
      "POST",
      "/:name/send",
      kind === "report"
        ? "Sends the report of the days that are over with the next round, within ten minutes."
        : "Looks with the next round, within ten minutes.",
      authenticated(deps, "operate", async (c, { grant, raw }) => {
        refuseUnknown(raw, { known: [], passed: ["api_key"], of: "send" });
        const project = grant.project.id;
        const thing = await get(project, param(c, "name"));
        if (thing.paused) throw new MillraceError("InvalidParameterError", `The ${kind} is paused.`);
        const kept = await standings.get(project, subjectOf(thing.name));
        // What is on its way is not begun anew: somebody would get it twice.
        if (!kept?.standing.telling) {
          const { watch } = kept?.standing ?? {};
          await standings.put(project, { subject: subjectOf(thing.name), dueAt: clock.now(), ...(watch && { watch }) });
        }
        await recordChange(deps, grant, `${kind}.send`, thing.name);
        soon();
        return c.json(await shown(project, thing), 202);
      }),
      { answers: { 202: { description: "It is due now.", content: content(schemas.resource) } } },
    ),
    route(
      "DELETE",
      "/:name",
      `Ends a ${kind}.`,
      authenticated(deps, "operate", async (c, { grant }) => {
        const project = grant.project.id;
        const { name } = await get(project, param(c, "name"));
        await of.delete(project, name);
        await standings.delete(project, subjectOf(name));
        await recordChange(deps, grant, `${kind}.delete`, name);
        return c.body(null, 204);
      }),
      { answers: { 204: { description: "It is gone." } } },
    ),
  ];
}

function ok(schema: object): Operation["answers"] {
  return { 200: { description: "The answer.", content: content(schema) } };
}

function content(schema: object) {
  return { "application/json": { schema } };
}
