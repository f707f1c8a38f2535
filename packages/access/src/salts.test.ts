import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createSqliteRegistry } from "./registry/registry-sqlite.ts";
import { createSalts, SALT_KEEP_MS } from "./salts.ts";
import { systemRandom } from "./system.ts";
import { breakableRegistry, fakeClock, HOUR } from "./testing.ts";

const BERLIN = { id: "p", timezone: "Europe/Berlin" };
const DAY = 24 * HOUR;
/** Noon of a day in Berlin. */
const noon = (date: string) => Date.parse(`${date}T11:00:00Z`);

function setUp() {
  const clock = fakeClock();
  const { registry, state } = breakableRegistry(clock);
  const open = () => createSalts({ registry, random: systemRandom, clock });
  return { clock, registry, state, open, salts: open() };
}

test("one salt per project and day of the project's zone, the same for every process, also when they race", async () => {
  const { open, salts } = setUp();
  const raced = await Promise.all(Array.from({ length: 8 }, () => open().saltAt(BERLIN, noon("2026-11-23"))));
  expect(new Set(raced.map((salt) => salt?.toString("hex"))).size).toBe(1);
  const salt = raced[0];
  expect(salt).toHaveLength(32);
  expect(await salts.saltAt(BERLIN, noon("2026-11-24"))).not.toEqual(salt);
  expect(await salts.saltAt({ ...BERLIN, id: "q" }, noon("2026-11-23"))).not.toEqual(salt);
});

test("the day changes at the project's midnight", async () => {
  const { salts } = setUp();
  const today = await salts.saltAt(BERLIN, noon("2026-11-23"));
  expect(await salts.saltAt(BERLIN, Date.UTC(2026, 10, 22, 23, 0))).toEqual(today);
  expect(await salts.saltAt(BERLIN, Date.UTC(2026, 10, 23, 22, 59, 59, 999))).toEqual(today);
  expect(await salts.saltAt(BERLIN, Date.UTC(2026, 10, 23, 23, 0))).not.toEqual(today);
  expect(await salts.saltAt(BERLIN, Date.UTC(2026, 10, 22, 22, 59))).not.toEqual(today);
});

test("48 hours after its day a salt is over, in memory too, and no other takes its place", async () => {
  const { clock, salts, open } = setUp();
  const at = noon("2026-11-23");
  const salt = await salts.saltAt(BERLIN, at);
  const end = Date.UTC(2026, 10, 23, 23) + SALT_KEEP_MS;
  clock.set(end - 1);
  expect(await salts.saltAt(BERLIN, at)).toEqual(salt);
  clock.set(end);
  expect(await salts.saltAt(BERLIN, at)).toBeUndefined();
  expect(await open().saltAt(BERLIN, at)).toBeUndefined();
});

test("the salt of a day long past is made for an import, and lives 48 hours from its making", async () => {
  const { clock, salts } = setUp();
  const at = noon("2015-05-17");
  expect(await salts.saltAt(BERLIN, at)).toBeUndefined();
  const salt = await salts.importSaltAt(BERLIN, at);
  clock.advance(SALT_KEEP_MS - 1);
  expect(await salts.importSaltAt(BERLIN, at)).toEqual(salt);
  clock.advance(1);
  expect(await salts.importSaltAt(BERLIN, at)).not.toEqual(salt);
});

test("prepared a day ahead, midnight does not need the registry", async () => {
  const { clock, state, salts } = setUp();
  await salts.prepare(BERLIN);
  state.down = true;
  clock.advance(DAY);
  expect(await salts.saltAt(BERLIN, clock.now())).toHaveLength(32);
  clock.advance(DAY);
  await expect(salts.saltAt(BERLIN, clock.now())).rejects.toThrow("down");
});

test("what is over is gone from the file, not only from sight: a salt leads from a visitor back to an address", async () => {
  const folder = await mkdtemp(join(tmpdir(), "millrace-salts-"));
  const path = join(folder, "salts.sqlite");
  const clock = fakeClock();
  const registry = createSqliteRegistry({ path, clock, erasing: true });
  const salts = createSalts({ registry, random: systemRandom, clock });
  const made: string[] = [];
  for (let day = 0; day < 10; day++) {
    made.push((await salts.saltAt(BERLIN, clock.now()))?.toString("base64") ?? "");
    await salts.prepare(BERLIN);
    await salts.purge(BERLIN);
    clock.advance(DAY);
  }
  const files = ["", "-wal"].map((suffix) => readFile(path + suffix, "latin1").catch(() => ""));
  const content = (await Promise.all(files)).join("");
  await registry.close();
  await rm(folder, { recursive: true });
  const left = made.map((salt) => content.includes(salt));
  expect(left).toEqual([false, false, false, false, false, false, false, true, true, true]);
});

test("what nobody purges expires by itself a week later, and until then purge finds it", async () => {
  const { clock, registry, salts } = setUp();
  await salts.importSaltAt(BERLIN, noon("2015-05-17"));
  const left = async () => (await registry.list("salts:p")).length;
  clock.advance(SALT_KEEP_MS + 7 * DAY - 1);
  expect(await left()).toBe(1);
  await salts.purge(BERLIN);
  expect(await left()).toBe(0);
  await salts.importSaltAt(BERLIN, noon("2015-05-17"));
  clock.advance(SALT_KEEP_MS + 7 * DAY);
  expect(await left()).toBe(0);
});
