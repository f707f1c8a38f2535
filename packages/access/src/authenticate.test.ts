import type { RegistryKey } from "@millrace/core";
import { createCipheriv, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createAccess, type Access } from "./authenticate.ts";
import { hashKey } from "./projects/keys.ts";
import type { KeyKind, Permission } from "./projects/project.ts";
import { systemRandom } from "./system.ts";
import { breakableRegistry, fakeClock, HOUR, MINUTE } from "./testing.ts";

async function setUp() {
  const clock = fakeClock();
  const { registry, state } = breakableRegistry(clock);
  const access = createAccess({ registry, clock, random: systemRandom });
  const project = await access.projects.create({ name: "Shop", timezone: "europe/berlin" });
  const keys = {
    write: await access.keys.create(project.id, "write"),
    read: await access.keys.create(project.id, "read"),
    master: await access.keys.create(project.id, "master"),
  };
  return { clock, registry, state, access, project, keys };
}

/** The error code of a refused call. */
async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "granted",
    (error: { code?: string }) => error.code,
  );
}

describe("what each key may do", () => {
  const table: [KeyKind, Permission, string][] = [
    ["write", "write", "granted"],
    ["write", "read", "InvalidApiKeyError"],
    ["write", "master", "InvalidApiKeyError"],
    ["read", "read", "granted"],
    ["read", "write", "InvalidApiKeyError"],
    ["read", "master", "InvalidApiKeyError"],
    ["master", "write", "granted"],
    ["master", "read", "granted"],
    ["master", "master", "granted"],
  ];
  test.each(table)("%s key asked to %s: %s", async (kind, needs, expected) => {
    const { access, project, keys } = await setUp();
    expect(await codeOf(access.authenticate(project.id, keys[kind], needs))).toBe(expected);
  });
});

test("a grant names the project with its zone in its proper spelling", async () => {
  const { access, project, keys } = await setUp();
  const grant = await access.authenticate(project.id, keys.read, "read");
  expect(grant.project).toMatchObject({ id: project.id, name: "Shop", timezone: "Europe/Berlin" });
  expect(project.id).toMatch(/^[0-9a-f]{24}$/);
  expect(grant.queryFilter).toBeUndefined();
});

test("an unknown project is 404 even with a bad key, a known one 401 with a missing, foreign or made-up key", async () => {
  const { access, project, keys } = await setUp();
  const other = await access.projects.create({ name: "Other" });
  expect(await codeOf(access.authenticate("0".repeat(24), "bad", "read"))).toBe("ResourceNotFoundError");
  expect(await codeOf(access.authenticate("0".repeat(24), undefined, "read"))).toBe("ResourceNotFoundError");
  for (const key of [undefined, "", "bad", "x".repeat(100_000), `${keys.read} `]) {
    expect(await codeOf(access.authenticate(project.id, key, "read"))).toBe("InvalidApiKeyError");
  }
  expect(await codeOf(access.authenticate(other.id, keys.master, "read"))).toBe("InvalidApiKeyError");
});

test("a scoped key is told that it is one, with the status of a bad key", async () => {
  const { access, project, keys } = await setUp();
  // As Keen's helpers make them: AES-256-CBC, the master key's hex decoded.
  const iv = randomBytes(16);
  const cipher = createCipheriv("aes-256-cbc", Buffer.from(keys.master, "hex"), iv);
  const text = JSON.stringify({ allowed_operations: ["read"], filters: Array(20).fill({ property_name: "account" }) });
  const scoped = Buffer.concat([iv, cipher.update(text), cipher.final()]).toString("hex");
  for (const key of [scoped, scoped.slice(0, 128)]) {
    await expect(access.authenticate(project.id, key, "read")).rejects.toMatchObject({
      code: "InvalidApiKeyError",
      status: 401,
      message: expect.stringContaining("Scoped keys are not supported"),
    });
  }
  await expect(access.authenticateWriteKey(scoped)).rejects.toThrow("Scoped keys are not supported");
});

test("keys of an earlier version, with all letters, still work", async () => {
  const { access, project, registry } = await setUp();
  const key = "Z9".repeat(32);
  const id = hashKey(key);
  await registry.put({ partition: `keys:${project.id}`, sort: id }, { id, kind: "read", createdAt: 0 });
  expect(await codeOf(access.authenticate(project.id, key, "read"))).toBe("granted");
});

test("a write key alone finds its project; no other kind of key does", async () => {
  const { access, project, keys } = await setUp();
  expect((await access.authenticateWriteKey(keys.write)).project.id).toBe(project.id);
  for (const key of [keys.read, keys.master, "", "bad"]) {
    expect(await codeOf(access.authenticateWriteKey(key))).toBe("InvalidApiKeyError");
  }
});

