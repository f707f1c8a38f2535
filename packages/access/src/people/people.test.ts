import { describe, expect, test } from "vitest";
import { createAccess } from "../authenticate.ts";
import type { Permission } from "../projects/project.ts";
import { systemRandom } from "../system.ts";
import { breakableRegistry, fakeClock, HOUR, MINUTE } from "../testing.ts";
import { EVERY_PROJECT, roleIn, type Role, type Roles } from "./roles.ts";
import { SESSION_MS } from "./sessions.ts";

async function setUp() {
  const clock = fakeClock();
  const { registry, state } = breakableRegistry(clock);
  const access = createAccess({ registry, clock, random: systemRandom });
  const shop = await access.projects.create({ name: "Shop" });
  const blog = await access.projects.create({ name: "Blog" });
  const signIn = async (roles: Roles, email = "ada@example.com") => {
    const person = await access.people.create({ email, name: "Ada", roles });
    const session = await access.sessions.open({ person: person.id, method: "password", agent: "x".repeat(1_000) });
    return { person, session, token: session.token };
  };
  const asks = (token: string, project: string, needs: Permission) =>
    access.authenticate(project, token, needs).then(
      ({ principal }) => principal.name,
      (error: { code?: string }) => error.code,
    );
  return { clock, registry, state, access, shop, blog, signIn, asks };
}

describe("what each role may do, with the token of a session in place of a key", () => {
  const table: Record<Role, readonly Permission[]> = {
    viewer: ["read", "schema", "saved_queries", "cached_queries", "datasets"],
    analyst: ["read", "schema", "saved_queries", "cached_queries", "datasets", "define"],
    operator: ["read", "schema", "saved_queries", "cached_queries", "datasets", "define", "operate"],
    owner: [
      "read",
      "schema",
      "saved_queries",
      "cached_queries",
      "datasets",
      "define",
      "operate",
      "master",
      "administer",
    ],
  };
  const all = [...table.owner, "write"] as const;
  test.each(Object.entries(table))("%s", async (role, may) => {
    const { signIn, asks, shop, blog } = await setUp();
    const { token } = await signIn({ [shop.id]: role as Role });
    for (const need of all) {
      const expected = may.includes(need) ? "ada@example.com" : "InvalidApiKeyError";
      expect([need, await asks(token, shop.id, need)]).toEqual([need, expected]);
      expect([need, await asks(token, blog.id, need)]).toEqual([need, "InvalidApiKeyError"]);
    }
  });
});

test("a role in every project holds in each, and the one that may more counts", async () => {
  const { signIn, asks, access, blog, shop } = await setUp();
  const { token, person } = await signIn({ [EVERY_PROJECT]: "viewer", [shop.id]: "owner" });
  expect(await asks(token, blog.id, "read")).toBe("ada@example.com");
  expect(await asks(token, blog.id, "operate")).toBe("InvalidApiKeyError");
  expect(await asks(token, shop.id, "administer")).toBe("ada@example.com");
  expect(roleIn({ [EVERY_PROJECT]: "owner", x: "viewer" }, "x")).toBe("owner");
  expect(roleIn({}, "constructor")).toBeUndefined();
  // Changes of roles hold here at once.
  await access.people.setRole(person.id, shop.id, undefined);
  expect(await asks(token, shop.id, "operate")).toBe("InvalidApiKeyError");
});

test("a session ends when it is revoked, when its person is removed, and after two weeks; elsewhere within a minute", async () => {
  const { signIn, asks, access, registry, clock, shop } = await setUp();
  const elsewhere = createAccess({ registry, clock, random: systemRandom });
  const first = await signIn({ [shop.id]: "viewer" });
  const isOpen = async (token: string, from = access) =>
    from.authenticate(shop.id, token, "read").then(
      () => true,
      () => false,
    );
  expect([await isOpen(first.token), await isOpen(first.token, elsewhere)]).toEqual([true, true]);
  expect(await access.sessions.revoke(first.person.id, first.session.record.id)).toBe(true);
  expect(await isOpen(first.token)).toBe(false);
  clock.advance(MINUTE);
  expect(await isOpen(first.token, elsewhere)).toBe(false);

  const second = await signIn({ [shop.id]: "viewer" }, "bea@example.com");
  await access.people.remove(second.person.id);
  expect(await isOpen(second.token)).toBe(false);
  const third = await signIn({ [shop.id]: "viewer" }, "cyd@example.com");
  clock.advance(SESSION_MS - HOUR);
  expect(await asks(third.token, shop.id, "read")).toBe("cyd@example.com");
  clock.advance(HOUR);
  expect(await isOpen(third.token)).toBe(false);
});

test("an outage of the registry opens no session that was not asked about in the last minute", async () => {
  const { signIn, asks, state, clock, shop } = await setUp();
  const { token } = await signIn({ [shop.id]: "viewer" });
  await asks(token, shop.id, "read");
  state.down = true;
  clock.advance(2 * MINUTE);
  expect(await asks(token, shop.id, "read")).toBe("ServiceUnavailable");
});

test("what is kept of a session opens nothing, and the token is not the cookie", async () => {
  const { signIn, registry, access, asks, shop } = await setUp();
  const { session, person } = await signIn({ [shop.id]: "viewer" });
  const kept = JSON.stringify(await registry.list(`sessions:${person.id}`));
  for (const secret of [session.cookie, session.cookie.split(".")[1] ?? "", session.token, session.csrf]) {
    expect(kept).not.toContain(secret);
  }
  expect(kept.length).toBeLessThan(800);
  expect((await access.sessions.ofCookie(session.cookie))?.csrf).toBe(session.csrf);
  expect(await access.sessions.ofCookie(session.token)).toBeUndefined();
  for (const made of [session.record.id, session.csrf, session.cookie, `session-${person.id}-${session.record.id}`]) {
    expect(await asks(made, shop.id, "read")).toBe("InvalidApiKeyError");
  }
});

test("an address belongs to one person, whatever its case, and must be one", async () => {
  const { access } = await setUp();
  await access.people.create({ email: " Ada@Example.com ", name: "", roles: {} });
  expect(await access.people.byEmail("ADA@example.com")).toMatchObject({
    email: "ada@example.com",
    name: "ada@example.com",
  });
  for (const email of ["ada@EXAMPLE.com", "ada", "a b@c", "@", "<a@b>", `${"a".repeat(250)}@b.example`]) {
    await expect(access.people.create({ email, name: "x", roles: {} })).rejects.toMatchObject({
      code: "InvalidParameterError",
    });
  }
});
