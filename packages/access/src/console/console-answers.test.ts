import { describe, expect, test } from "vitest";
import { HOUR, NOON } from "../testing.ts";
import { setUp } from "./testing.ts";

type Setting = Awaited<ReturnType<typeof setUp>>;
const iso = (ms: number) => new Date(ms).toISOString();

/** Signed in by the name of their role, in the shop. */
async function withRoles() {
  const set = await setUp();
  const roles = ["viewer", "analyst", "operator", "owner"] as const;
  const people = Object.fromEntries(
    await Promise.all(
      roles.map(
        async (role) => [role, await set.personWith(`${role}.shop@example.com`, { [set.shop.id]: role })] as const,
      ),
    ),
  ) as Record<(typeof roles)[number], Setting["owner"]>;
  return { ...set, people };
}

/** What an answer was refused with. */
const refused = ({ status, body }: Awaited<ReturnType<Setting["send"]>>) => [
  status,
  body["error_code"],
  body["message"],
];

test("every route says in a sentence what it is for, and no two are the same", async () => {
  const { routes } = await setUp();
  for (const { summary, path } of routes) {
    expect(summary, path).toMatch(/^[A-Z][^.]{10,}\.$/);
    expect(summary, path).not.toMatch(/\bin \.|to ;/);
  }
  expect(routes.filter(({ summary }) => summary.includes("all projects")).length).toBeGreaterThanOrEqual(6);
  expect(routes.filter(({ summary }) => / a project(?:[,;.]| away)/.test(summary)).length).toBeGreaterThanOrEqual(4);
  expect(new Set(routes.map(({ method, path }) => `${method} ${path}`)).size).toBe(routes.length);
});

describe("who is signed in", () => {
  test("is told who they are, and of their projects those that live first, by name, with the newest public key", async () => {
    const { send, access, people, shop, blog, clock } = await withRoles();
    const { person, session, ...browser } = people.viewer;
    const more = await access.projects.create({ name: "Attic", timezone: "Europe/Berlin" });
    for (const { id } of [blog, more]) await access.people.setRole(person.id, id, "analyst");
    await access.projects.update(more.id, { archivedAt: clock.now() });
    await access.keys.create(blog.id, "write");
    await access.keys.create(blog.id, "read");
    clock.advance(1);
    const writeKey = await access.keys.create(blog.id, "write");
    await access.keys.create(blog.id, "master");
    const answer = await send("GET", "/session", { as: { ...browser } });
    expect(answer.body).toEqual({
      person: { id: person.id, email: person.email, name: person.name, owner: false, operates: false },
      token: session.token,
      csrf: session.csrf,
      projects: [
        { id: blog.id, name: "Blog", timezone: "UTC", archived: false, role: "analyst", writeKey },
        { id: shop.id, name: "Shop", timezone: "UTC", archived: false, role: "viewer" },
        { id: more.id, name: "Attic", timezone: "Europe/Berlin", archived: true, role: "analyst" },
      ],
    });
  });

  test("sees which of their browsers this one is, and what little is known of each", async () => {
    const { send, access, owner, clock } = await setUp();
    await access.sessions.open({ person: owner.person.id, method: "openid", agent: "Firefox", from: "198.51.100.1" });
    const { sessions } = (await send("GET", "/sessions", { as: owner })).body as unknown as { sessions: object[] };
    const times = { createdAt: clock.now(), expiresAt: expect.any(Number), id: expect.any(String) };
    expect(sessions).toHaveLength(2);
    expect(sessions).toContainEqual({ ...times, method: "password", agent: null, from: null, current: true });
    expect(sessions).toContainEqual({
      ...times,
      method: "openid",
      agent: "Firefox",
      from: "198.51.100.1",
      current: false,
    });
  });

  test("signs out of this browser: the session is over, the cookie is taken back, and the log has it", async () => {
    const { send, access, owner, log } = await setUp();
    const out = await send("POST", "/sign-out", { as: owner });
    expect(out.status).toBe(204);
    expect(out.headers.get("set-cookie")).toMatch(/^__Secure-millrace=;.*Max-Age=0.*Path=\/console.*HttpOnly.*Secure/);
    expect(await access.sessions.list(owner.person.id)).toEqual([]);
    expect(await log()).toEqual(["owner@example.com session.close owner@example.com"]);
    expect((await access.audit.search()).entries[0]).toMatchObject({ from: "203.0.113.7" });
  });
});

