import { createAccess } from "../authenticate.ts";
import { appOf } from "../http/routes.ts";
import type { Roles } from "../people/roles.ts";
import { systemRandom } from "../system.ts";
import { breakableRegistry, fakeClock } from "../testing.ts";
import { consoleRoutes } from "./console.ts";
import type { ConsoleDeps } from "./deps.ts";

/** Whose addresses the tests know. */
export const ANSWERED = { owner: "owner@example.com", other: "other@example.com" };

/** An installation with two projects and its owner, and a browser for whoever is given. */
export async function setUp(publicUrl = "https://stats.example", more: Partial<ConsoleDeps> = {}) {
  const clock = fakeClock();
  const { registry } = breakableRegistry(clock);
  const access = createAccess({ registry, clock, random: systemRandom });
  const deps = {
    access,
    registry,
    clock,
    random: systemRandom,
    publicUrl: () => publicUrl,
    addressOf: () => "203.0.113.7",
    cookiePrefix: () => "millrace",
    ...more,
  };
  const routes = consoleRoutes(deps);
  const app = appOf(routes, () => {});
  const shop = await access.projects.create({ name: "Shop" });
  const blog = await access.projects.create({ name: "Blog" });

  async function send(method: string, path: string, { as, body, headers = {} }: Sent = {}) {
    const own = as === undefined ? { "x-millrace-csrf": "1" } : { cookie: as.cookie, "x-millrace-csrf": as.csrf };
    const response = await app.request(`/console${path}`, {
      method,
      headers: { ...own, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: (text.startsWith("{") ? JSON.parse(text) : {}) as Record<string, never> & { [name: string]: unknown },
      headers: response.headers,
    };
  }
  async function personWith(email: string, roles: Roles) {
    const person = await access.people.create({ email, name: email, roles });
    const session = await access.sessions.open({ person: person.id, method: "password" });
    return { person, session, cookie: `__Secure-millrace=${session.cookie}`, csrf: session.csrf };
  }
  const owner = await personWith(ANSWERED.owner, { "*": "owner" });
  const log = async (project?: string) =>
    (await access.audit.search({ project })).entries.map(({ what, who, target }) => `${who.name} ${what} ${target}`);
  return { app, routes, send, personWith, owner, access, registry, clock, shop, blog, log };
}

interface Sent {
  readonly as?: { readonly cookie: string; readonly csrf: string };
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}
