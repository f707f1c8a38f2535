import { describe, expect, test } from "vitest";
import { createPasswords } from "../people/passwords.ts";
import { createThrottle } from "../people/throttle.ts";
import { systemRandom } from "../system.ts";
import { MINUTE, totpOf } from "../testing.ts";
import { ANSWERED, setUp } from "./testing.ts";

const PASSWORD = "correct horse battery";
/** The token of an invitation's link. */
function tokenOf(link: unknown): string {
  return String(link).split("#token=")[1] ?? "";
}

describe("from an invitation to a session", () => {
  test("a link is shown once, works once, and gives the role it was made for", async () => {
    const { send, owner, shop, access, log, registry } = await setUp();
    const invited = await send("POST", `/projects/${shop.id}/invitations`, {
      as: owner,
      body: { email: "Bea@Example.com", role: "analyst" },
    });
    expect(invited.status).toBe(201);
    const token = tokenOf(invited.body["link"]);
    expect(JSON.stringify(await registry.list("invitations"))).not.toContain(token);
    expect((await send("POST", "/invitations/show", { body: { token } })).body).toMatchObject({
      email: "bea@example.com",
    });
    const short = await send("POST", "/invitations/accept", { body: { token, name: "Bea", password: "short" } });
    expect([short.status, short.body["message"]]).toEqual([400, "A password has 12 to 1000 characters."]);
    const joined = await send("POST", "/invitations/accept", { body: { token, name: "Bea", password: PASSWORD } });
    expect(joined.status).toBe(201);
    const again = await send("POST", "/invitations/accept", { body: { token, name: "Eve", password: PASSWORD } });
    expect(again.status).toBe(401);
    expect((await access.people.byEmail("bea@example.com"))?.roles).toEqual({ [shop.id]: "analyst" });
    const cookie = joined.headers.get("set-cookie") ?? "";
    for (const part of ["__Secure-millrace=", "HttpOnly", "Secure", "SameSite=Strict", "Path=/console"]) {
      expect(cookie).toContain(part);
    }
    const session = await send("GET", "/session", { headers: { cookie: cookie.split(";")[0] ?? "" } });
    expect(session.body["projects"]).toMatchObject([{ id: shop.id, role: "analyst" }]);
    expect(await log()).toEqual([
      "bea@example.com session.open bea@example.com",
      "bea@example.com person.join bea@example.com",
      "owner@example.com person.invite bea@example.com",
    ]);
  });

  test("one that was taken back, or is a week old, opens nothing; whoever is there already gets the role at once", async () => {
    const { send, owner, shop, clock, personWith } = await setUp();
    const invite = (email: string) =>
      send("POST", `/projects/${shop.id}/invitations`, { as: owner, body: { email, role: "viewer" } });
    const accept = (link: unknown) =>
      send("POST", "/invitations/accept", { body: { token: tokenOf(link), name: "x", password: PASSWORD } });
    const first = await invite("a@example.com");
    const { id } = first.body["invitation"] as unknown as { id: string };
    expect((await send("DELETE", `/projects/${shop.id}/invitations/${id}`, { as: owner })).status).toBe(204);
    expect((await accept(first.body["link"])).status).toBe(401);
    const second = await invite("b@example.com");
    clock.advance(7 * 24 * 60 * MINUTE);
    expect((await accept(second.body["link"])).status).toBe(401);
    await personWith("c@example.com", {});
    expect((await invite("c@example.com")).body).toMatchObject({ link: null, person: { role: "viewer" } });
  });
});

