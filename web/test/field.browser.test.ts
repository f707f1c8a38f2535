import { fileURLToPath } from "node:url";
import { tmpdir } from "node:os";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { runImporter } from "../../packages/local/test/harness.ts";
import { Stage } from "./support/stage.ts";

// What people reported of other dashboards, on this one: the same inputs as packages/local/test/import-field.test.ts.

/** The demo project takes the zone of its machine. In this one hours come twice, and the log's are two behind. */
process.env["TZ"] = "Europe/Berlin";

let stage: Stage;
const fixture = (name: string) =>
  fileURLToPath(new URL(`../../packages/local/test/fixtures/field/${name}`, import.meta.url));

beforeAll(async () => {
  stage = await Stage.open();
  const { url, project, masterKey } = stage.server.demo;
  const into = ["--url", url, "--project", project, "--master-key", masterKey];
  const imports = [
    ["log", fixture("hours-and-paths.log"), "--host", "example.com"],
    ["ndjson", fixture("mixed-values.ndjson"), "--collection", "mixed", "--timestamp", "time"],
  ];
  for (const args of imports) {
    const { code, output } = await runImporter(tmpdir(), [...args, ...into]);
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining("events accepted") });
  }
});
afterEach(() => stage.leave());
afterAll(() => stage.close());

const DAY = "/?range=custom&from=2022-09-05&to=2022-09-05";

async function table(page: Page, label: string): Promise<Record<string, string>> {
  const region = page.getByRole("region", { name: `${label} as a table` });
  await region.waitFor();
  const rows = await region.locator("tbody tr").all();
  const cells = await Promise.all(rows.map((row) => row.locator("th, td").allTextContents()));
  return Object.fromEntries(cells.map(([time = "", value = ""]) => [/\d\d:\d\d/.exec(time)?.[0] ?? time, value]));
}

test("the rates of an hour are those of the visits begun in it", async () => {
  const bounces = await table(await stage.look(`${DAY}&by=hour&metric=bounce&view=table`), "Bounce rate");
  expect(bounces).toMatchObject({ "12:00": "0%", "13:00": "100%", "15:00": "100%" });
  const durations = await table(await stage.look(`${DAY}&by=hour&metric=duration&view=table`), "Visit time");
  expect(durations).toMatchObject({ "12:00": "10m 00s", "13:00": "0s" });
  const depths = await table(await stage.look(`${DAY}&by=hour&metric=depth&view=table`), "Views per visit");
  expect(depths).toMatchObject({ "12:00": "2.0", "13:00": "1.0" });
  const visits = await table(await stage.look(`${DAY}&by=hour&metric=visits&view=table`), "Visits");
  expect(visits).toMatchObject({ "12:00": "4", "13:00": "4", "15:00": "6" });
});

test("the day is the sum of its hours", async () => {
  const page = await stage.look(DAY);
  const shows = (label: string, value: string) =>
    page
      .locator(".card", { hasText: label })
      .locator(".card-value")
      .filter({ hasText: new RegExp(`^${value}$`) })
      .waitFor();
  await shows("Visits", "14");
  await shows("Bounce rate", "71%");
});

test("paths are readable, and a click on one filters by it", async () => {
  const page = await stage.look(`${DAY}&metric=views`);
  const rows = page.getByRole("region", { name: "Pages", exact: true }).locator(".row");
  const views = (count: number) =>
    page.locator(".card", { hasText: "Page views" }).locator(".card-value", { hasText: new RegExp(`^${count}$`) });
  await views(18).waitFor();
  const paths = ["/блог", "/ブログ", "/café", "/a b", "/bad%E0%A4%A", "/<script>"];
  const shown = await rows.locator(".row-name").allTextContents();
  expect(shown).toEqual(expect.arrayContaining(paths));
  for (const path of paths) {
    const row = rows.filter({ has: page.getByText(path, { exact: true }) });
    await row.click();
    await views(1).waitFor();
    await row.click();
    await views(18).waitFor();
  }
});

/** Sixteen of them have no value: what is unknown comes last. */
test("rows are those of the breakdown that is shown, however often it changes", async () => {
  const page = await stage.look("/?range=custom&from=2022-09-10&to=2022-09-10&f=event:mixed");
  const events = page.getByRole("region", { name: "Events", exact: true });
  const counts = async () => (await events.locator(".row-count").allTextContents()).map(Number);
  for (let round = 0; round < 3; round++) {
    await events.getByRole("combobox").selectOption("v");
    await expect.poll(counts).toEqual([20, 19, 18, 17, 15, 14, 13, 12, 16]);
    const names = await events.locator(".row-name").allTextContents();
    expect(new Set(names).size).toBe(9);
    expect(names).toEqual(expect.arrayContaining(["5", '"5"']));
    await events.getByRole("combobox").selectOption({ index: 0 });
    await expect.poll(counts).toEqual([182]);
  }
});

test("a day of 25 hours has 25 names", async () => {
  const first = Date.parse("2024-10-26T22:30Z");
  await stage.record(
    Array.from({ length: 25 }, (_, hour) => ({ at: first + hour * 3_600_000, path: "/", visitor: 1, visitPage: 1 })),
  );
  const page = await stage.look("/?range=custom&from=2024-10-27&to=2024-10-27&by=hour&metric=views&view=table");
  const region = page.getByRole("region", { name: "Page views as a table" });
  await region.waitFor();
  const names = await region.locator("tbody th").allTextContents();
  expect(names).toHaveLength(25);
  expect(new Set(names).size).toBe(25);
});