test("keys are 64 hexadecimal digits; read and master keys are stored nowhere, write keys can be shown again", async () => {
  const { access, project, registry, keys } = await setUp();
  for (const key of Object.values(keys)) expect(key).toMatch(/^[0-9A-F]{64}$/);
  const stored = JSON.stringify([
    await registry.list(`keys:${project.id}`),
    await registry.list("projects"),
    await access.keys.list(project.id),
  ]);
  expect(stored).not.toContain(keys.read);
  expect(stored).not.toContain(keys.master);
  expect(stored).toContain(keys.write);
});

test("two keys of a kind work side by side, and revoking one leaves the other", async () => {
  const { access, project, keys } = await setUp();
  const second = await access.keys.create(project.id, "write");
  await access.authenticateWriteKey(keys.write);
  const first = (await access.keys.list(project.id)).find((key) => key.value === keys.write);
  await access.keys.revoke(project.id, first?.id ?? "");
  expect(await codeOf(access.authenticateWriteKey(keys.write))).toBe("InvalidApiKeyError");
  expect(await codeOf(access.authenticate(project.id, keys.write, "write"))).toBe("InvalidApiKeyError");
  expect(await codeOf(access.authenticateWriteKey(second))).toBe("granted");
  expect(await codeOf(access.keys.revoke(project.id, first?.id ?? ""))).toBe("ResourceNotFoundError");
});

describe("the cache", () => {
  test("asks the registry once a minute, for keys that do not exist too", async () => {
    const { access, clock, state, project } = await setUp();
    const ask = () => codeOf(access.authenticate(project.id, "made-up", "read"));
    await ask();
    const reads = state.reads;
    clock.advance(MINUTE - 1);
    await ask();
    expect(state.reads).toBe(reads);
    clock.advance(1);
    await ask();
    expect(state.reads).toBe(reads + 2);
  });

  test("asks once for many requests at the same time", async () => {
    const { access, clock, state, project, keys } = await setUp();
    clock.advance(MINUTE);
    const before = state.reads;
    await Promise.all(Array.from({ length: 50 }, () => access.authenticate(project.id, keys.write, "write")));
    expect(state.reads - before).toBe(2);
  });

  test("a flood of made-up keys does not push out a real one", async () => {
    const { access, state, project, keys } = await setUp();
    await access.authenticate(project.id, keys.write, "write");
    for (let i = 0; i < 10_500; i++) await codeOf(access.authenticate(project.id, `made-up-${i}`, "write"));
    const before = state.reads;
    await access.authenticate(project.id, keys.write, "write");
    expect(state.reads).toBe(before);
  });

  test("the ten thousand and first tenant costs no more reads than the first", async () => {
    const { access, state } = await setUp();
    const tenants = await Promise.all(
      Array.from({ length: 10_001 }, async (_, i) => {
        const { id } = await access.projects.create({ name: `${i}` });
        return { id, key: await access.keys.create(id, "write") };
      }),
    );
    const askAll = () => Promise.all(tenants.map(({ id, key }) => access.authenticate(id, key, "write")));
    await askAll();
    const before = state.reads;
    await askAll();
    expect(state.reads).toBe(before);
  });

  test("another process notices a revoked key within a minute", async () => {
    const { access, clock, registry, project, keys } = await setUp();
    const elsewhere: Access = createAccess({ registry, clock, random: systemRandom });
    await elsewhere.authenticate(project.id, keys.write, "write");
    const [record] = (await access.keys.list(project.id)).filter((key) => key.kind === "write");
    await access.keys.revoke(project.id, record?.id ?? "");
    clock.advance(MINUTE);
    expect(await codeOf(elsewhere.authenticate(project.id, keys.write, "write"))).toBe("InvalidApiKeyError");
  });
});

