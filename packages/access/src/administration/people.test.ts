import { describe, expect, test } from "vitest";
import { createAccess } from "../authenticate.ts";
import { createInvitations } from "../people/invitations.ts";
import { createPasswords } from "../people/passwords.ts";
import { createSecondFactors } from "../people/second-factor.ts";
import { systemRandom } from "../system.ts";
import { breakableRegistry, fakeClock, totpOf } from "../testing.ts";
import { createPeopleAdministration } from "./people.ts";

const BY = { who: { kind: "person", id: "p0", name: "Olga" }, from: "203.0.113.7" } as const;
const PASSWORD = "correct horse battery";
const UNKNOWN = { code: "ResourceNotFoundError" };

async function setUp() {
  const clock = fakeClock();
  const { registry } = breakableRegistry(clock);
  const system = { registry, clock, random: systemRandom };
  const access = createAccess(system);
  const parts = {
    people: access.people,
    sessions: access.sessions,
    audit: access.audit,
    invitations: createInvitations(system),
    passwords: createPasswords(system),
    secondFactors: createSecondFactors(system),
  };
  const olga = await access.people.create({ email: "olga@example.com", name: "Olga", roles: { "*": "owner" } });
  const ada = await access.people.create({ email: "ada@example.com", name: "Ada", roles: { shop: "viewer" } });
  /** What the log has, the newest first, without what is the same in all. */
  const log = async (project?: string) =>
    (await access.audit.search({ project })).entries.map(({ who, from, what, project, target, before, after }) => ({
      who,
      from,
      what,
      project,
      target,
      before,
      after,
    }));
  return { ...parts, clock, olga, ada, log, administration: createPeopleAdministration(parts) };
}

describe("each change is in the log: who made it, from where, of whom, as it was and as it is", () => {
  test("an invitation to a project is in that project's log, one to all of them in none's", async () => {
    const { administration, log } = await setUp();
    const made = await administration.invite(BY, { email: "New@Example.com", role: "analyst", scope: "shop" });
    const entry = {
      ...BY,
      what: "person.invite",
      target: "new@example.com",
      project: "shop",
      after: { role: "analyst", scope: "shop" },
    };
    expect(await log("shop")).toEqual([entry]);
    expect(made).toMatchObject({
      invitation: { email: "new@example.com", roles: { shop: "analyst" }, invitedBy: "Olga" },
    });
    await administration.invite(BY, { email: "more@example.com", role: "owner", scope: "*" });
    expect(await log("*")).toEqual([]);
    expect(await log()).toEqual([
      { ...BY, what: "person.invite", target: "more@example.com", after: { role: "owner", scope: "*" } },
      entry,
    ]);
  });

  test("whoever accepts it joined by themselves, with the roles that somebody gave", async () => {
    const { administration, log, passwords } = await setUp();
    const made = await administration.invite(BY, { email: "new@example.com", role: "analyst", scope: "shop" });
    if (!("invitation" in made)) throw new Error("nobody was invited");
    const chosen = { name: "New", password: PASSWORD };
    const person = await administration.accept("198.51.100.1", made.invitation.token, chosen);
    expect((await log())[0]).toEqual({
      who: { kind: "person", id: person.id, name: "new@example.com" },
      from: "198.51.100.1",
      what: "person.join",
      target: "new@example.com",
      after: { roles: { shop: "analyst" }, invitedBy: "Olga" },
    });
    expect(await passwords.check(person.id, PASSWORD)).toBe(true);
    await expect(administration.accept(undefined, made.invitation.token, chosen)).rejects.toMatchObject({
      code: "InvalidApiKeyError",
      message: expect.stringContaining("Ask for another"),
    });
  });

  test("a role that is given, changed, taken away", async () => {
    const { administration, ada, log } = await setUp();
    expect((await administration.setRole(BY, ada.id, "blog", "operator")).roles).toEqual({
      shop: "viewer",
      blog: "operator",
    });
    expect((await administration.setRole(BY, ada.id, "shop", "analyst")).roles.shop).toBe("analyst");
    expect((await administration.setRole(BY, ada.id, "shop", undefined)).roles).toEqual({ blog: "operator" });
    await administration.setRole(BY, ada.id, "*", "owner");
    const entry = { ...BY, what: "person.role", target: "ada@example.com" };
    expect(await log("shop")).toEqual([
      { ...entry, project: "shop", before: { role: "analyst", scope: "shop" }, after: { role: null, scope: "shop" } },
      {
        ...entry,
        project: "shop",
        before: { role: "viewer", scope: "shop" },
        after: { role: "analyst", scope: "shop" },
      },
    ]);
    expect(await log("blog")).toEqual([
      { ...entry, project: "blog", before: { role: null, scope: "blog" }, after: { role: "operator", scope: "blog" } },
    ]);
    expect((await log())[0]).toEqual({
      ...entry,
      before: { role: null, scope: "*" },
      after: { role: "owner", scope: "*" },
    });
  });

  test("a role that somebody has already is no change", async () => {
    const { administration, ada, olga, log } = await setUp();
    expect(await administration.setRole(BY, ada.id, "shop", "viewer")).toEqual(ada);
    expect(await administration.invite(BY, { email: olga.email, role: "owner", scope: "*" })).toEqual({ person: olga });
    expect(await log()).toEqual([]);
  });

  test("a password, a second factor that goes on and off, a session that is ended, a person who is removed", async () => {
    const { administration, ada, log, clock, secondFactors, sessions, passwords } = await setUp();
    await administration.setPassword(BY, ada.id, PASSWORD);
    const { secret } = await secondFactors.begin(ada.id, { issuer: "Millrace", account: ada.email });
    const codes = await administration.confirmSecondFactor(BY, ada.id, totpOf(secret, clock.now()));
    expect(codes).toHaveLength(10);
    await administration.removeSecondFactor(BY, ada.id);
    expect(await secondFactors.left(ada.id)).toBeUndefined();
    await sessions.open({ person: ada.id, method: "password" });
    const [open] = await sessions.list(ada.id);
    const session = open?.id ?? "";
    await administration.revokeSession(BY, ada.id, session);
    expect(await sessions.list(ada.id)).toEqual([]);
    await administration.remove(BY, ada.id);
    expect(await passwords.check(ada.id, PASSWORD)).toBe(false);
    const entry = { ...BY, target: "ada@example.com" };
    expect(await log()).toEqual([
      { ...entry, what: "person.remove", before: { roles: { shop: "viewer" } } },
      // Enough of a session to find it, and not all of it.
      { ...entry, what: "session.revoke", before: { session: session.slice(0, 12) } },
      { ...entry, what: "person.second-factor", after: { on: false } },
      { ...entry, what: "person.second-factor", after: { on: true } },
      { ...entry, what: "person.password" },
    ]);
    expect(session.length).toBeGreaterThan(12);
  });

  test("an invitation that is taken back, of those that there are", async () => {
    const { administration, invitations, log } = await setUp();
    for (const email of ["a@example.com", "b@example.com"]) {
      await administration.invite(BY, { email, role: "viewer", scope: "shop" });
    }
    const second = (await invitations.list()).at(1);
    expect(await administration.withdraw(BY, second?.id ?? "")).toEqual(second);
    expect((await log())[0]).toEqual({ ...BY, what: "person.withdraw-invitation", target: second?.email });
    expect(await invitations.list()).toHaveLength(1);
    await expect(administration.withdraw(BY, second?.id ?? "")).rejects.toThrow("was used or taken back");
  });
});

