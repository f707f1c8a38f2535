import { appOf, createAccess, systemRandom } from "@millrace/access";
import { consoleRoutes } from "@millrace/access/console";
import { breakableRegistry, fakeClock, HOUR } from "@millrace/access/testing";
import { expect, test } from "vitest";
import { createLinks } from "./links.ts";
import { linkRoutes, linkTo } from "./routes.ts";

const URL = "http://localhost:3000";

async function setUp() {
  const clock = fakeClock();
  const { registry } = breakableRegistry(clock);
  const access = createAccess({ registry, clock, random: systemRandom });
  const { id: project } = await access.projects.create({ name: "Demo" });
  const readKey = await access.keys.create(project, "read");
  const writeKey = await access.keys.create(project, "write");
  const masterKey = await access.keys.create(project, "master");
  const demo = { url: URL, project, writeKey, readKey, masterKey };
  /** The server as after a start: what is in the registry stays. */
  const start = () => {
    const links = createLinks({ clock, random: systemRandom });
    const deps = {
      access: createAccess({ registry, clock, random: systemRandom }),
      registry,
      clock,
      random: systemRandom,
      publicUrl: () => URL,
      addressOf: () => "127.0.0.1",
      cookiePrefix: () => `millrace-${project}`,
      hint: "Use `npm run link`.",
      links,
      demo: () => demo,
    };
    const app = appOf([...consoleRoutes(deps), ...linkRoutes(deps)], () => {});
    return { app, link: () => linkTo(URL, links).slice(URL.length) };
  };
  const server = start();
  type App = typeof server.app;
  /** Follows a link as a browser does; answers the cookie it sends from then on. */
  const enter = async (link: string, app: App = server.app) => {
    const answer = await app.request(link);
    return { answer, cookie: answer.headers.get("set-cookie")?.split(";")[0] ?? "" };
  };
  const session = (headers: Record<string, string>, app: App = server.app) =>
    app.request("/console/session", { headers });
  return { ...server, start, enter, session, clock, demo, registry };
}

test("a link is exchanged for a cookie that no script can read and no other site sends, and the cookie for what the page asks with", async () => {
  const { link, enter, session, demo, registry, clock } = await setUp();
  const { answer, cookie } = await enter(link());
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/"]);
  for (const part of ["HttpOnly", "SameSite=Strict", "Path=/console"]) {
    expect(answer.headers.get("set-cookie")).toContain(part);
  }
  const opened = await session({ cookie });
  expect(opened.status).toBe(200);
  const { token, projects } = (await opened.json()) as { token: string; projects: object[] };
  expect(projects).toMatchObject([{ id: demo.project, role: "owner", writeKey: demo.writeKey }]);
  const access = createAccess({ registry, clock, random: systemRandom });
  expect((await access.authenticate(demo.project, token, "read")).principal.name).toBe("owner@localhost");
  expect(opened.headers.get("access-control-allow-origin")).toBeNull();
});

test.each<[string, Record<string, string>]>([
  ["nothing", {}],
  ["this machine's name, as a proxy sends it", { host: "localhost:3000", "sec-fetch-site": "same-origin" }],
  [
    "a made-up address of this machine",
    { host: "localhost", "x-forwarded-for": "127.0.0.1", forwarded: "for=127.0.0.1" },
  ],
  ["an origin", { origin: URL, referer: `${URL}/` }],
  ["another cookie", { cookie: "millrace-none=1; session=1" }],
])("%s opens no session and shows no key", async (_what, headers) => {
  const { session, demo } = await setUp();
  const answer = await session(headers);
  const text = await answer.text();
  expect(answer.status).toBe(401);
  expect(text).toContain("npm run link");
  for (const key of [demo.readKey, demo.writeKey, demo.masterKey]) expect(text).not.toContain(key);
});

test("a made-up session or token opens nothing, whatever is in it", async () => {
  const { enter, session, demo, link } = await setUp();
  link();
  for (const value of ["", "x", "../..", "%00", "A".repeat(5_000), "__proto__"]) {
    expect((await session({ cookie: `millrace-${demo.project}=${value}` })).status).toBe(401);
    expect((await enter(`/console/enter?token=${value}`)).answer.status).toBe(401);
  }
  expect((await enter("/console/enter")).answer.status).toBe(401);
});

test("a link works once, for an hour, and until the next one is made", async () => {
  const { link, enter, clock } = await setUp();
  const used = link();
  expect((await enter(used)).answer.status).toBe(303);
  const again = await enter(used);
  expect([again.answer.status, again.cookie]).toEqual([401, ""]);
  const [older, newer] = [link(), link()];
  expect((await enter(older)).answer.status).toBe(401);
  clock.advance(HOUR);
  expect((await enter(newer)).answer.status).toBe(401);
});

test("a session outlives a restart, and a second browser gets one by a link of its own", async () => {
  const { link, enter, session, start } = await setUp();
  const first = await enter(link());
  const restarted = start();
  const second = await enter(restarted.link(), restarted.app);
  for (const { cookie } of [first, second]) expect((await session({ cookie }, restarted.app)).status).toBe(200);
  expect(second.cookie).not.toBe(first.cookie);
});

test("whoever has the master key is told a new link; nobody else is", async () => {
  const { app, enter, demo } = await setUp();
  const ask = (headers: Record<string, string>) => app.request("/console/links", { method: "POST", headers });
  for (const headers of [
    {},
    { authorization: demo.readKey },
    { authorization: demo.writeKey },
    { host: "localhost" },
  ]) {
    expect((await ask(headers)).status).toBe(401);
  }
  const answer = await ask({ authorization: demo.masterKey });
  const { link } = (await answer.json()) as { link: string };
  expect(answer.status).toBe(201);
  expect((await enter(link.slice(URL.length))).answer.status).toBe(303);
});

test("what is kept of a session does not open it", async () => {
  const { link, enter, registry } = await setUp();
  const { cookie } = await enter(link());
  const [, person] = /=(\w+)\./.exec(cookie) ?? [];
  const kept = JSON.stringify(await registry.list(`sessions:${person}`));
  expect(kept).toContain("createdAt");
  expect(kept).not.toContain(cookie.split("=")[1]);
});
