import { createSqliteRegistry } from "../registry/registry-sqlite.ts";
import { createAccess } from "../authenticate.ts";
import { systemClock, systemRandom } from "../system.ts";
import { expect, onTestFinished, test } from "vitest";
import { isTrustedProxy, trustProxies } from "./proxies.ts";

async function projectOfMyOwn() {
  const registry = createSqliteRegistry({ path: ":memory:" });
  onTestFinished(() => registry.close());
  const { projects } = createAccess({ registry, clock: systemClock, random: systemRandom });
  const { id } = await projects.create({ name: "Shop" });
  const trust = (addresses: readonly string[], secret?: boolean) =>
    trustProxies(projects, systemRandom, { project: id, addresses, secret });
  const trusts = async (peer: string | undefined, secret?: string) => {
    const project = await projects.get(id);
    return project !== undefined && isTrustedProxy(project, peer, secret);
  };
  return { projects, id, trust, trusts };
}

test("addresses and ranges of both families; nobody before, and the list is replaced", async () => {
  const { trust, trusts } = await projectOfMyOwn();
  expect(await trusts("203.0.113.7")).toBe(false);
  await trust(["203.0.113.0/24", "198.51.100.4", "2001:db8:5::/48"]);
  const peers = ["203.0.113.255", "203.0.114.0", "198.51.100.4", "198.51.100.5", "2001:db8:5::9", "2001:db8:6::9"];
  expect(await Promise.all(peers.map((peer) => trusts(peer)))).toEqual([true, false, true, false, true, false]);
  expect([await trusts(undefined), await trusts("unknown"), await trusts("")]).toEqual([false, false, false]);
  await trust([]);
  expect(await trusts("203.0.113.7")).toBe(false);
});

test("a secret is made, kept as a hash, and ends with the next setting", async () => {
  const { projects, id, trust, trusts } = await projectOfMyOwn();
  const { secret = "" } = await trust([], true);
  expect(secret).toMatch(/^[0-9A-F]{64}$/);
  expect(JSON.stringify(await projects.get(id))).not.toContain(secret);
  expect([await trusts("192.0.2.1", secret), await trusts("192.0.2.1", `${secret}x`)]).toEqual([true, false]);
  expect(await trusts("192.0.2.1", "")).toBe(false);
  await trust(["192.0.2.0/24"]);
  expect([await trusts("203.0.113.1", secret), await trusts("192.0.2.1")]).toEqual([false, true]);
});

test.each([
  "",
  "host.example",
  "203.0.113.0/33",
  "0.0.0.0/0",
  "10.0.0.0/7",
  "::/0",
  "203.0.113.0/",
  "203.0.113.0/24/8",
])("%j is refused by name, and nothing changes", async (bad) => {
  const { trust, trusts } = await projectOfMyOwn();
  await trust(["192.0.2.1"]);
  await expect(trust(["192.0.2.2", bad])).rejects.toMatchObject({
    code: "InvalidParameterError",
    message: expect.stringContaining(`"${bad}"`) as string,
  });
  expect([await trusts("192.0.2.1"), await trusts("192.0.2.2")]).toEqual([true, false]);
});

test("a project nobody knows, and more proxies than anybody has, are refused", async () => {
  const { projects, trust } = await projectOfMyOwn();
  await expect(trustProxies(projects, systemRandom, { project: "x", addresses: [] })).rejects.toThrow(
    "no such project",
  );
  await expect(trust(Array(101).fill("192.0.2.1") as string[])).rejects.toThrow("100 are possible");
});
