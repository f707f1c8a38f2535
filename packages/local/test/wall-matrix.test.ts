import {
  appOf,
  createCollecting,
  createMonthlyEvents,
  createRates,
  createRegistryVisitTable,
  createSalts,
  createSqliteRefusals,
  createVisits,
  ROLE_MAY,
  type AccessPermission,
  type Permission,
  type Role,
  type Roles,
  type Route,
} from "@millrace/access";
import { consoleRoutes } from "@millrace/access/console";
import { embedToken } from "@millrace/client/server";
import { createIngestRoutes } from "@millrace/ingest";
import { mcpRoutes } from "@millrace/mcp";
import { createAdmit, operationsRoutes } from "@millrace/ops";
import { createHandlers } from "@millrace/query";
import { createEmbeddedQueue } from "@millrace/queue/embedded";
import type { Hono } from "hono";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestApp, NOW, type TestApp } from "../../query/test/setup.ts";

/** What only the neighbour may see, in names and in values; and what an access key's forced filter hides in its own project. */
const NEIGHBOURS = /only-acme-knows|acme_orders|acme_margin/;
const HIDDEN = /only-bob-knows/;

/**
 * Who may use a route: any of these permissions; or everybody; or, in the console, who signed in (`session`), who owns everything
 * (`owner`) or operates it (`operator`), who brings the link of an invitation or a password (`open`).
 */
type Class = readonly Permission[] | "everybody" | "session" | "member" | "owner" | "operator" | "open";

const P = "/3.0/projects/:project";
const C = "/console/projects/:project";
const READS = ["read", "saved_queries", "cached_queries", "datasets"] as const;

