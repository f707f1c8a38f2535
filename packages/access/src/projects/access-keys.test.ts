import { expect, test } from "vitest";
import { createAccess } from "../authenticate.ts";
import { systemRandom } from "../system.ts";
import { breakableRegistry, fakeClock, HOUR, MINUTE } from "../testing.ts";
import { projectOfAccessKey, type AccessDefinition } from "./access-keys.ts";

const DEFINITION: AccessDefinition = { name: "k", active: true, permitted: ["queries", "writes"], options: {} };

async function setUp(definition: Partial<AccessDefinition> = {}) {
  const clock = fakeClock();
  const { registry, state } = breakableRegistry(clock);
  const deps = { registry, clock, random: systemRandom };
  const access = createAccess(deps);
  const { id } = await access.projects.create({ name: "Shop" });
  const { key } = await access.accessKeys.create(id, { ...DEFINITION, ...definition });
  return { clock, state, registry, access, elsewhere: createAccess(deps), id, key };
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "granted",
    ({ code }: { code: string }) => code,
  );

test("its form says that it is one, and of which project", async () => {
  const { id, key, access } = await setUp();
  expect(projectOfAccessKey(key)).toBe(id);
  for (const other of [key.slice(1), `${key}0`, key.toUpperCase(), await access.keys.create(id, "master")]) {
    expect(projectOfAccessKey(other)).toBeUndefined();
  }
});

test("a key of one project is none of another, and is looked for in one place", async () => {
  const { access, key, state } = await setUp();
  const other = await access.projects.create({ name: "Other" });
  expect(await codeOf(access.authenticate(other.id, key, "read"))).toBe("InvalidApiKeyError");
  expect((await access.authenticateWriteKey(key)).project.name).toBe("Shop");
  const before = state.reads;
  await codeOf(access.authenticate(other.id, "0".repeat(64), "read"));
  expect(state.reads - before).toBe(1);
});

test("what is changed holds at once here, and everywhere within a minute", async () => {
  const { access, elsewhere, clock, id, key } = await setUp();
  const both = async (needs: "read" | "schema") => [
    await codeOf(access.authenticate(id, key, needs)),
    await codeOf(elsewhere.authenticate(id, key, needs)),
  ];
  expect(await both("read")).toEqual(["granted", "granted"]);
  await access.accessKeys.update(id, key, { active: false });
  expect(await both("read")).toEqual(["InvalidApiKeyError", "granted"]);
  clock.advance(MINUTE);
  expect(await both("read")).toEqual(["InvalidApiKeyError", "InvalidApiKeyError"]);
  await access.accessKeys.update(id, key, { active: true, permitted: ["schema"] });
  clock.advance(MINUTE);
  expect([await both("read"), await both("schema")]).toEqual([
    ["InvalidApiKeyError", "InvalidApiKeyError"],
    ["granted", "granted"],
  ]);
  await access.accessKeys.delete(id, key);
  clock.advance(MINUTE);
  expect(await both("schema")).toEqual(["InvalidApiKeyError", "InvalidApiKeyError"]);
});

test("while the registry is down it records for an hour, as a write key does, and shows nothing", async () => {
  const { access, state, clock, id, key } = await setUp();
  await access.authenticate(id, key, "write");
  state.down = true;
  clock.advance(2 * MINUTE);
  expect(await codeOf(access.authenticate(id, key, "write"))).toBe("granted");
  expect(await codeOf(access.authenticateWriteKey(key))).toBe("granted");
  expect(await codeOf(access.authenticate(id, key, "read"))).toBe("ServiceUnavailable");
  clock.advance(HOUR);
  expect(await codeOf(access.authenticate(id, key, "write"))).toBe("ServiceUnavailable");
});

test("forced filters shut the door where nobody can read them, but for recording", async () => {
  const { access, id, key } = await setUp({ options: { queries: { filters: [{}] } } });
  expect(await codeOf(access.authenticate(id, key, "read"))).toBe("InternalServerError");
  expect(await codeOf(access.authenticate(id, key, "write"))).toBe("granted");
});

test("two changes at once are both there", async () => {
  const { access, elsewhere, id, key } = await setUp();
  await Promise.all([
    access.accessKeys.update(id, key, { name: "new" }),
    elsewhere.accessKeys.update(id, key, { active: false }),
  ]);
  expect(await access.accessKeys.find(id, key)).toMatchObject({ name: "new", active: false });
});