describe("the audit log", () => {
  async function withLog() {
    const set = await withRoles();
    for (const [index, [name, what, project]] of (
      [
        ["Ada", "key.create", set.shop.id],
        ["Bea", "key.revoke", set.shop.id],
        ["Ada", "person.invite", undefined],
        ["Ada", "project.change", set.blog.id],
      ] as const
    ).entries()) {
      set.clock.set(NOON + index * HOUR);
      await set.access.audit.record({ who: { kind: "person", id: name, name }, what, project });
    }
    const whats = async (path: string, as: Setting["owner"] = set.owner) =>
      ((await set.send("GET", path, { as })).body as unknown as { entries: { what: string }[] }).entries.map(
        ({ what }) => what,
      );
    return { ...set, whats };
  }

  test("of all projects is found by who, what and time; what is left empty is not asked for", async () => {
    const { whats } = await withLog();
    const all = ["project.change", "person.invite", "key.revoke", "key.create"];
    expect(await whats("/audit")).toEqual(all);
    expect(await whats("/audit?who=&what=&from=&to=&after=")).toEqual(all);
    expect(await whats("/audit?who=bea")).toEqual(["key.revoke"]);
    expect(await whats("/audit?what=key")).toEqual(["key.revoke", "key.create"]);
    const [from, to] = [iso(NOON + HOUR), iso(NOON + 2 * HOUR)];
    expect(await whats(`/audit?from=${from}`)).toEqual(["project.change", "person.invite", "key.revoke"]);
    expect(await whats(`/audit?to=${to}`)).toEqual(["key.revoke", "key.create"]);
    expect(await whats(`/audit?from=${from}&to=${to}`)).toEqual(["key.revoke"]);
  });

  test("of a project is its owner's, who sees no other", async () => {
    const { whats, people, shop, blog, send } = await withLog();
    expect(await whats(`/projects/${shop.id}/audit`, people.owner)).toEqual(["key.revoke", "key.create"]);
    expect(await whats(`/projects/${shop.id}/audit?who=ada`, people.owner)).toEqual(["key.create"]);
    expect((await send("GET", `/projects/${blog.id}/audit`, { as: people.owner })).status).toBe(404);
    expect(refused(await send("GET", `/projects/${shop.id}/audit`, { as: people.operator }))).toEqual([
      403,
      "NotPermitted",
      "This is not for the role operator.",
    ]);
    expect(refused(await send("GET", "/audit", { as: people.owner }))).toEqual([
      403,
      "NotPermitted",
      "This is for owners of all projects only.",
    ]);
  });

  test("goes on where a page ended, and says what is no time", async () => {
    const { send, owner, access } = await withLog();
    for (let i = 0; i < 50; i++)
      await access.audit.record({ who: { kind: "person", id: "x", name: "x" }, what: "a.b" });
    const { next, entries } = (await send("GET", "/audit", { as: owner })).body as unknown as {
      next: string;
      entries: unknown[];
    };
    expect(entries).toHaveLength(50);
    const rest = (await send("GET", `/audit?after=${next}`, { as: owner })).body as unknown as { entries: unknown[] };
    expect(rest.entries).toHaveLength(4);
    for (const name of ["from", "to"]) {
      expect(refused(await send("GET", `/audit?${name}=yesterday`, { as: owner }))).toEqual([
        400,
        "InvalidParameterError",
        `${name} is no time, such as 2026-11-29T12:00:00Z.`,
      ]);
    }
  });
});