test("a provider's word lets in whom an invitation to that very address waits for, and nobody else", async () => {
  const { administration, people } = await setUp();
  await administration.invite(BY, { email: "first@example.com", role: "viewer", scope: "shop" });
  await administration.invite(BY, { email: "second@example.com", role: "analyst", scope: "shop" });
  const joined = await administration.acceptVerified(undefined, { email: "Second@Example.com", name: "Second" });
  expect(joined).toMatchObject({ email: "second@example.com", name: "Second", roles: { shop: "analyst" } });
  expect(await administration.acceptVerified(undefined, { email: "third@example.com", name: "Third" })).toBeUndefined();
  expect((await people.list()).map(({ email }) => email).toSorted()).toEqual([
    "ada@example.com",
    "olga@example.com",
    "second@example.com",
  ]);
});

describe("somebody owns everything, always", () => {
  test.each([
    [
      "made less",
      (it: Awaited<ReturnType<typeof setUp>>) => it.administration.setRole(BY, it.olga.id, "*", "operator"),
    ],
    [
      "taken the role",
      (it: Awaited<ReturnType<typeof setUp>>) => it.administration.setRole(BY, it.olga.id, "*", undefined),
    ],
    ["removed", (it: Awaited<ReturnType<typeof setUp>>) => it.administration.remove(BY, it.olga.id)],
  ])("the last one is not %s, and is once there is another", async (_, change) => {
    const it = await setUp();
    await expect(change(it)).rejects.toMatchObject({
      code: "InvalidParameterError",
      message: expect.stringContaining("last owner"),
    });
    expect(await it.people.get(it.olga.id)).toEqual(it.olga);
    await it.administration.setRole(BY, it.ada.id, "*", "owner");
    await change(it);
    expect((await it.people.get(it.olga.id))?.roles["*"]).not.toBe("owner");
  });

  test("the last one may get and lose roles in single projects", async () => {
    const { administration, olga } = await setUp();
    expect((await administration.setRole(BY, olga.id, "shop", "viewer")).roles).toEqual({
      "*": "owner",
      shop: "viewer",
    });
    expect((await administration.setRole(BY, olga.id, "shop", undefined)).roles).toEqual({ "*": "owner" });
  });
});

test("of somebody who is not there nothing is changed, and what is not there is said not to be", async () => {
  const { administration, ada, log } = await setUp();
  const nobody = "0".repeat(24);
  for (const change of [
    administration.setRole(BY, nobody, "shop", "viewer"),
    administration.remove(BY, nobody),
    administration.setPassword(BY, nobody, PASSWORD),
    administration.confirmSecondFactor(BY, nobody, "123456"),
    administration.removeSecondFactor(BY, nobody),
    administration.revokeSession(BY, nobody, "x"),
  ]) {
    await expect(change).rejects.toMatchObject({ ...UNKNOWN, message: expect.stringContaining("person") });
  }
  await expect(administration.removeSecondFactor(BY, ada.id)).rejects.toMatchObject({
    ...UNKNOWN,
    message: expect.stringContaining("second factor"),
  });
  await expect(administration.revokeSession(BY, ada.id, "x")).rejects.toMatchObject({
    ...UNKNOWN,
    message: expect.stringContaining("session"),
  });
  expect(await log()).toEqual([]);
});