describe("a password", () => {
  async function withPassword() {
    const set = await setUp();
    const { person } = set.owner;
    await createPasswords({ registry: set.registry, random: systemRandom }).set(person.id, PASSWORD);
    const signIn = (email: string, password: string) => set.send("POST", "/sign-in", { body: { email, password } });
    return { ...set, person, signIn };
  }

  test("lets in who has it, is told from nobody's in no answer, and is kept as a hash that needs memory", async () => {
    const { signIn, registry, person } = await withPassword();
    expect((await signIn(" Owner@Example.com", PASSWORD)).status).toBe(200);
    const wrong = await signIn("owner@example.com", `${PASSWORD}!`);
    const nobody = await signIn("nobody@example.com", PASSWORD);
    expect([wrong.status, wrong.body]).toEqual([nobody.status, nobody.body]);
    expect(wrong.status).toBe(401);
    const kept = JSON.stringify(await registry.list(`password:${person.id}`));
    expect(kept).toContain("scrypt$65536$8$2$");
    expect(kept).not.toContain(PASSWORD);
  });

  test("is tried ten times in a quarter of an hour, and then not even the right one helps", async () => {
    const { signIn, clock, registry } = await withPassword();
    const throttle = createThrottle({ registry, clock });
    for (let i = 0; i < 9; i++) await throttle.begin([{ name: "account owner@example.com", most: 10 }]);
    expect((await signIn("owner@example.com", "wrong")).status).toBe(401);
    const right = await signIn("owner@example.com", PASSWORD);
    expect([right.status, Number(right.headers.get("retry-after")) > 0]).toEqual([429, true]);
    clock.advance(15 * MINUTE);
    expect((await signIn("owner@example.com", PASSWORD)).status).toBe(200);
  });

  test("is changed only by who knows it, and the other sessions end", async () => {
    const { send, owner, access, signIn, person } = await withPassword();
    const other = await access.sessions.open({ person: person.id, method: "password" });
    const change = (current: string) =>
      send("PUT", "/password", { as: owner, body: { current, password: "another long one" } });
    expect((await change("wrong")).status).toBe(403);
    expect((await change(PASSWORD)).status).toBe(204);
    expect(await access.sessions.ofCookie(other.cookie)).toBeUndefined();
    expect((await send("GET", "/session", { as: owner })).status).toBe(200);
    expect((await signIn("owner@example.com", "another long one")).status).toBe(200);
  });
});

describe("a second factor", () => {
  async function withFactor() {
    const set = await setUp();
    const { person } = set.owner;
    await createPasswords({ registry: set.registry, random: systemRandom }).set(person.id, PASSWORD);
    const signIn = (code?: string) =>
      set.send("POST", "/sign-in", { body: { email: ANSWERED.owner, password: PASSWORD, ...(code && { code }) } });
    const begun = await set.send("POST", "/second-factor", { as: set.owner, body: { password: PASSWORD } });
    expect(begun.status).toBe(201);
    const secret = String(begun.body["secret"]);
    const codeNow = () => totpOf(secret, set.clock.now());
    const confirm = (code: string) => set.send("PUT", "/second-factor", { as: set.owner, body: { code } });
    return { ...set, person, signIn, secret, uri: String(begun.body["uri"]), codeNow, confirm };
  }

  test("counts from its first right code on: then a password alone opens nothing, and each code opens once", async () => {
    const { signIn, confirm, codeNow, uri, clock, send, owner, log } = await withFactor();
    expect(new URL(uri).searchParams.get("issuer")).toBe("Millrace stats.example");
    expect((await signIn()).status).toBe(200);
    expect((await confirm("000000" === codeNow() ? "000001" : "000000")).status).toBe(400);
    const confirmed = await confirm(codeNow());
    expect(confirmed.body["emergency_codes"]).toHaveLength(10);
    const asked = await signIn();
    expect([asked.status, asked.body, asked.headers.get("set-cookie")]).toEqual([202, { second_factor: true }, null]);
    // The code that turned it on was seen by whoever looked over the shoulder.
    expect((await signIn(codeNow())).status).toBe(401);
    clock.advance(MINUTE);
    const late = codeNow();
    clock.advance(MINUTE / 2);
    expect((await signIn(late)).status).toBe(200);
    expect((await signIn(late)).status).toBe(401);
    expect((await send("GET", "/second-factor", { as: owner })).body).toEqual({ on: true, emergency_codes_left: 10 });
    expect(await log()).toContain("owner@example.com person.second-factor owner@example.com");
  });

  test("a code of an hour ago, of letters, or too long opens nothing, and tries of codes are counted as those of passwords", async () => {
    const { signIn, confirm, codeNow, clock } = await withFactor();
    await confirm(codeNow());
    const old = codeNow();
    clock.advance(60 * MINUTE);
    for (const code of [old, "abcdef", "1".repeat(100), "٠١٢٣٤٥", "' or 1"])
      expect((await signIn(code)).status).toBe(401);
    for (let i = 0; i < 5; i++) await signIn("000000");
    clock.advance(MINUTE);
    expect((await signIn(codeNow())).status).toBe(429);
  });

  test("codes for emergencies open once each, however they are written, and are kept as hashes", async () => {
    const { signIn, confirm, codeNow, registry, person, send, owner } = await withFactor();
    const codes = (await confirm(codeNow())).body["emergency_codes"] as unknown as string[];
    const [first = ""] = codes;
    expect(JSON.stringify(await registry.list(`second-factor:${person.id}`))).not.toContain(first);
    expect((await signIn(` ${first.toUpperCase().replaceAll("-", " ")}`)).status).toBe(200);
    expect((await signIn(first)).status).toBe(401);
    expect((await send("GET", "/second-factor", { as: owner })).body["emergency_codes_left"]).toBe(9);
  });

  test("is begun and turned off only by who knows the password, and an owner takes a lost one away", async () => {
    const { send, owner, confirm, codeNow, signIn, personWith, person, clock } = await withFactor();
    await confirm(codeNow());
    const off = (password: string) => send("DELETE", "/second-factor", { as: owner, body: { password } });
    expect((await send("POST", "/second-factor", { as: owner, body: { password: "wrong" } })).status).toBe(403);
    expect((await off("wrong")).status).toBe(403);
    const viewer = await personWith("viewer@example.com", {});
    const lost = `/people/${person.id}/second-factor`;
    expect((await send("DELETE", lost, { as: viewer })).status).toBe(403);
    expect((await send("DELETE", lost, { as: owner })).status).toBe(204);
    expect((await send("DELETE", lost, { as: owner })).status).toBe(404);
    expect((await signIn()).status).toBe(200);
    clock.advance(MINUTE);
    // What was begun and not confirmed is gone with it.
    expect((await confirm(codeNow())).status).toBe(400);
  });

  test("what was begun counts for a quarter of an hour", async () => {
    const { confirm, codeNow, clock } = await withFactor();
    clock.advance(15 * MINUTE);
    expect((await confirm(codeNow())).body["message"]).toMatch(/^Begin again/);
  });
});

