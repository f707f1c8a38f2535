import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Stage } from "./support/stage.ts";

const YESTERDAY = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 43_200_000;
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
  await stage.record(
    [
      { at: YESTERDAY, path: "/", visitor: 1, visitPage: 1, referrer: "https://www.google.com/" },
      { at: YESTERDAY + 60_000, path: "/pricing", visitor: 1, visitPage: 2 },
      { at: YESTERDAY - 86_400_000, path: "/old", visitor: 2, visitPage: 1 },
    ],
    { signups: [{ plan: "pro", seats: 5, keen: { timestamp: new Date(YESTERDAY).toISOString() } }] },
  );
});
afterEach(() => stage.leave());
afterAll(() => stage.close());

test(
  "a number leads to its events, an event to the execution that stored it, and that back to its events",
  { tags: "deployed" },
  async () => {
    const page = await stage.look("/?range=7d&metric=views&view=table");
    const numbers = page.getByRole("region", { name: "Page views as a table" });
    await numbers.getByRole("row").nth(2).getByRole("button", { name: "Events" }).click();
    const events = page.getByRole("region", { name: "Events", exact: true }).getByRole("row");
    await page.getByText("The latest 3 of 3.").waitFor();
    expect(await events.filter({ hasText: "/old" }).count()).toBe(0);
    await page.getByRole("combobox", { name: "Which events" }).selectOption("signups");
    await page.getByText("The latest 1 of 1.").waitFor();
    expect(await page.getByRole("columnheader").allTextContents()).toEqual(["Time", "Event", "plan", "seats"]);

    await page.getByRole("combobox", { name: "Which events" }).selectOption("");
    await events.filter({ hasText: "/pricing" }).getByRole("link").click();
    const visit = page.getByRole("group", { name: "Events of the visit" }).getByRole("row");
    await expect
      .poll(() => visit.allTextContents(), { timeout: 60_000 })
      .toEqual(["TimeEventPage", expect.stringMatching(/pageviews\/$/), expect.stringMatching(/pageviews\/pricing$/)]);
    expect(await visit.nth(2).getAttribute("aria-current")).toBe("true");

    const address = page.url();
    await page.getByRole("definition").getByRole("link").last().click();
    await page.waitForURL(/operations\/executions\//);
    // Executions are read from the log behind whoever writes it.
    const stored = page.getByRole("group", { name: "Events that it stored" });
    await expect
      .poll(
        async () => {
          await page.reload();
          return stored.or(page.getByRole("alert")).first().textContent();
        },
        { timeout: 60_000 },
      )
      .toContain("/pricing");
    await page.getByRole("heading", { name: "collector" }).waitFor();
    expect(await stored.getByRole("row").count()).toBe(1 + 4);
    await stored.getByRole("row", { name: "/pricing" }).getByRole("link").click();
    await page.getByRole("group", { name: "Events of the visit" }).waitFor();
    expect(new URL(page.url()).pathname).toBe(new URL(address).pathname);
  },
);

test("columns are chosen and in the address; the list downloads as it is shown", async () => {
  const page = await stage.look("/events?range=7d");
  await page.getByText("The latest 4 of 4.").waitFor();
  await page.getByRole("button", { name: "Columns" }).click();
  for (const name of ["plan", "seats", "Source", "Browser"])
    await page.getByRole("checkbox", { name, exact: true }).uncheck();
  await page.getByRole("checkbox", { name: "Channel", exact: true }).check();
  await page.keyboard.press("Escape");
  const shown = ["Time", "Event", "Page", "Channel"];
  await expect.poll(() => page.getByRole("columnheader").allTextContents()).toEqual(shown);
  await page.reload();
  await page.getByText("The latest 4 of 4.").waitFor();
  expect(await page.getByRole("columnheader").allTextContents()).toEqual(shown);
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "CSV" }).click()]);
  const csv = await (await file.createReadStream()).toArray();
  expect(Buffer.concat(csv).toString()).toContain(",pageviews,/,Organic Search\r\n");
});

test("operators see the way of the events, what is watched, and find executions; a viewer is not shown the page", async () => {
  const page = await stage.look("/operations");
  const checks = page.getByRole("group", { name: "Health checks" });
  await checks.getByRole("row", { name: /^Dead letters Well 0/ }).waitFor();
  await page.getByText("Nothing failed.").waitFor();
  await page.getByText(/4 accepted = 4 stored/).waitFor();
  await page.getByRole("region", { name: "Ledger by hour" }).getByRole("link").click();
  await page.getByRole("group", { name: "Executions" }).getByRole("row", { name: "events.stored=4" }).waitFor();
  await page.getByLabel("Outcome").selectOption("any-failure");
  await page.getByText("No execution was kept that is like this.").waitFor();
  expect(new URL(page.url()).searchParams.get("status")).toBe("any-failure");

  const other = await stage.blank();
  await other.context().clearCookies();
  const { url, project, readKey } = stage.server.demo;
  await other.goto(`${url}/#project=${project}&key=${readKey}`);
  await other.getByRole("link", { name: "Overview" }).waitFor();
  expect(await other.getByRole("link", { name: "Operations" }).count()).toBe(0);
  const refused = await fetch(`${url}/ops/health`, { headers: { authorization: readKey } });
  expect(refused.status).toBe(401);
});

test("operations show what the month costs: beside Keen's list, by part, by project, and what would change it", async () => {
  const page = await stage.look("/operations");
  const cost = page.getByRole("region", { name: "Cost" });
  await cost
    .getByRole("group", { name: "Cost by project" })
    .getByRole("row", { name: /^\S.* 4 \$/ })
    .waitFor();
  await cost
    .getByRole("group", { name: "Cost by part" })
    .getByRole("row", { name: /^OpenSearch nodes \$/ })
    .waitFor();
  await cost
    .getByRole("group", { name: "Levers" })
    .getByRole("row", { name: /^half as many questions / })
    .waitFor();
  expect(await cost.getByRole("definition").allTextContents()).toEqual([
    expect.stringMatching(/^\$\d/),
    expect.stringMatching(/^\$\d/),
    "–",
    expect.stringMatching(/^\$\d/),
  ]);
});
