import { expect, test } from "vitest";
import { breakableRegistry, fakeClock, MINUTE } from "../testing.ts";
import { createThrottle } from "./throttle.ts";

function setUp() {
  const clock = fakeClock();
  const { registry } = breakableRegistry(clock);
  const throttle = createThrottle({ registry, clock });
  const tries = (count: number, name = "account ada") =>
    Promise.all(
      Array.from({ length: count }, () =>
        throttle.begin([{ name, most: 10 }]).then(
          () => "tried",
          (error: { code?: string }) => error.code,
        ),
      ),
    );
  return { clock, registry, throttle, tries };
}

test("of any number that come at once no more than so many are made", async () => {
  const { tries, clock } = setUp();
  expect((await tries(25)).filter((each) => each === "tried")).toHaveLength(10);
  expect(await tries(1)).toEqual(["RateLimitExceeded"]);
  expect(await tries(1, "account bea")).toEqual(["tried"]);
  clock.advance(15 * MINUTE);
  expect(await tries(1)).toEqual(["tried"]);
});

test("who succeeded begins anew, and what was typed is not kept", async () => {
  const { tries, throttle, registry } = setUp();
  await tries(10);
  await throttle.succeeded("account ada");
  expect(await tries(1)).toEqual(["tried"]);
  expect(await registry.list("tries:account ada")).toEqual([]);
});