describe("what no other page can do in somebody's name", () => {
  test.each(["", "1", "0".repeat(64)])("a change with the header %j is refused", async (csrf) => {
    const { send, owner, access } = await setUp();
    const answer = await send("POST", "/projects", { as: { ...owner, csrf }, body: { name: "Evil" } });
    expect(answer.status).toBe(403);
    expect(await access.projects.list()).toHaveLength(2);
  });

  test("the token of another session is no proof either, and signing in takes a page of ours too", async () => {
    const { send, owner, personWith, app } = await setUp();
    const other = await personWith(ANSWERED.other, { "*": "owner" });
    const mixed = { cookie: owner.cookie, csrf: other.csrf };
    expect((await send("POST", "/projects", { as: mixed, body: { name: "Evil" } })).status).toBe(403);
    const form = await app.request("/console/sign-in", { method: "POST", body: '{"email":"a@b","password":"x"}' });
    expect(form.status).toBe(403);
  });

  test("no other origin reads an answer, and no preflight is granted", async () => {
    const { app, owner } = await setUp();
    const headers = { origin: "https://evil.example", cookie: owner.cookie };
    const read = await app.request("/console/session", { headers });
    expect(read.headers.get("access-control-allow-origin")).toBeNull();
    expect(read.headers.get("cache-control")).toBe("no-store");
    expect((await app.request("/console/projects", { method: "OPTIONS", headers })).status).toBe(403);
  });
});

