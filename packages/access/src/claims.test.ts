import { expect, test } from "vitest";
import { CLAIM_MS, createClaims } from "./claims.ts";
import { breakableRegistry, fakeClock } from "./testing.ts";

function setUp() {
  const clock = fakeClock();
  const { registry } = breakableRegistry(clock);
  return { clock, registry, claims: createClaims({ registry, clock }) };
}
const first = { batch: "b1", ordinal: 0 };
const second = { batch: "b1", ordinal: 1 };

test("the first event with a token has it, on every redelivery; any other event does not", async () => {
  const { claims } = setUp();
  expect(await claims.claim("p", "c", "t", first)).toBe("ours");
  expect(await claims.claim("p", "c", "t", second)).toBe("theirs");
  expect(await claims.claim("p", "c", "t", { batch: "b2", ordinal: 0 })).toBe("theirs");
  expect(await claims.claim("p", "c", "t", first)).toBe("ours");
});

test("a token is of one collection of one project", async () => {
  const { claims } = setUp();
  await claims.claim("p", "c", "t", first);
  expect(await claims.claim("p", "d", "t", second)).toBe("ours");
  expect(await claims.claim("q", "c", "t", second)).toBe("ours");
  expect(await claims.claim("p", "c", "u", second)).toBe("ours");
});

test("of many who claim at once, one gets it", async () => {
  const { claims } = setUp();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, ordinal) => claims.claim("p", "c", "t", { batch: "b", ordinal })),
  );
  expect(answers.filter((answer) => answer === "ours")).toHaveLength(1);
});

test("after 31 days a token is free again, not before", async () => {
  const { claims, clock } = setUp();
  await claims.claim("p", "c", "t", first);
  clock.advance(CLAIM_MS - 1);
  expect(await claims.claim("p", "c", "t", second)).toBe("theirs");
  clock.advance(1);
  expect(await claims.claim("p", "c", "t", second)).toBe("ours");
});