/** Every route there is. One that is not here fails the test: say who may use it. */
const ROUTES: Readonly<Record<string, Class>> = {
  "GET /": "everybody",
  "GET /3.0": "everybody",
  "GET /openapi.json": "everybody",
  "POST /mcp": "everybody",
  "GET /mcp": "everybody",
  "DELETE /mcp": "everybody",
  "GET /3.0/projects": ["schema", "read"],
  [`GET ${P}/organization-usage`]: ["master"],
  [`GET ${P}`]: ["schema"],
  [`GET ${P}/events`]: ["schema"],
  [`GET ${P}/events/:collection`]: ["schema"],
  [`GET ${P}/events/:collection/properties/:property`]: ["schema"],
  [`GET ${P}/ledger`]: ["read"],
  [`GET ${P}/version`]: READS,
  [`GET ${P}/queries`]: ["read"],
  [`GET ${P}/queries/saved`]: ["define"],
  [`GET ${P}/queries/saved/:name`]: ["define"],
  [`PUT ${P}/queries/saved/:name`]: ["define"],
  [`DELETE ${P}/queries/saved/:name`]: ["define"],
  [`GET ${P}/queries/saved/:name/result`]: ["saved_queries", "cached_queries"],
  [`GET ${P}/definitions/:kind`]: ["read"],
  [`GET ${P}/definitions/:kind/:name`]: ["read"],
  [`PUT ${P}/definitions/:kind/:name`]: ["define"],
  [`DELETE ${P}/definitions/:kind/:name`]: ["define"],
  [`GET ${P}/keys`]: ["master"],
  [`POST ${P}/keys`]: ["master"],
  [`GET ${P}/keys/:key`]: ["master"],
  [`POST ${P}/keys/:key`]: ["master"],
  [`POST ${P}/keys/:key/revoke`]: ["master"],
  [`POST ${P}/keys/:key/unrevoke`]: ["master"],
  [`DELETE ${P}/keys/:key`]: ["master"],
  [`GET ${P}/embed-keys`]: ["master"],
  [`POST ${P}/embed-keys`]: ["master"],
  [`DELETE ${P}/embed-keys/:key`]: ["master"],
  [`POST ${P}/embed-tokens`]: ["master"],
  [`DELETE ${P}/embed-tokens/:token`]: ["master"],
  [`GET ${P}/embed`]: ["view"],
  [`GET ${P}/share-links`]: ["master"],
  [`POST ${P}/share-links`]: ["master"],
  [`DELETE ${P}/share-links/:link`]: ["master"],
  // With the link and its password, which are in its body.
  [`POST ${P}/share-links/open`]: "open",
  ...Object.fromEntries(
    ["reports", "watches"].flatMap((kind) => [
      [`GET ${P}/${kind}`, ["operate"]],
      [`GET ${P}/${kind}/:name`, ["operate"]],
      [`PUT ${P}/${kind}/:name`, ["operate"]],
      [`POST ${P}/${kind}/:name/send`, ["operate"]],
      [`DELETE ${P}/${kind}/:name`, ["operate"]],
    ]),
  ),
  [`GET ${P}/embed/reports`]: ["reports"],
  [`POST ${P}/embed/reports`]: ["reports"],
  [`DELETE ${P}/embed/reports/:subscription`]: ["reports"],
  [`GET ${P}/subscriptions`]: ["operate"],
  [`DELETE ${P}/subscriptions/:subscription`]: ["operate"],
  // Who has the link of a mail may end that mail.
  "GET /3.0/unsubscribe/:token": "everybody",
  "POST /3.0/unsubscribe/:token": "everybody",
  // Pages: the one holds nothing, the other takes its token from a form, which no credential here is in.
  "GET /embed": "everybody",
  "POST /embed": "everybody",
  [`GET ${P}/rejected`]: ["operate"],
  [`GET ${P}/rejected/events`]: ["operate"],
  [`POST ${P}/rejected/replay`]: ["operate"],
  [`DELETE ${P}/events/:collection`]: ["master"],
  [`DELETE ${P}/events/:collection/properties/:property`]: ["master"],
  [`GET ${P}/datasets`]: ["datasets"],
  [`GET ${P}/datasets/:name`]: ["datasets"],
  [`PUT ${P}/datasets/:name`]: ["define"],
  [`DELETE ${P}/datasets/:name`]: ["define"],
  [`GET ${P}/datasets/:name/results`]: ["datasets"],
  // An embed token comes in, and each of its questions is looked at by itself.
  [`POST ${P}/queries/batch`]: [...READS, "view"],
  [`GET ${P}/queries/:analysis`]: ["read"],
  [`POST ${P}/queries/:analysis`]: ["read"],
  [`POST ${P}/events`]: ["write"],
  [`POST ${P}/events/:collection`]: ["write"],
  "POST /v1/e": ["write"],
  "GET /ops/health": "operator",
  "GET /ops/executions": "operator",
  "GET /ops/executions/summary": "operator",
  "GET /ops/executions/:id": "operator",
  "GET /ops/cost": "operator",
  "GET /ops/reports": "operator",
  "GET /ops/queue": "operator",
  "GET /ops/commands": "operator",
  "POST /ops/commands/:command": "operator",
  "GET /console/sign-in": "open",
  "POST /console/sign-in": "open",
  "POST /console/invitations/show": "open",
  "POST /console/invitations/accept": "open",
  "GET /console/openid": "open",
  "GET /console/openid/callback": "open",
  "GET /console/session": "session",
  "POST /console/sign-out": "session",
  "GET /console/sessions": "session",
  "DELETE /console/sessions/:session": "session",
  "PUT /console/password": "session",
  "GET /console/second-factor": "session",
  "POST /console/second-factor": "session",
  "PUT /console/second-factor": "session",
  "DELETE /console/second-factor": "session",
  "GET /console/projects": "member",
  "POST /console/projects": "owner",
  "GET /console/people": "owner",
  "POST /console/invitations": "owner",
  "DELETE /console/invitations/:invitation": "owner",
  "PUT /console/people/:person": "owner",
  "DELETE /console/people/:person/role": "owner",
  "DELETE /console/people/:person": "owner",
  "DELETE /console/people/:person/second-factor": "owner",
  "GET /console/organisation-keys": "owner",
  "POST /console/organisation-keys": "owner",
  "DELETE /console/organisation-keys/:key": "owner",
  "GET /console/audit": "owner",
  [`GET ${C}`]: ["administer"],
  [`PUT ${C}`]: ["administer"],
  [`PUT ${C}/proxies`]: ["administer"],
  [`GET ${C}/keys`]: ["administer"],
  [`POST ${C}/keys`]: ["administer"],
  [`DELETE ${C}/keys/:key`]: ["administer"],
  [`GET ${C}/people`]: ["administer"],
  [`POST ${C}/invitations`]: ["administer"],
  [`DELETE ${C}/invitations/:invitation`]: ["administer"],
  [`PUT ${C}/people/:person`]: ["administer"],
  [`DELETE ${C}/people/:person/role`]: ["administer"],
  [`GET ${C}/audit`]: ["administer"],
};

