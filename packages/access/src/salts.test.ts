import { expect, test } from "vitest";
import { createSalts, SALT_KEEP_MS } from "./salts.ts";
import { systemRandom } from "./system.ts";
import { breakableRegistry, fakeClock, HOUR } from "./testing.ts";

const BERLIN = { id: "p", timezone: "Europe/Berlin" };

function setUp() {
  const clock = fakeClock();
  const { registry, state } = breakableRegistry(clock);
  const open = () => createSalts({ registry, random: systemRandom, clock });
  return { clock, registry, state, open, salts: open() };
}

test("one salt per project and day of the project's zone, the same for every process, also when they race", async () => {
  const { open, salts } = setUp();
  const raced = await Promise.all(Array.from({ length: 8 }, () => open().saltFor(BERLIN, "2026-11-23")));
  expect(new Set(raced.map(String)).size).toBe(1);
  const salt = raced[0];
  expect(salt).toHaveLength(32);
  expect(await salts.saltFor(BERLIN, "2026-11-24")).not.toEqual(salt);
  expect(await salts.saltFor({ ...BERLIN, id: "q" }, "2026-11-23")).not.toEqual(salt);
});

test("the day changes at the project's midnight", async () => {
  const { salts } = setUp();
  const today = await salts.saltFor(BERLIN, "2026-11-23");
  expect(await salts.saltAt(BERLIN, Date.UTC(2026, 10, 22, 23, 0))).toEqual(today);
  expect(await salts.saltAt(BERLIN, Date.UTC(2026, 10, 23, 22, 59, 59, 999))).toEqual(today);
  expect(await salts.saltAt(BERLIN, Date.UTC(2026, 10, 23, 23, 0))).not.toEqual(today);
  expect(await salts.saltAt(BERLIN, Date.UTC(2026, 10, 22, 22, 59))).not.toEqual(today);
});

test("48 hours after its day a salt is gone for good, from memory too", async () => {
  const { clock, registry, salts } = setUp();
  const salt = await salts.saltFor(BERLIN, "2026-11-23");
  const end = Date.UTC(2026, 10, 23, 23) + SALT_KEEP_MS;
  expect((await registry.list("salts:p"))[0]?.expiresAt).toBe(end);
  clock.set(end - 1);
  expect(await salts.saltFor(BERLIN, "2026-11-23")).toEqual(salt);
  clock.set(end);
  expect(await salts.saltFor(BERLIN, "2026-11-23")).not.toEqual(salt);
});

test("the salt of a day long past (an import) lives 48 hours from its making", async () => {
  const { clock, registry, salts } = setUp();
  await salts.saltFor(BERLIN, "2015-05-17");
  expect((await registry.list("salts:p"))[0]?.expiresAt).toBe(clock.now() + SALT_KEEP_MS);
});

test("prepared a day ahead, midnight does not need the registry", async () => {
  const { clock, state, salts } = setUp();
  await salts.prepare(BERLIN);
  state.down = true;
  clock.advance(24 * HOUR);
  expect(await salts.saltAt(BERLIN, clock.now())).toHaveLength(32);
  clock.advance(24 * HOUR);
  await expect(salts.saltAt(BERLIN, clock.now())).rejects.toThrow("down");
});