describe("with the registry down", () => {
  test("known write keys work for an hour and no longer", async () => {
    const { access, clock, state, project, keys } = await setUp();
    await access.authenticateWriteKey(keys.write);
    state.down = true;
    clock.advance(HOUR - 1);
    expect(await codeOf(access.authenticateWriteKey(keys.write))).toBe("granted");
    expect(await codeOf(access.authenticate(project.id, keys.write, "write"))).toBe("granted");
    clock.advance(1);
    expect(await codeOf(access.authenticateWriteKey(keys.write))).toBe("ServiceUnavailable");
  });

  test("a known write key does not wait for it with every request: it is asked once a second", async () => {
    const { access, clock, state, project, keys } = await setUp();
    await access.authenticate(project.id, keys.write, "write");
    clock.advance(MINUTE);
    state.down = true;
    const before = state.reads;
    for (let i = 0; i < 50; i++) await access.authenticate(project.id, keys.write, "write");
    // One for the project and one for the key.
    expect(state.reads - before).toBe(2);
    clock.advance(1_000);
    await access.authenticate(project.id, keys.write, "write");
    expect(state.reads - before).toBe(4);
  });

  test("everything else fails closed: read and master keys, unknown keys, unknown projects", async () => {
    const { access, clock, state, project, keys } = await setUp();
    await access.authenticate(project.id, keys.read, "read");
    await access.authenticate(project.id, keys.master, "write");
    await codeOf(access.authenticate(project.id, "made-up", "write"));
    state.down = true;
    clock.advance(MINUTE);
    expect(await codeOf(access.authenticate(project.id, keys.read, "read"))).toBe("ServiceUnavailable");
    expect(await codeOf(access.authenticate(project.id, keys.master, "write"))).toBe("ServiceUnavailable");
    expect(await codeOf(access.authenticate(project.id, "made-up", "write"))).toBe("ServiceUnavailable");
    expect(await codeOf(access.authenticate("0".repeat(24), keys.write, "write"))).toBe("ServiceUnavailable");
  });

  test("everything works again as soon as it is back", async () => {
    const { access, clock, state, project, keys } = await setUp();
    clock.advance(MINUTE);
    state.down = true;
    await codeOf(access.authenticate(project.id, keys.read, "read"));
    state.down = false;
    expect(await codeOf(access.authenticate(project.id, keys.read, "read"))).toBe("granted");
  });
});

test("projects: an empty name or an unknown zone is refused; hosts change without touching the rest", async () => {
  const { access, project } = await setUp();
  expect(await codeOf(access.projects.create({ name: " " }))).toBe("InvalidParameterError");
  expect(await codeOf(access.projects.create({ name: "x", timezone: "Mars/Base" }))).toBe("InvalidParameterError");
  await access.projects.update(project.id, { redirectHosts: ["shop.example"] });
  expect(await access.projects.get(project.id)).toEqual({ ...project, redirectHosts: ["shop.example"] });
  expect((await access.projects.list()).map((p) => p.id)).toEqual([project.id]);
  expect(await codeOf(access.projects.update("nope", { name: "x" }))).toBe("ResourceNotFoundError");
});

describe("a project id that cannot be one", () => {
  test.each(["x".repeat(1_025), "5".repeat(23), "5".repeat(25), "A".repeat(24), "__proto__", "%00"])(
    "%j is nobody's, and the registry is not asked",
    async (id) => {
      const { access, keys, state } = await setUp();
      const reads = state.reads;
      state.down = true;
      expect(await codeOf(access.authenticate(id, keys.master, "read"))).toBe("ResourceNotFoundError");
      expect(state.reads).toBe(reads);
    },
  );
});

test("on a cold start project and key are asked for at once, and a made-up key of no project is no unhandled failure", async () => {
  const { registry, clock, project, keys } = await setUp();
  const waiting: (() => void)[] = [];
  const slow = {
    ...registry,
    get: async <T>(key: RegistryKey) => {
      await new Promise<void>((go) => waiting.push(go));
      return registry.get<T>(key);
    },
  };
  const access = createAccess({ registry: slow, clock, random: systemRandom });
  const granted = access.authenticate(project.id, keys.read, "read");
  await expect.poll(() => waiting.length).toBe(2);
  for (const go of waiting.splice(0)) go();
  expect((await granted).project.id).toBe(project.id);
});

test("a key of before its project was noted beside it is found without the project's name once that is made up for", async () => {
  const { access, project, keys, registry, clock } = await setUp();
  const kinds = ["read", "master"] as const;
  for (const kind of kinds) await registry.delete({ partition: `${kind}-key:${hashKey(keys[kind])}`, sort: "project" });
  const found = () => Promise.all(kinds.map((kind) => codeOf(access.authenticateReader(keys[kind], "read"))));
  expect(await found()).toEqual(["InvalidApiKeyError", "InvalidApiKeyError"]);
  await access.keys.noteProject(project.id);
  clock.advance(MINUTE);
  expect(await found()).toEqual(["granted", "granted"]);
  await access.keys.revoke(project.id, hashKey(keys.read));
  await access.keys.noteProject(project.id);
  expect(await found()).toEqual(["InvalidApiKeyError", "granted"]);
});
