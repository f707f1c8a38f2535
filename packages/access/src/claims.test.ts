import { expect, test } from "vitest";
import type { Provenance, TokenClaim } from "@millrace/core";
import { CLAIM_MS, createClaims } from "./claims.ts";
import { breakableRegistry, fakeClock } from "./testing.ts";

function setUp() {
  const clock = fakeClock();
  const { registry } = breakableRegistry(clock);
  const claims = createClaims({ registry, clock });
  const claim = async (project: string, collection: string, token: string, provenance: Provenance) =>
    (await claims.claimMany([{ project, collection, token, provenance }]))[0];
  return {
    clock,
    registry,
    claims: { claim, claimMany: (list: readonly TokenClaim[]) => claims.claimMany(list) },
  };
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

test("a list is claimed in its order, and again with the same answers", async () => {
  const { claims } = setUp();
  await claims.claim("p", "c", "taken", { batch: "b0", ordinal: 0 });
  const tokens = ["t", "taken", "t", "u"];
  const list = tokens.map((token, ordinal) => ({
    project: "p",
    collection: "c",
    token,
    provenance: { batch: "b1", ordinal },
  }));
  for (let delivery = 0; delivery < 2; delivery++) {
    expect(await claims.claimMany(list)).toEqual(["ours", "theirs", "theirs", "ours"]);
  }
  expect(await claims.claimMany([])).toEqual([]);
});
