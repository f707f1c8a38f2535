import { expect, test } from "vitest";
import { systemRandom } from "../system.ts";
import { breakableRegistry, fakeClock, MINUTE, totpOf } from "../testing.ts";
import { createSecondFactors } from "./second-factor.ts";

const PERSON = "0123456789abcdef01234567";

test("of two who come with one code at once, one is let in: of the app's and of those for emergencies", async () => {
  const clock = fakeClock();
  const { registry } = breakableRegistry(clock);
  const factors = createSecondFactors({ registry, clock, random: systemRandom });
  const { secret } = await factors.begin(PERSON, { issuer: "Millrace", account: "ann@example.com" });
  const [emergency = ""] = await factors.confirm(PERSON, totpOf(secret, clock.now()));
  clock.advance(MINUTE);
  for (const code of [totpOf(secret, clock.now()), emergency]) {
    // Both have looked before either has written.
    const both = await Promise.all([factors.check(PERSON, code), factors.check(PERSON, code)]);
    expect(both.toSorted()).toEqual([false, true]);
  }
  expect(await factors.left(PERSON)).toBe(9);
});