/** Somebody at the door. */
interface Credential {
  readonly name: string;
  readonly kind: "nothing" | "key" | "session" | "organisation" | "embed";
  /** For the header, or where a route takes the key from. */
  readonly key: string;
  readonly may: ReadonlySet<Permission>;
  readonly cookie?: string;
  readonly csrf?: string;
  /** Of a session: the roles of whose it is. */
  readonly roles?: Roles;
  /** Its questions see only what customer ada did. */
  readonly filtered?: boolean;
}

/** A page view, as the tracker sends it. */
const PAGE = { q: 1, n: "pageviews", t: 0, g: 1, u: "https://shop.example/", T: "Shop" };

let app: TestApp;
let server: Hono;
let routes: readonly Route[];
let folder: string;
let close: () => Promise<void>;
let credentials: readonly Credential[];
let shop: Awaited<ReturnType<TestApp["createProject"]>>;
let acme: Awaited<ReturnType<TestApp["createProject"]>>;
let asked = 0;

const MEANS: Record<AccessPermission, Permission> = {
  writes: "write",
  queries: "read",
  saved_queries: "saved_queries",
  cached_queries: "cached_queries",
  datasets: "datasets",
  schema: "schema",
};
const KEY_MAY = {
  write: ["write"],
  read: ["read", "schema", "saved_queries", "cached_queries", "datasets"],
  master: ["write", "read", "schema", "saved_queries", "cached_queries", "datasets", "define", "operate", "master"],
} as const;

beforeAll(async () => {
  app = await createTestApp();
  shop = app.shop;
  acme = await app.createProject("Acme");
  await app.record(
    { properties: { customer: "ada", price: 5 } },
    { properties: { customer: "only-bob-knows", price: 7 } },
  );
  await app.recordIn(acme, { collection: "acme_orders", properties: { acme_margin: 7, customer: "only-acme-knows" } });
  folder = await mkdtemp(join(tmpdir(), "wall-matrix-"));
  const { registry, access, catalogue } = app;
  const clock = { now: () => NOW };
  const queue = await createEmbeddedQueue({ path: join(folder, "queue.sqlite") });
  const refusals = createSqliteRefusals({ path: join(folder, "refused.sqlite") });
  const system = { registry, clock, random: randomBytes };
  routes = [
    ...createIngestRoutes({
      ...system,
      access,
      queue,
      refusals,
      rates: createRates(system),
      months: createMonthlyEvents({ ...system, accepted: (project, from, to) => queue.accepted(project, from, to) }),
      visits: createVisits({ table: createRegistryVisitTable(registry, clock), random: randomBytes }),
      salts: createSalts(system),
      instance: randomUUID(),
      peerAddress: () => "203.0.113.7",
      schemaRead: createHandlers({ access, catalogue }).collectionSchema,
    }),
    ...app.routes,
    ...mcpRoutes({ api: app.app }),
    ...operationsRoutes({
      admit: createAdmit(access),
      access,
      executions: { get: notAsked, find: notAsked, durations: notAsked, groups: notAsked },
      health: () => [],
      ledger: { hours: notAsked },
      standings: { list: notAsked },
      queue,
      deadLetters: { count: notAsked, redrive: notAsked },
      collecting: createCollecting(system),
      store: { countWhere: notAsked },
      deletions: { delete: notAsked },
      api: app.app,
      clock,
    }),
    ...consoleRoutes({
      ...system,
      access,
      publicUrl: () => "http://localhost",
      addressOf: () => "203.0.113.7",
      cookiePrefix: () => "millrace",
    }),
  ];
  server = appOf(routes, () => {});
  credentials = await makeCredentials();
  close = async () => {
    await queue.close();
    await refusals.close();
    await app.close();
    await rm(folder, { recursive: true });
  };
});
afterAll(() => close());

/** Whoever gets as far as this meets a fault, which the matrix does not let pass either. */
function notAsked(): Promise<never> {
  return Promise.reject(new Error("Nobody here operates everything."));
}

