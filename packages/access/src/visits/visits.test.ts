import { describeVisitsContract } from "@millrace/core/contract";
import { expect, test } from "vitest";
import { systemRandom } from "../system.ts";
import { breakableRegistry, fakeClock, NOON } from "../testing.ts";
import { createRegistryVisitTable } from "./table.ts";
import { createVisits } from "./visits.ts";

function setUp() {
  const clock = fakeClock();
  const { registry, state } = breakableRegistry(clock);
  const open = () => createVisits({ table: createRegistryVisitTable(registry, clock), random: systemRandom });
  return { registry, state, open };
}

describeVisitsContract({ name: "the embedded registry", create: async () => setUp().open });

const request = (view: string) => ({
  project: "p",
  visitors: ["v"] as const,
  from: NOON,
  to: NOON,
  pageViews: [view],
  entry: {},
});

test("what is kept of a visit does not grow with its page views", async () => {
  const { registry, open } = setUp();
  const visits = open();
  const size = async () => JSON.stringify(await registry.list("visit:p:v")).length;
  for (let i = 0; i < 100; i++) await visits.touch(request(`event-${i}`));
  const hundred = await size();
  for (let i = 100; i < 400; i++) await visits.touch(request(`event-${i}`));
  expect(await size()).toBeLessThan(hundred + 20);
  expect(hundred).toBeLessThan(1_000);
});

test("with the registry down it throws: the caller decides what becomes of the events", async () => {
  const { state, open } = setUp();
  state.down = true;
  await expect(open().touch(request("a"))).rejects.toThrow("down");
});
