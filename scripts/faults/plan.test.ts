import { expect, test } from "vitest";
import { seededRandom } from "../../bench/simulation/random.ts";
import { parseArgs } from "node:util";
import { commandOf, CONFIG, optionsOf as read, type Options } from "./options.ts";
import { CALM_UNTIL, makePlan } from "./plan.ts";

const optionsOf = (...args: string[]): Options => read(parseArgs({ args, ...CONFIG }).values, 7);
const planOf = (...args: string[]) => makePlan(optionsOf(...args), seededRandom(optionsOf(...args).seed));
const kindsOf = ({ alone, process, surroundings }: ReturnType<typeof planOf>) =>
  [...alone, ...process, ...surroundings].map(({ kind }) => kind);
const times = (count: number, kind: string) => Array.from({ length: count }, () => kind);
const howMany = (kinds: readonly string[], wanted: string) => kinds.filter((kind) => kind === wanted).length;

test("the long form kills 20 times and has 5 outages, whatever the store", () => {
  const onServer = kindsOf(planOf("--long", "--opensearch", "own"));
  expect([howMany(onServer, "kill"), howMany(onServer, "outage")]).toEqual([20, 5]);
  const embedded = kindsOf(planOf("--long"));
  expect([howMany(embedded, "kill"), howMany(embedded, "full-disk"), howMany(embedded, "outage")]).toEqual([20, 5, 0]);
});

test("the same seed is the same plan, another seed another one", () => {
  expect(planOf("--seed", "3")).toEqual(planOf("--seed", "3"));
  expect(planOf("--seed", "3")).not.toEqual(planOf("--seed", "4"));
});

test("nothing happens in the calm part; faults that must stay local come alone, before the storm", () => {
  const { alone, process, surroundings } = planOf("--opensearch", "http://127.0.0.1:9200");
  const begins = (faults: typeof alone) => faults.map(({ at }) => at);
  expect(Math.min(...begins(alone))).toBeGreaterThanOrEqual(CALM_UNTIL);
  expect(Math.max(...begins(alone))).toBeLessThan(Math.min(...begins([...process, ...surroundings])));
  const local = ["blocked-partition", "garbage", "hostile"];
  expect(alone.map(({ kind }) => kind).sort()).toEqual([...local, ...local].sort());
  expect(Math.max(...begins([...process, ...surroundings]))).toBeLessThan(1);
});

test.each([
  [["--events", "none"], "--events"],
  [["--kills", "-1"], "--kills"],
  [["--seed", "1.5"], "--seed"],
  [["--opensearch", "somewhere"], "--opensearch"],
  [["--only", "hostile,nothing"], "nothing"],
  [["--unknown"], "--unknown"],
])("%j is refused by name", (args, name) => {
  expect(() => optionsOf(...args)).toThrow(name);
});

test("only the faults that are asked for", () => {
  expect(kindsOf(planOf("--only", "hostile,kill", "--kills", "1", "--neighbours", "3"))).toEqual([
    ...times(3, "hostile"),
    "kill",
  ]);
});

test("numbers override the form", () => {
  const changed = { events: 5, kills: 0, outages: 5, seed: 7 };
  expect(optionsOf("--long", "--events", "5", "--kills", "0")).toMatchObject(changed);
});

test.each([
  [[]],
  [["--long", "--kills", "2", "--only", "kill,hostile"]],
  [["--events", "9", "--opensearch", "http://127.0.0.1:9200"]],
])("the command that is printed makes the plan of %j again, whatever the seed then would be", (args) => {
  const options = optionsOf(...args);
  const again = commandOf(options).split(" ").slice(4);
  expect(read(parseArgs({ args: again, ...CONFIG }).values, 8)).toEqual(options);
});