describe("who is refused is told why", () => {
  test("without a session: sign in, or what an installation says instead", async () => {
    const { send } = await setUp();
    const nobody = [401, "InvalidApiKeyError", "This browser has no session. Sign in."];
    expect(refused(await send("GET", "/session"))).toEqual(nobody);
    expect(refused(await send("GET", "/session", { headers: { cookie: "__Secure-millrace=made-up" } }))).toEqual(
      nobody,
    );
    const hinted = await setUp(undefined, { hint: "Run the program once more." });
    expect(refused(await hinted.send("GET", "/session"))[2]).toBe(
      "This browser has no session. Run the program once more.",
    );
    expect((await hinted.send("GET", "/sign-in")).body).toEqual({
      password: true,
      openid: null,
      hint: "Run the program once more.",
    });
    expect((await send("GET", "/sign-in")).body).toEqual({ password: true, openid: null, hint: null });
  });

  test("whose session is there and who is not, any more", async () => {
    const { send, access, personWith, owner } = await setUp();
    const gone = await personWith("gone@example.com", { "*": "owner" });
    await access.people.remove(gone.person.id);
    expect((await send("GET", "/session", { as: gone })).status).toBe(401);
    expect((await send("GET", "/session", { as: owner })).status).toBe(200);
  });

  test("a change that no page of ours asked for, though reading needs no proof", async () => {
    const { send, owner, app } = await setUp();
    const said = "Only a page of this console may ask for this: x-millrace-csrf is missing or not its own.";
    const other = { cookie: owner.cookie, csrf: "another" };
    expect(refused(await send("POST", "/sign-out", { as: other }))).toEqual([403, "NotPermitted", said]);
    expect((await send("GET", "/session", { as: other })).status).toBe(200);
    expect((await app.request("/console/session", { method: "HEAD", headers: { cookie: owner.cookie } })).status).toBe(
      200,
    );
    const withoutHeader = await app.request("/console/sign-in", { method: "POST", body: "{}" });
    expect([withoutHeader.status, await withoutHeader.json()]).toMatchObject([403, { message: said }]);
  });

  test("a program with a key, where it takes a person; and a key that is none", async () => {
    const { send, access } = await setUp();
    const { key } = await access.organisationKeys.create("deploy");
    const headers = { authorization: key };
    for (const [method, path] of [
      ["GET", "/session"],
      ["GET", "/sessions"],
      ["POST", "/sign-out"],
      ["POST", "/organisation-keys"],
      ["DELETE", "/organisation-keys/x"],
    ] as const) {
      expect(refused(await send(method, path, { headers })), path).toEqual([
        403,
        "NotPermitted",
        "This is for people who signed in.",
      ]);
    }
    expect(refused(await send("GET", "/projects", { headers: { authorization: "bad" } }))).toEqual([
      401,
      "InvalidApiKeyError",
      "The key is not a key of this organisation.",
    ]);
  });

  test("in a project where they have no role it is not there, in one where they have one the role is named", async () => {
    const { send, people, shop, blog } = await withRoles();
    const people404 = [404, "ResourceNotFoundError"];
    expect(refused(await send("GET", `/projects/${blog.id}/people`, { as: people.owner })).slice(0, 2)).toEqual(
      people404,
    );
    expect(refused(await send("GET", `/projects/${shop.id}/people`, { as: people.viewer }))[2]).toBe(
      "This is not for the role viewer.",
    );
    expect(refused(await send("GET", "/people", { as: people.owner }))).toEqual([
      403,
      "NotPermitted",
      "This is for owners only.",
    ]);
  });
});