describe("projects and keys", () => {
  test("an owner makes a project whose keys work, rotates one, and the log says so without a key", async () => {
    const { send, owner, access, log, registry, clock } = await setUp();
    const made = await send("POST", "/projects", { as: owner, body: { name: "Store", timezone: "europe/berlin" } });
    expect(made.status).toBe(201);
    const { project, readKey } = made.body as unknown as { project: { id: string }; readKey: string };
    await access.authenticate(project.id, readKey, "read");
    const keys = `/projects/${project.id}/keys`;
    clock.advance(MINUTE);
    const second = await send("POST", keys, { as: owner, body: { kind: "read" } });
    await access.authenticate(project.id, String(second.body["key"]), "read");
    const third = await send("POST", keys, { as: owner, body: { kind: "read" } });
    expect([third.status, third.body["message"]]).toEqual([400, expect.stringContaining("2 active read keys")]);
    const listed = (await send("GET", keys, { as: owner })).body["keys"] as unknown as { id: string; kind: string }[];
    expect(JSON.stringify(listed)).not.toContain(readKey);
    const old = listed.find(({ kind }) => kind === "read");
    expect((await send("DELETE", `${keys}/${old?.id}`, { as: owner })).status).toBe(204);
    await expect(access.authenticate(project.id, readKey, "read")).rejects.toThrow();
    expect((await log(project.id)).map((line) => line.split(" ")[1])).toEqual([
      "key.revoke",
      "key.create",
      "key.create",
      "key.create",
      "key.create",
      "project.create",
    ]);
    for (const key of [readKey, second.body["key"]]) {
      expect(JSON.stringify(await registry.list("audit-log:all"))).not.toContain(key);
    }
  });

  test("settings change one by one and are logged with what they were; archived is written no more, and can be asked", async () => {
    const { send, owner, access, shop } = await setUp();
    const readKey = await access.keys.create(shop.id, "read");
    const writeKey = await access.keys.create(shop.id, "write");
    const change = (body: object) => send("PUT", `/projects/${shop.id}`, { as: owner, body });
    expect((await change({ name: "Store", origins: ["https://shop.example/"] })).body).toMatchObject({
      name: "Store",
      timezone: "UTC",
      origins: ["https://shop.example"],
      archived: false,
    });
    expect((await change({ origins: ["shop.example"] })).body["message"]).toContain('origins: "shop.example"');
    expect((await change({ timezone: "Mars/Olympus" })).status).toBe(400);
    const [entry] = (await access.audit.search({ what: "project.change" })).entries;
    expect([entry?.before, entry?.after]).toEqual([
      { name: "Shop" },
      { name: "Store", origins: ["https://shop.example"] },
    ]);
    expect((await change({ archived: true })).body["archived"]).toBe(true);
    await expect(access.authenticate(shop.id, writeKey, "write")).rejects.toMatchObject({ code: "NotPermitted" });
    await access.authenticate(shop.id, readKey, "read");
    expect((await change({ archived: false })).body["archived"]).toBe(false);
    await access.authenticate(shop.id, writeKey, "write");
  });

  test("an organisation's key makes projects without a cookie, until it is revoked", async () => {
    const { send, access, log } = await setUp();
    const { key, id } = await access.organisationKeys.create("sign-up");
    const make = () => send("POST", "/projects", { headers: { authorization: key }, body: { name: "Customer" } });
    expect((await make()).status).toBe(201);
    expect((await log()).at(-1)).toBe("sign-up project.create Customer");
    await access.organisationKeys.revoke(id);
    expect((await make()).status).toBe(401);
  });
});

