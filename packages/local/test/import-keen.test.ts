import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask, freePort, runImporter, settled, startServer, temporaryFolder } from "./harness.ts";

const ROWS = Array.from({ length: 250 }, (_, n) => ({
  country: n % 2 === 0 ? "PL" : "DE",
  price: n + 0.5,
  keen: {
    id: `55f3a0e1c1b2d3e4${n.toString(16).padStart(8, "0")}`,
    timestamp: new Date(Date.UTC(2015, 8, 12) + n * 60_000).toISOString(),
    created_at: "2015-09-13T00:00:00.000Z",
  },
}));

test("an extraction of Keen's is imported once, whether it comes as JSON, again, in part or as CSV", async () => {
  const folder = await temporaryFolder();
  const server = await startServer(folder.path, await freePort());
  const file = (name: string, content: string) => {
    writeFileSync(join(folder.path, name), content);
    return ["keen", join(folder.path, name), "--collection", "purchases"];
  };
  const json = await runImporter(folder.path, file("all.json", JSON.stringify({ result: ROWS })));
  expect([json.code, json.output]).toEqual([0, expect.stringContaining("250 new events stored, 0 were there already")]);
  const again = await runImporter(folder.path, file("again.json", JSON.stringify({ result: ROWS.slice(100) })));
  expect(again.output).toContain("0 new events stored, 150 were there already");
  const lines = ROWS.map(({ country, price, keen }) => [country, price, keen.id, keen.timestamp].join(","));
  const csv = await runImporter(
    folder.path,
    file("all.csv", ["country,price,keen.id,keen.timestamp", ...lines].join("\n")),
  );
  expect(csv.output).toContain("0 new events stored, 250 were there already");

  await settled(server.demo);
  const timeframe = { start: "2015-09-12T00:00:00Z", end: "2015-09-12T01:00:00Z" };
  expect(await ask(server.demo, "count", { event_collection: "purchases", timeframe })).toBe(60);
  const [row] = (await ask(server.demo, "extraction", { event_collection: "purchases", latest: 1 })) as [object];
  const last = ROWS.at(-1);
  expect(row).toMatchObject({
    price: last?.price,
    keen_created_at: "2015-09-13T00:00:00.000Z",
    keen: { id: expect.stringMatching(new RegExp(`${last?.keen.id}$`)) as string, timestamp: last?.keen.timestamp },
  });
  expect((await runImporter(folder.path, ["keen", join(folder.path, "all.json")])).output).toContain("--collection");
  expect(await server.stop()).toBe(0);
  await folder.remove();
});