describe("the people of a project", () => {
  test("are those with a role there or in all, and whom it was held for; nobody else is shown", async () => {
    const { send, people, owner, shop, blog, personWith, clock } = await withRoles();
    await personWith("blogger@example.com", { [blog.id]: "owner" });
    await send("POST", `/projects/${shop.id}/invitations`, {
      as: owner,
      body: { email: "new@example.com", role: "viewer" },
    });
    await send("POST", `/projects/${blog.id}/invitations`, {
      as: owner,
      body: { email: "b@example.com", role: "viewer" },
    });
    await send("POST", "/invitations", { as: owner, body: { email: "all@example.com", role: "analyst" } });
    const listed = async (path: string) =>
      (await send("GET", path, { as: owner })).body as unknown as {
        people: { email: string; role: string; inherited: boolean }[];
        invitations: { email: string }[];
      };
    const inShop = await listed(`/projects/${shop.id}/people`);
    const shown = inShop.people.map(({ email, role, inherited }) => [email, role, inherited] as const);
    expect(shown.toSorted(([a], [b]) => (a < b ? -1 : 1))).toEqual([
      ["analyst.shop@example.com", "analyst", false],
      ["operator.shop@example.com", "operator", false],
      ["owner.shop@example.com", "owner", false],
      ["owner@example.com", "owner", true],
      ["viewer.shop@example.com", "viewer", false],
    ]);
    expect(inShop.invitations).toEqual([
      {
        id: expect.any(String),
        email: "new@example.com",
        role: "viewer",
        invitedBy: "owner@example.com",
        createdAt: clock.now(),
        expiresAt: clock.now() + 7 * 24 * HOUR,
      },
    ]);
    const inAll = await listed("/people");
    expect(inAll.people).toHaveLength(6);
    expect(inAll.people.find(({ email }) => email === "owner@example.com")).toMatchObject({
      role: "owner",
      inherited: false,
    });
    expect(inAll.people.find(({ email }) => email === people.viewer.person.email)).toMatchObject({
      role: null,
      inherited: false,
    });
    expect(inAll.invitations.map(({ email }) => email)).toEqual(["all@example.com"]);
  });

  test("are shown of no project that is not there, whoever asks", async () => {
    const { send, owner } = await setUp();
    expect((await send("GET", `/projects/${"0".repeat(24)}/people`, { as: owner })).status).toBe(404);
  });

  test("an invitation is taken back where it was made, and nowhere else", async () => {
    const { send, owner, people, shop, blog } = await withRoles();
    const invite = async (project: string) =>
      (
        (
          await send("POST", `/projects/${project}/invitations`, {
            as: owner,
            body: { email: "n@example.com", role: "viewer" },
          })
        ).body as unknown as { invitation: { id: string } }
      ).invitation.id;
    const [ofShop, ofBlog] = [await invite(shop.id), await invite(blog.id)];
    const take = (id: string) => send("DELETE", `/projects/${shop.id}/invitations/${id}`, { as: people.owner });
    const unknown = [404, "ResourceNotFoundError", "Resource not found. There is no such invitation."];
    expect(refused(await take(ofBlog))).toEqual(unknown);
    expect(refused(await take("made-up"))).toEqual(unknown);
    expect((await take(ofShop)).status).toBe(204);
    expect(refused(await take(ofShop))).toEqual(unknown);
  });

  test("get a role, and lose it, from an owner of the project who can see them", async () => {
    const { send, people, shop, personWith } = await withRoles();
    const stranger = await personWith("stranger@example.com", {});
    const path = (who: Setting["owner"]) => `/projects/${shop.id}/people/${who.person.id}`;
    const put = (who: Setting["owner"]) => send("PUT", path(who), { as: people.owner, body: { role: "operator" } });
    expect((await put(people.viewer)).body).toMatchObject({ role: "operator", inherited: false });
    expect((await put(stranger)).status).toBe(404);
    expect((await send("DELETE", `${path(stranger)}/role`, { as: people.owner })).status).toBe(404);
    expect((await send("DELETE", `${path(people.viewer)}/role`, { as: people.owner })).status).toBe(204);
    expect((await send("GET", `/projects/${shop.id}/people`, { as: people.viewer })).status).toBe(404);
  });
});

test("the keys for all projects are told by name, the oldest first, and their names have no spaces around", async () => {
  const { send, owner, clock } = await setUp();
  const made: { id: string; key: string }[] = [];
  for (const name of ["  deploy ", "backup", "audit"]) {
    const answer = await send("POST", "/organisation-keys", { as: owner, body: { name } });
    expect(answer.status).toBe(201);
    made.push(answer.body as never);
    clock.advance(HOUR);
  }
  const { keys } = (await send("GET", "/organisation-keys", { as: owner })).body as unknown as {
    keys: { name: string }[];
  };
  expect(keys).toEqual(
    ["deploy", "backup", "audit"].map((name, i) => ({ id: made[i]?.id, name, createdAt: NOON + i * HOUR })),
  );
  for (const name of ["", "   ", "x".repeat(101)]) {
    expect((await send("POST", "/organisation-keys", { as: owner, body: { name } })).status).toBe(400);
  }
  expect((await send("DELETE", `/organisation-keys/${made[0]?.id}`, { as: owner })).status).toBe(204);
});

