import { expect, onTestFinished, test } from "vitest";
import { createSqliteRegistry } from "../registry/registry-sqlite.ts";
import { createRates } from "./rates.ts";

const START = Date.UTC(2026, 2, 10, 12);

function setUp(processes: number) {
  let now = START + 3_000;
  const clock = { now: () => now };
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  onTestFinished(() => registry.close());
  const rates = Array.from({ length: processes }, () => createRates({ registry, clock }));
  /** Requests of one project to all processes in turn: how many came through, and what the last refusal said. */
  async function send(project: string, count: number, perSecond: number) {
    let through = 0;
    let retryAfter: number | undefined;
    for (let i = 0; i < count; i++) {
      try {
        await rates[i % processes]?.take(project, perSecond);
        through++;
      } catch (error) {
        expect(error).toMatchObject({ code: "RateLimitExceeded" });
        retryAfter = (error as { retryAfterSeconds: number }).retryAfterSeconds;
      }
    }
    return { through, retryAfter };
  }
  return { send, rates, registry, pass: (ms: number) => void (now += ms) };
}

test("ten seconds of a rate are let through, over all processes together, and told when there is room again", async () => {
  const { send, pass } = setUp(3);
  expect(await send("shop", 400, 5)).toEqual({ through: 50, retryAfter: 7 });
  expect(await send("other", 10, 5)).toEqual({ through: 10, retryAfter: undefined });
  pass(6_999);
  expect((await send("shop", 10, 5)).through).toBe(0);
  pass(1);
  expect((await send("shop", 400, 5)).through).toBe(50);
});

test("less than one in ten seconds is one, and what is held of a window that is over is no use", async () => {
  const { send, pass } = setUp(1);
  expect((await send("shop", 3, 0.01)).through).toBe(1);
  expect((await send("shop", 3, 100)).through).toBe(0);
  pass(10_000);
  expect((await send("shop", 60, 100)).through).toBe(60);
  pass(10_000);
  expect((await send("shop", 2_000, 100)).through).toBe(1_000);
});

test("a registry that is down refuses nobody, and one project's window costs few writes", async () => {
  const { send, registry, pass } = setUp(2);
  const put = registry.put.bind(registry);
  let writes = 0;
  registry.put = (...given) => {
    writes++;
    return put(...given);
  };
  expect((await send("shop", 3_000, 100)).through).toBe(1_000);
  expect(writes).toBe(20);
  pass(10_000);
  registry.get = () => Promise.reject(new Error("down"));
  expect((await send("shop", 200, 1)).through).toBe(200);
});