describe("people", () => {
  test("the last owner of everything can be neither removed nor made less", async () => {
    const { send, owner, personWith } = await setUp();
    const id = owner.person.id;
    for (const answer of [
      await send("DELETE", `/people/${id}`, { as: owner }),
      await send("DELETE", `/people/${id}/role`, { as: owner }),
      await send("PUT", `/people/${id}`, { as: owner, body: { role: "viewer" } }),
    ]) {
      expect([answer.status, answer.body["message"]]).toEqual([400, expect.stringContaining("last owner")]);
    }
    await personWith(ANSWERED.other, { "*": "owner" });
    expect((await send("DELETE", `/people/${id}`, { as: owner })).status).toBe(204);
    expect((await send("GET", "/session", { as: owner })).status).toBe(401);
  });

  test("an owner of one project sees and changes that one's people alone, and learns of nobody else", async () => {
    const { send, personWith, owner, shop, blog } = await setUp();
    const ofShop = await personWith("shop@example.com", { [shop.id]: "owner" });
    const ofBlog = await personWith("blog@example.com", { [blog.id]: "viewer" });
    const listed = await send("GET", `/projects/${shop.id}/people`, { as: ofShop });
    expect(JSON.stringify(listed.body)).not.toContain("blog@example.com");
    expect(listed.body["people"]).toHaveLength(2);
    expect(listed.body["people"]).toContainEqual(
      expect.objectContaining({ email: "owner@example.com", role: "owner", inherited: true }),
    );
    const refused = [
      send("GET", `/projects/${blog.id}/people`, { as: ofShop }),
      send("GET", `/projects/${"0".repeat(24)}/people`, { as: ofShop }),
      send("PUT", `/projects/${shop.id}/people/${ofBlog.person.id}`, { as: ofShop, body: { role: "viewer" } }),
      send("PUT", `/projects/${shop.id}/people/${"0".repeat(24)}`, { as: ofShop, body: { role: "viewer" } }),
    ];
    for (const answer of await Promise.all(refused)) expect(answer.status).toBe(404);
    for (const path of ["/people", "/audit", `/projects/*/people`]) {
      expect([path, (await send("GET", path, { as: ofShop })).status]).not.toEqual([path, 200]);
    }
    expect((await send("DELETE", `/people/${owner.person.id}`, { as: ofShop })).status).toBe(403);
  });

  test("sessions are listed and ended, one's own only", async () => {
    const { send, owner, access, personWith } = await setUp();
    const other = await personWith(ANSWERED.other, { "*": "owner" });
    const second = await access.sessions.open({ person: owner.person.id, method: "link", agent: "Firefox" });
    const listed = (await send("GET", "/sessions", { as: owner })).body["sessions"] as unknown as { id: string }[];
    expect(listed).toHaveLength(2);
    expect(listed).toContainEqual(expect.objectContaining({ id: second.record.id, agent: "Firefox", current: false }));
    expect((await send("DELETE", `/sessions/${other.session.record.id}`, { as: owner })).status).toBe(404);
    expect((await send("DELETE", `/sessions/${second.record.id}`, { as: owner })).status).toBe(204);
    expect(await access.sessions.ofCookie(second.cookie)).toBeUndefined();
    expect((await send("POST", "/sign-out", { as: owner })).status).toBe(204);
    expect((await send("GET", "/session", { as: owner })).status).toBe(401);
  });
});

test("an owner limits what a project takes, and the log says what it was before", async () => {
  const { send, owner, shop, access } = await setUp();
  const put = (body: object) => send("PUT", `/projects/${shop.id}`, { as: owner, body });
  const limits = { requestsPerSecond: 5, engineSecondsPerMinute: 30, eventsPerMonth: 1_000, beyondQuota: "record" };
  expect((await put(limits)).body).toMatchObject(limits);
  expect((await put({ engineSecondsPerMinute: 0 })).body["message"]).toContain(
    "engineSecondsPerMinute is from 1 to 600",
  );
  expect((await put({ requestsPerSecond: null })).body).toMatchObject({ ...limits, requestsPerSecond: null });
  const { entries } = await access.audit.search({ project: shop.id, what: "project.change" });
  expect(entries[0]).toMatchObject({ before: { requestsPerSecond: 5 } });
});

describe("keys for all projects", () => {
  test("an owner of everything makes one, which is shown once, works, and is revoked; it makes no other", async () => {
    const { send, owner, personWith, shop, log } = await setUp();
    const body = { name: "Sign-ups" };
    const made = await send("POST", "/organisation-keys", { as: owner, body });
    expect(made.status).toBe(201);
    const key = String(made.body["key"]);
    const withKey = { authorization: key };
    expect((await send("POST", "/projects", { headers: withKey, body: { name: "Made" } })).status).toBe(201);
    expect((await send("POST", "/organisation-keys", { headers: withKey, body })).status).toBe(403);
    const listed = await send("GET", "/organisation-keys", { as: owner });
    expect(JSON.stringify(listed.body)).toContain("Sign-ups");
    expect(JSON.stringify(listed.body)).not.toContain(key);
    const ofShop = await personWith("shop@example.com", { [shop.id]: "owner" });
    for (const [method, path] of [
      ["GET", "/organisation-keys"],
      ["POST", "/organisation-keys"],
      ["DELETE", `/organisation-keys/${String(made.body["id"])}`],
    ] as const)
      expect((await send(method, path, { as: ofShop, ...(method === "POST" && { body }) })).status).toBe(403);
    expect((await send("DELETE", `/organisation-keys/${String(made.body["id"])}`, { as: owner })).status).toBe(204);
    expect((await send("GET", "/projects", { headers: withKey })).status).toBe(401);
    expect(await log()).toContain(`owner@example.com organisation-key.revoke ${String(made.body["id"])}`);
  });
});
