import { expect, onTestFinished, test } from "vitest";
import { createAccess, type Access } from "./authenticate.ts";
import { createSqliteRegistry } from "./registry/registry-sqlite.ts";
import { systemRandom } from "./system.ts";
import { fakeClock } from "./testing.ts";

async function setUp() {
  const clock = fakeClock();
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  onTestFinished(() => registry.close());
  const access = createAccess({ registry, clock, random: systemRandom });
  const { id: project } = await access.projects.create({ name: "Shop" });
  const { id: person } = await access.people.create({
    email: "ada@example.com",
    name: "Ada",
    roles: { "*": "viewer" },
  });
  const open = () => access.sessions.open({ person, method: "password", agent: "Firefox" } as never);
  const session = await open();
  const key = await access.keys.create(project, "read");
  const definition = { name: "k", active: true, permitted: ["queries"], options: {} } as const;
  const { key: accessKey } = await access.accessKeys.create(project, definition);
  return { access, project, person, session, key, accessKey };
}
type Parts = Awaited<ReturnType<typeof setUp>>;

/** What ends what somebody holds, and what they hold. */
const ENDS: Readonly<
  Record<string, [held: (parts: Parts) => string, end: (access: Access, parts: Parts) => Promise<unknown>]>
> = {
  "a key is revoked": [
    ({ key }) => key,
    async ({ keys }, { project }) => {
      for (const { id } of await keys.list(project)) await keys.revoke(project, id);
    },
  ],
  "an access key is switched off": [
    ({ accessKey }) => accessKey,
    ({ accessKeys }, { project, accessKey }) => accessKeys.update(project, accessKey, { active: false }),
  ],
  "an access key is deleted": [
    ({ accessKey }) => accessKey,
    ({ accessKeys }, { project, accessKey }) => accessKeys.delete(project, accessKey),
  ],
  "a session is ended": [
    ({ session }) => session.token,
    ({ sessions }, { person, session }) => sessions.revoke(person, session.record.id),
  ],
  "all sessions are ended": [({ session }) => session.token, ({ sessions }, { person }) => sessions.revokeAll(person)],
  "somebody has no role any more": [
    ({ session }) => session.token,
    async ({ people }, { person }) => {
      await people.create({ email: "bob@example.com", name: "Bob", roles: { "*": "owner" } });
      await people.setRole(person, "*", undefined);
    },
  ],
  "somebody is removed": [({ session }) => session.token, ({ people }, { person }) => people.remove(person)],
};

// Other processes notice within a minute. This one, which has been told, must not let anybody in meanwhile.
test.each(Object.entries(ENDS))("where %s this process knows it at once", async (_, [held, end]) => {
  const parts = await setUp();
  const { access, project } = parts;
  const isLetIn = () =>
    access.authenticate(project, held(parts), "read").then(
      () => true,
      (error: { code: string }) => {
        expect(error.code).toBe("InvalidApiKeyError");
        return false;
      },
    );
  expect(await isLetIn()).toBe(true);
  await end(access, parts);
  expect(await isLetIn()).toBe(false);
});

test("a key of another project is none here, whatever project is asked", async () => {
  const { access, accessKey } = await setUp();
  const { id: other } = await access.projects.create({ name: "Other" });
  expect(await access.accessKeys.find(other, accessKey)).toBeUndefined();
  await expect(access.accessKeys.update(other, accessKey, { active: false })).rejects.toMatchObject({ status: 404 });
  await expect(access.accessKeys.delete(other, accessKey)).rejects.toMatchObject({ status: 404 });
  await expect(access.authenticate(other, accessKey, "read")).rejects.toMatchObject({ code: "InvalidApiKeyError" });
});
