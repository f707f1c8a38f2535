import { afterEach, expect, test, vi } from "vitest";

afterEach(() => vi.unstubAllGlobals());

async function domainName(stage: string): Promise<string> {
  vi.resetModules();
  vi.stubGlobal("$app", { name: "millrace", stage });
  const { shortlyNamed } = await import("./stage.ts");
  return shortlyNamed("events", 28);
}

test("a short name is cut nowhere", async () => {
  expect(await domainName("production")).toBe("millrace-production-events");
});

test("long stage names that begin alike have domains of their own, which OpenSearch takes", async () => {
  const one = await domainName("feature-checkout-redesign-a");
  const other = await domainName("feature-checkout-redesign-b");
  expect(one).not.toBe(other);
  for (const name of [one, other]) expect(name).toMatch(/^[a-z][a-z0-9-]{2,27}$/);
});
