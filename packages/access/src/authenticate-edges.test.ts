import { expect, test } from "vitest";
import { EVERYTHING } from "@millrace/core";
import { createAccess } from "./authenticate.ts";
import { systemRandom } from "./system.ts";
import { breakableRegistry, fakeClock, HOUR, MINUTE } from "./testing.ts";

type Embeds = NonNullable<Parameters<typeof createAccess>[0]["embeds"]>;

async function setUp(embeds?: Embeds) {
  const clock = fakeClock();
  const { registry, state } = breakableRegistry(clock);
  const access = createAccess({ registry, clock, random: systemRandom, ...(embeds && { embeds }) });
  const project = await access.projects.create({ name: "Shop" });
  const key = (kind: "write" | "read" | "master") => access.keys.create(project.id, kind);
  return { access, clock, state, project, key };
}

const said = (work: Promise<unknown>) =>
  work.then(
    () => "granted",
    (error: Error) => error.message,
  );

test.each([undefined, ""])("who comes without a key, %j, is told which kind it takes", async (none) => {
  const { access, project, state } = await setUp();
  const { reads } = state;
  expect(await said(access.authenticate(project.id, none, "read"))).toBe("This needs a read key.");
  expect(await said(access.authenticate(project.id, none, ["master"]))).toBe("This needs a master key.");
  expect(await said(access.authenticate(project.id, none, "write"))).toBe("This needs a write key.");
  // The project alone is looked up, once: there is no key to look for.
  expect(state.reads - reads).toBe(1);
});

test("a bad key is told which kind it is not, on every way in", async () => {
  const { access, project } = await setUp();
  const not = (kind: string) => `The key is not a ${kind} key of this project.`;
  expect(await said(access.authenticate(project.id, "bad", "read"))).toBe(not("read"));
  expect(await said(access.authenticateWriteKey("bad"))).toBe(not("write"));
  expect(await said(access.authenticateWriteKey(""))).toBe(not("write"));
  expect(await said(access.authenticateReader("bad", "master"))).toBe(not("master"));
  expect(await said(access.authenticateReader(undefined, ["schema"]))).toBe(not("read"));
});

test("what is longer than a key is not looked for; what is as long as one may be is", async () => {
  const { access, project, state } = await setUp();
  await said(access.authenticate(project.id, "bad", "read"));
  const readsOf = async (work: () => Promise<unknown>) => {
    const { reads } = state;
    await said(work());
    return state.reads - reads;
  };
  const [longest, longer] = ["k".repeat(256), "k".repeat(257)];
  expect(await readsOf(() => access.authenticate(project.id, longer, "read"))).toBe(0);
  expect(await readsOf(() => access.authenticate(project.id, longest, "read"))).toBe(1);
  expect(await readsOf(() => access.authenticateWriteKey(longer))).toBe(0);
  expect(await readsOf(() => access.authenticateWriteKey(longest))).toBeGreaterThan(0);
  expect(await readsOf(() => access.authenticateReader(longer, "read"))).toBe(0);
  expect(await readsOf(() => access.authenticateReader(longest, "read"))).toBeGreaterThan(0);
  expect(await readsOf(() => access.authenticateReader("", "read"))).toBe(0);
});

test("an archived project answers what it has and records nothing more", async () => {
  const { access, project, key, clock } = await setUp();
  const [write, read] = [await key("write"), await key("read")];
  await access.projects.update(project.id, { archivedAt: clock.now() });
  expect(await said(access.authenticate(project.id, read, "read"))).toBe("granted");
  expect(await said(access.authenticate(project.id, write, "write"))).toBe(
    "This project is archived: nothing is recorded in it any more.",
  );
  expect(await said(access.authenticateWriteKey(write))).toContain("archived");
});

test("what a reader's key was found to be for is not believed from before while the registry is down", async () => {
  const { access, key, clock, state } = await setUp();
  const read = await key("read");
  expect(await said(access.authenticateReader(read, "read"))).toBe("granted");
  clock.advance(MINUTE - 1);
  state.down = true;
  expect(await said(access.authenticateReader(read, "read"))).toBe("granted");
  clock.advance(1);
  expect(await said(access.authenticateReader(read, "read"))).toContain("cannot be reached");
});

test("an access key with filters records where nobody can read them, and asks nothing", async () => {
  const { access, project, clock, state } = await setUp();
  const made = await access.accessKeys.create(project.id, {
    name: "Embedded",
    active: true,
    permitted: ["writes", "queries"],
    options: { queries: { filters: [{ property_name: "a", operator: "eq", property_value: 1 }] } },
  });
  const grant = await access.authenticate(project.id, made.key, "write");
  expect(grant.queryFilter).toEqual(EVERYTHING);
  expect(await said(access.authenticate(project.id, made.key, "read"))).toBe(
    "Filters of an access key cannot be enforced here.",
  );
  // As a write key, it goes on recording for an hour without the registry.
  state.down = true;
  clock.advance(HOUR - 1);
  expect(await said(access.authenticate(project.id, made.key, "write"))).toBe("granted");
});

test("a key is taken for an embed token by its form alone, and a token without a key is none", async () => {
  const read: string[] = [];
  const { access, project, key } = await setUp({
    read: async (token: string) => {
      read.push(token);
      throw new Error("read");
    },
  } as Embeds);
  expect(await said(access.authenticate(project.id, await key("read"), "read"))).toBe("granted");
  expect(await said(access.authenticate(project.id, undefined, "read"))).toBe("This needs a read key.");
  expect(read).toEqual([]);
});

test("a key or project that is changed is asked for again at once, whatever was remembered", async () => {
  const { access, project, key } = await setUp();
  const [write, read] = [await key("write"), await key("read")];
  expect(await said(access.authenticateWriteKey(write))).toBe("granted");
  expect(await said(access.authenticateReader(read, "read"))).toBe("granted");
  for (const { id } of await access.keys.list(project.id)) await access.keys.revoke(project.id, id);
  expect(await said(access.authenticateWriteKey(write))).toContain("not a write key");
  expect(await said(access.authenticateReader(read, "read"))).toContain("not a read key");
});