async function makeCredentials(): Promise<Credential[]> {
  const { access } = app;
  const made: Credential[] = [
    { name: "nothing", kind: "nothing", key: "", may: new Set() },
    { name: "a made-up key", kind: "nothing", key: "F".repeat(64), may: new Set() },
    { name: "a made-up access key", kind: "nothing", key: `${shop.id}${"0".repeat(48)}`, may: new Set() },
    { name: "a made-up session", kind: "nothing", key: `session-${"0".repeat(24)}-${"0".repeat(64)}`, may: new Set() },
    {
      name: "alg none",
      kind: "nothing",
      key: `${part({ alg: "none" })}.${part({ project: shop.id })}.`,
      may: new Set(),
    },
  ];
  for (const kind of ["write", "read", "master"] as const) {
    made.push({ name: `${kind} key`, kind: "key", key: shop[`${kind}Key`], may: new Set(KEY_MAY[kind]) });
  }
  const revoked = await access.keys.create(shop.id, "master");
  await access.keys.revoke(shop.id, (await access.keys.find(shop.id, revoked))?.id ?? "");
  made.push({ name: "a revoked master key", kind: "nothing", key: revoked, may: new Set() });
  const all = Object.keys(MEANS) as AccessPermission[];
  const filters = [{ property_name: "customer", operator: "eq", property_value: "ada" }];
  const options = { queries: { filters }, saved_queries: { filters } };
  for (const permitted of [...all.map((each) => [each]), all, []]) {
    const { key } = await access.accessKeys.create(shop.id, { name: "x", active: true, permitted, options });
    const may = new Set(permitted.map((each) => MEANS[each]));
    made.push({ name: `access key for ${permitted.join("+") || "nothing"}`, kind: "key", key, may, filtered: true });
  }
  const off = await access.accessKeys.create(shop.id, { name: "x", active: false, permitted: all, options: {} });
  made.push({ name: "a revoked access key", kind: "nothing", key: off.key, may: new Set() });
  for (const role of ["viewer", "analyst", "operator", "owner"] as const satisfies readonly Role[]) {
    made.push(await session(`${role} of the shop`, { [shop.id]: role }, ROLE_MAY[role]));
  }
  made.push(await session("somebody without a role", {}, new Set()));
  made.push(await session("owner of a third project", { [(await app.createProject("Third")).id]: "owner" }, new Set()));
  const ended = await session("an ended session", { "*": "owner" }, new Set());
  await access.sessions.revokeAll((await access.people.byEmail("anendedsession@example.com"))?.id ?? "");
  made.push({ ...ended, kind: "nothing" });
  const { key: organisation, id } = await access.organisationKeys.create("gone");
  await access.organisationKeys.revoke(id);
  made.push({ name: "a revoked key of the organisation", kind: "nothing", key: organisation, may: new Set() });
  const { secret } = (await app.send<{ secret: string }>("POST", "/embed-keys")).body;
  const token = await embedToken({ secret, customer: "ada", filters });
  const recipients = ["ada@example.com"];
  const reporting = await embedToken({ secret, customer: "ada", filters, operations: ["view", "reports"], recipients });
  const mayReport = new Set<Permission>(["view", "reports"]);
  made.push({ name: "an embed token with reports", kind: "embed", key: reporting, may: mayReport, filtered: true });
  made.push({ name: "an embed token", kind: "embed", key: token, may: new Set(["view"]), filtered: true });
  return made;
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

async function session(name: string, roles: Roles, may: ReadonlySet<Permission>): Promise<Credential> {
  const email = `${name.replaceAll(" ", "")}@example.com`;
  const person = await app.access.people.create({ email, name, roles });
  const { cookie, csrf, token } = await app.access.sessions.open({ person: person.id, method: "link" });
  return { name, kind: "session", key: token, may, cookie: `millrace=${cookie}`, csrf, roles };
}

/** The example of each path's parameter: things that are there. */
const EXAMPLES: Record<string, string> = { analysis: "count", collection: "purchases", property: "price" };
const BODIES: Record<string, unknown> = {
  [`POST ${P}/events`]: { purchases: [{ customer: "ada" }] },
  [`POST ${P}/queries/:analysis`]: { event_collection: "purchases" },
  [`POST ${P}/queries/batch`]: { queries: { a: { analysis_type: "count", event_collection: "purchases" } } },
};

function request(route: Route, project: string, who: Credential, examples = EXAMPLES): Promise<Response> {
  asked++;
  const name = `${route.method} ${route.path}`;
  const path = route.path.replaceAll(/:(\w+)/g, (_all, each: string) =>
    each === "project" ? project : (examples[each] ?? "nothing"),
  );
  const isConsole = route.class === "console";
  const withSession = isConsole && who.cookie !== undefined;
  const headers: Record<string, string> = {
    ...(withSession ? { cookie: who.cookie ?? "", "x-millrace-csrf": who.csrf ?? "" } : {}),
    ...(!withSession && who.key !== "" && name !== "POST /v1/e" ? { authorization: who.key } : {}),
  };
  const tracked = { v: 1, k: who.key, i: "01781c94-3a00-7000-8000-000000000001", s: NOW, a: 0, c: {}, e: [PAGE] };
  const body = name === "POST /v1/e" ? tracked : (BODIES[name] ?? {});
  const query = `${path}?event_collection=purchases`;
  return Promise.resolve(
    server.request(route.method === "GET" && !isConsole ? query : path, {
      method: route.method,
      headers,
      ...(["POST", "PUT"].includes(route.method) && { body: JSON.stringify(body) }),
    }),
  );
}

/** Whether a request came past the door: what it then met is not the door's business. */
function isIn(status: number, text: string): boolean {
  if (status === 401 || status === 403) return false;
  return !(status === 404 && text.includes("no such project"));
}

function isExpected(name: string, route: Route, who: Credential): boolean {
  const needs = ROUTES[name];
  if (needs === "everybody" || needs === "open") return true;
  if (route.class === "console") {
    if (who.kind !== "session") return false;
    if (needs === "session" || needs === "member") return true;
  }
  // Nobody here owns or operates everything, so that what tells of all projects is nobody's.
  if (needs === undefined || typeof needs === "string") return false;
  if (route.class === "console") return needs.some((need) => who.may.has(need));
  // The tracker's key is a write key or an access key; a list of projects is a key's own.
  if (name === "POST /v1/e") return who.may.has("write") && !who.may.has("master");
  if (name === "GET /3.0/projects" && who.kind === "session") return false;
  return needs.some((need) => who.may.has(need));
}

describe("every route, with every credential", () => {
  test("each route says who may use it, and no route that is gone does", () => {
    const there = [...new Set(routes.map(({ method, path }) => `${method} ${path}`))].sort();
    expect(there).toEqual(Object.keys(ROUTES).sort());
  });

  test("in its own project each gets in exactly where it may; in another, known or not, nowhere; and nothing shows what is not theirs", async () => {
    const wrong: string[] = [];
    const inOrder = routes.toSorted((a, b) => Number(changesMuch(a)) - Number(changesMuch(b)));
    for (const route of inOrder) {
      const name = `${route.method} ${route.path}`;
      // What ends the caller itself, or what others need, is tried where it must be refused, and by its own tests elsewhere.
      const spared = changesMuch(route);
      for (const who of credentials) {
        const may = isExpected(name, route, who);
        const places: [place: string, project: string, expected: boolean][] = [
          ["its own", shop.id, may],
          ["another", acme.id, may && !route.path.includes(":project")],
          ["an unknown", "0".repeat(24), may && !route.path.includes(":project")],
        ];
        for (const [place, project, expected] of places) {
          if (spared && expected) continue;
          const answer = await request(route, project, who);
          const text = await answer.text();
          const said = `${name} in ${place} project with ${who.name}: ${answer.status} ${text.slice(0, 120)}`;
          // Whether a route that is open to all refuses what it was sent is its own business.
          if (ROUTES[name] !== "open" && ROUTES[name] !== "everybody" && isIn(answer.status, text) !== expected)
            wrong.push(said);
          if (answer.status >= 500 || NEIGHBOURS.test(text)) wrong.push(said);
          if (who.filtered && HIDDEN.test(text)) wrong.push(said);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(4_000);
    console.info(`${asked} requests: ${routes.length} routes, ${credentials.length} credentials, 3 projects`);
  });

  test("a refusal says the same of what is there and of what is not", async () => {
    const differing: string[] = [];
    const there = { collection: "acme_orders", property: "acme_margin", analysis: "count", name: "saved" };
    const nowhere = { collection: "nothing", property: "nothing", analysis: "count", name: "nothing" };
    for (const route of routes.filter(({ path }) => path.includes(":project"))) {
      for (const who of credentials.filter(({ name }) =>
        /^(nothing|read key|master key|owner of the shop)$/.test(name),
      )) {
        const [a, b] = await Promise.all([there, nowhere].map((each) => request(route, acme.id, who, each)));
        const [x, y] = [await a?.text(), await b?.text()];
        if (a?.status !== b?.status || x !== y)
          differing.push(`${route.method} ${route.path} with ${who.name}: ${x} / ${y}`);
      }
    }
    expect(differing).toEqual([]);
  });
});

/** Takes from the caller, or from all, what the next request needs. */
function changesMuch({ method, path }: Route): boolean {
  return (
    path === "/console/sign-out" ||
    (method === "PUT" && path === "/console/password") ||
    (method === "DELETE" && path === `${P}/events/:collection`)
  );
}

describe("a forced filter is not escaped", () => {
  const always = { operator: "or", operands: [exists(true), exists(false)] };
  const ways: [way: string, analysis: string, body: Record<string, unknown>][] = [
    ["or of a filter and its contrary", "extraction", { filters: [always] }],
    ["not of what never holds", "extraction", { filters: [{ operator: "not", operands: [both()] }] }],
    [
      "a filter on what is hidden",
      "count",
      { filters: [{ property_name: "customer", operator: "eq", property_value: "only-bob-knows" }] },
    ],
    ["groups", "count", { group_by: "customer" }],
    ["aliases of groups", "count", { group_by: [{ property: "customer", alias: "who" }] }],
    ["unique values", "select_unique", { target_property: "customer" }],
    [
      "several analyses",
      "multi_analysis",
      { analyses: { a: { analysis_type: "select_unique", target_property: "customer" } } },
    ],
    [
      "steps of a funnel",
      "funnel",
      {
        steps: [
          { event_collection: "purchases", actor_property: "customer", with_actors: true, timeframe: "this_2_days" },
        ],
      },
    ],
    ["other names of a property", "extraction", { property_names: ["customer", "keen.id"] }],
    ["latest", "extraction", { latest: 100 }],
  ];
  test.each(ways)("%s", async (_way, analysis, body) => {
    const key = credentials.find(({ name }) => name.startsWith("access key for writes+"))?.key ?? "";
    const sent = analysis === "funnel" ? body : { event_collection: "purchases", timeframe: "this_2_days", ...body };
    const forms = [sent, { ...sent, content_type: "text/csv" }];
    for (const form of forms) {
      const { status, text } = await post(`/queries/${analysis}`, form, key);
      expect(status, text).toBeLessThan(500);
      expect(text).not.toMatch(HIDDEN);
    }
    const batch = await post("/queries/batch", { queries: { a: { analysis_type: analysis, ...sent } } }, key);
    expect(batch.text).not.toMatch(HIDDEN);
    // The question is one that shows it to whoever may see all.
    if (!/only-bob|contrary|never/.test(JSON.stringify(body)) && analysis !== "count") {
      expect((await post(`/queries/${analysis}`, sent, shop.readKey)).status).toBeLessThan(300);
    }
  });

  test("a saved query answers under the filter of who asks, whoever saved it", async () => {
    const key = credentials.find(({ name }) => name.startsWith("access key for writes+"))?.key ?? "";
    const query = {
      analysis_type: "select_unique",
      event_collection: "purchases",
      target_property: "customer",
      timeframe: "this_2_days",
    };
    expect((await app.send("PUT", "/queries/saved/who", { body: { query } })).status).toBeLessThan(300);
    const result = async (by: string) =>
      (await server.request(`${shop.url}/queries/saved/who/result`, { headers: { authorization: by } })).text();
    expect(await result(shop.readKey)).toMatch(HIDDEN);
    expect(await result(key)).not.toMatch(HIDDEN);
  });
});

function exists(property_value: boolean) {
  return { property_name: "price", operator: "exists", property_value };
}

function both() {
  return { operator: "and", operands: [exists(true), exists(false)] };
}

async function post(path: string, body: unknown, key: string) {
  const answer = await server.request(shop.url + path, {
    method: "POST",
    headers: { authorization: key },
    body: JSON.stringify(body),
  });
  return { status: answer.status, text: await answer.text() };
}