describe("a project's settings, as its owner sees and changes them", () => {
  test("are told with what holds where nothing was said", async () => {
    const { send, owner, shop, clock } = await setUp();
    const settings = {
      id: shop.id,
      name: "Shop",
      timezone: "UTC",
      createdAt: clock.now(),
      archived: false,
      origins: [],
      redirectHosts: [],
      addresses: "cut",
      proxies: { addresses: [], hasSecret: false },
      bots: null,
      requestsPerSecond: null,
      engineSecondsPerMinute: null,
      eventsPerMonth: null,
      beyondQuota: "refuse",
    };
    const path = `/projects/${shop.id}`;
    expect((await send("GET", path, { as: owner })).body).toEqual(settings);
    const change = {
      name: "Store",
      origins: ["https://a.example"],
      redirectHosts: ["b.example"],
      addresses: "whole",
      requestsPerSecond: 5,
      engineSecondsPerMinute: 6,
      eventsPerMonth: 7,
      beyondQuota: "record",
    };
    expect((await send("PUT", path, { as: owner, body: change })).body).toEqual({ ...settings, ...change });
    const back = { addresses: "cut", beyondQuota: "refuse", requestsPerSecond: null };
    expect((await send("PUT", path, { as: owner, body: back })).body).toEqual({ ...settings, ...change, ...back });
    for (const [body, name] of [
      [{ addresses: "some" }, "addresses"],
      [{ beyondQuota: "drop" }, "beyondQuota"],
      [{ eventsPerMonth: 1.5 }, "eventsPerMonth"],
      [{ timezone: 5 }, "timezone"],
      [{ origins: [5] }, "origins"],
    ] as const) {
      expect(refused(await send("PUT", path, { as: owner, body }))[2], name).toContain(name);
    }
    expect((await send("PUT", path, { as: owner, body: { colour: "red" } })).status).toBe(400);
  });

  test("archiving is said once, with or without other changes", async () => {
    const { send, owner, shop, log } = await setUp();
    const put = async (body: object) =>
      (await send("PUT", `/projects/${shop.id}`, { as: owner, body })).body["archived"];
    expect([await put({ archived: false }), await put({ archived: true }), await put({ archived: true })]).toEqual([
      false,
      true,
      true,
    ]);
    expect([await put({ name: "Old shop" }), await put({ archived: false })]).toEqual([true, false]);
    expect((await log(shop.id)).map((entry) => entry.split(" ")[1])).toEqual([
      "project.restore",
      "project.change",
      "project.archive",
    ]);
  });

  test("its proxies' secret and its keys are shown once, and a new key is of a kind there is", async () => {
    const { send, owner, shop } = await setUp();
    const path = `/projects/${shop.id}`;
    const proxies = await send("PUT", `${path}/proxies`, {
      as: owner,
      body: { addresses: ["10.0.0.1"], secret: true },
    });
    expect(proxies.body).toEqual({ addresses: ["10.0.0.1"], secret: expect.stringMatching(/^[0-9A-F]{64}$/) });
    expect((await send("GET", path, { as: owner })).body["proxies"]).toEqual({
      addresses: ["10.0.0.1"],
      hasSecret: true,
    });
    const without = await send("PUT", `${path}/proxies`, { as: owner, body: { addresses: [] } });
    expect(without.body).toEqual({ addresses: [], secret: null });
    const made: Record<string, string>[] = [];
    for (const kind of ["write", "read", "master"]) {
      const answer = await send("POST", `${path}/keys`, { as: owner, body: { kind } });
      expect(answer.status).toBe(201);
      made.push(answer.body);
    }
    const { keys } = (await send("GET", `${path}/keys`, { as: owner })).body as unknown as { keys: { kind: string }[] };
    expect(keys.toSorted((a, b) => (a.kind < b.kind ? 1 : -1))).toEqual([
      { id: made[0]?.["id"], kind: "write", createdAt: NOON, value: made[0]?.["key"] },
      { id: made[1]?.["id"], kind: "read", createdAt: NOON, value: null },
      { id: made[2]?.["id"], kind: "master", createdAt: NOON, value: null },
    ]);
    expect((await send("POST", `${path}/keys`, { as: owner, body: { kind: "odd" } })).status).toBe(400);
    expect((await send("DELETE", `${path}/keys/${made[1]?.["id"]}`, { as: owner })).status).toBe(204);
  });

  test("are of the projects that one has a role in; only an owner of all makes one", async () => {
    const { send, people, owner, shop } = await withRoles();
    const listed = async (as: Setting["owner"]) =>
      ((await send("GET", "/projects", { as })).body as unknown as { projects: { id: string }[] }).projects;
    expect((await listed(people.viewer)).map(({ id }) => id)).toEqual([shop.id]);
    expect(await listed(owner)).toHaveLength(2);
    expect((await send("POST", "/projects", { as: people.owner, body: { name: "x" } })).status).toBe(403);
    const made = await send("POST", "/projects", { as: owner, body: { name: "New", timezone: "europe/berlin" } });
    expect([made.status, made.body]).toMatchObject([201, { project: { name: "New", timezone: "Europe/Berlin" } }]);
    expect(Object.keys(made.body).toSorted()).toEqual(["masterKey", "project", "readKey", "writeKey"]);
    expect((await send("GET", `/projects/${"0".repeat(24)}`, { as: owner })).status).toBe(404);
  });
});
