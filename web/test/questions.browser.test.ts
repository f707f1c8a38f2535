import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Stage, type View } from "./support/stage.ts";

// Each page that asks a question of one's own, against a computation of its own from the events below.

let stage: Stage;
const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2026, 2, 2, 9);
const RANGE = "range=custom&from=2026-03-02&to=2026-03-05&compare=off";

/** Pages of one visit, in their order. */
const VISITS: readonly (readonly string[])[] = [
  ["/", "/pricing", "/signup"],
  ["/", "/pricing"],
  ["/", "/docs"],
  ["/pricing", "/signup"],
];
/** What somebody bought, and on which day from the first. */
const ORDERS = [
  { user: "ann", day: 0, amount: 10, plan: "pro" },
  { user: "ann", day: 1, amount: 30, plan: "pro" },
  { user: "ben", day: 0, amount: 5, plan: "free" },
  { user: "ben", day: 2, amount: 7, plan: "free" },
  { user: "cid", day: 1, amount: 100, plan: "team" },
  { user: "cid", day: 2, amount: 1, plan: "pro" },
] as const;

beforeAll(async () => {
  stage = await Stage.open();
  const views = VISITS.flatMap((pages, visitor) =>
    pages.map((path, at): View => ({ at: FIRST_DAY + at * 60_000, path, visitor: visitor + 1, visitPage: at + 1 })),
  );
  const orders = ORDERS.map(({ day, ...order }) => ({
    ...order,
    keen: { timestamp: new Date(FIRST_DAY + day * DAY_MS + 3_600_000).toISOString() },
  }));
  await stage.record(views, { orders });
});
afterEach(() => stage.leave());
afterAll(() => stage.close());

/** The rows of an answer's table: each cell's text. */
async function rowsOf(page: Page, name: string): Promise<string[][]> {
  const rows = page.getByLabel(name).locator("tbody tr");
  await rows.first().waitFor();
  return Promise.all((await rows.all()).map((row) => row.locator("th, td").allTextContents()));
}

const asked = (question: object) => encodeURIComponent(JSON.stringify(question));

test(
  "explore: several measures by a property, in order, with a row for what the limit leaves out",
  { tags: "deployed" },
  async () => {
    const page = await stage.look(`/explore?${RANGE}`);
    await page.getByLabel("Add an event").selectOption({ label: "orders" });
    await page.getByLabel("Width of a bucket").selectOption({ label: "As one number" });
    await page.getByLabel("Kind of measure").selectOption({ label: "Sum of" });
    await page.getByText("Choose the property to compute with.").waitFor();
    await page.getByLabel("Property of measure").selectOption("amount");
    const total = ORDERS.reduce((sum, { amount }) => sum + amount, 0);
    await page.locator(".ask-figure", { hasText: new RegExp(`^${total}$`) }).waitFor();

    await page.getByRole("button", { name: "Group" }).click();
    await page.getByLabel("Property of group").selectOption("plan");
    await page.getByRole("button", { name: "Measure", exact: true }).click();
    await page.getByLabel("at most").fill("1");
    await page.getByLabel("and a row for everything else").check();
    await page.getByRole("radio", { name: "Table" }).click();
    const team = ORDERS.filter(({ plan }) => plan === "team");
    await page.getByRole("rowheader", { name: "everything else" }).waitFor();
    await expect
      .poll(() => rowsOf(page, "Answer as a table"))
      .toEqual([
        ["team", "100", String(team.length)],
        ["everything else", String(total - 100), String(ORDERS.length - team.length)],
      ]);

    // The address is the question: somebody else sees the same, and Back undoes the last choice.
    const copy = await stage.look(page.url().slice(stage.server.demo.url.length));
    expect(await rowsOf(copy, "Answer as a table")).toEqual(await rowsOf(page, "Answer as a table"));
    await page.goBack();
    await page.locator(".ask-bars").getByText("everything else").waitFor();
  },
);

test("explore: a question in words is answered, stands in the builder and the head, and says what it did not understand", async () => {
  const page = await stage.look("/explore");
  const words = page.getByRole("textbox", { name: "Ask in words" });
  await words.fill("Sum of amount of orders by plan in March 2026, above 5 flavours");
  await words.press("Enter");
  await page
    .getByRole("status")
    .filter({ hasText: "Not understood, and left out: “above”, “5”, “flavours”." })
    .waitFor();
  await expect.poll(() => new URL(page.url()).searchParams.get("from")).toBe("2026-03-01");
  await page.getByRole("radio", { name: "Table" }).click();
  const sumOf = (plan: string) =>
    ORDERS.filter((order) => order.plan === plan).reduce((sum, { amount }) => sum + amount, 0);
  const expected = ["team", "pro", "free"].map((plan) => [plan, String(sumOf(plan))]);
  expect(expected.map(([, sum]) => Number(sum))).toEqual([100, 41, 12]);
  await expect
    .poll(async () => (await rowsOf(page, "Answer as a table")).map((row) => row.slice(0, 2)))
    .toEqual(expected);
  expect(
    await page
      .getByRole("combobox", { name: /property/i })
      .first()
      .inputValue(),
  ).toBe("amount");

  await words.fill("hello");
  await words.press("Enter");
  await page.getByRole("status").filter({ hasText: "Nothing in it names an event" }).waitFor();
});

test("explore: the question that is copied answers what the page shows", async () => {
  const measures = [{ analysis: "percentiles", property: "amount", percentiles: [50, 100] }];
  const page = await stage.look(`/explore?${RANGE}&q=${asked({ events: ["orders"], measures, interval: "none" })}`);
  await page.locator(".ask-figure", { hasText: /^100$/ }).waitFor();
  await page.getByRole("button", { name: "Question" }).click();
  const dialog = page.getByRole("dialog", { name: "The question" });
  const json = JSON.parse((await dialog.getByLabel("The question", { exact: true }).textContent()) ?? "") as {
    analysis_type: string;
  };
  const { url, project, readKey } = stage.server.demo;
  const { analysis_type: analysis, ...parameters } = json;
  const response = await fetch(`${url}/3.0/projects/${project}/queries/${analysis}`, {
    method: "POST",
    headers: { authorization: readKey, "content-type": "application/json" },
    body: JSON.stringify(parameters),
  });
  // Nearest rank of 1, 5, 7, 10, 30, 100.
  expect(await response.json()).toMatchObject({ result: { 50: 7, 100: 100 } });
  for (const form of ["curl", "SDK", "Assistant"]) {
    await dialog.getByRole("tab", { name: form }).click();
    expect(await dialog.getByLabel("The question", { exact: true }).textContent()).not.toContain(readKey);
  }
});

test("explore: the groups of a chart over time are the largest of the whole time", async () => {
  const spec = {
    events: ["orders"],
    measures: [{ analysis: "sum", property: "amount" }],
    groups: [{ property: "plan" }],
    limit: 2,
    view: "table",
  };
  const page = await stage.look(`/explore?${RANGE}&q=${asked(spec)}`);
  const sum = (plan: string, day: number) =>
    ORDERS.filter((order) => order.plan === plan && order.day === day).reduce((total, { amount }) => total + amount, 0);
  const days = ["Mon, 2 Mar 2026", "Tue, 3 Mar 2026", "Wed, 4 Mar 2026", "Thu, 5 Mar 2026"];
  const expected = days.flatMap((day, at) => ["pro", "team"].map((plan) => [day, plan, String(sum(plan, at))]));
  await expect.poll(() => rowsOf(page, "Answer as a table")).toEqual(expected);
});

test("a question is saved, found again, and forgotten; whoever may not define is not offered to", async () => {
  const spec = { events: ["orders"], measures: [{ analysis: "sum", property: "amount" }], interval: "none" };
  const page = await stage.look(`/explore?${RANGE}&q=${asked(spec)}`);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByLabel("Name").fill("Turnover, März");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  const { url, project, readKey } = stage.server.demo;
  const path = `${url}/3.0/projects/${project}/queries/saved/turnover-marz/result`;
  const saved = await fetch(path, { headers: { authorization: readKey } });
  expect(await saved.json()).toMatchObject({ result: 153 });

  await page.goto(stage.server.address("/paths"));
  await page.getByRole("button", { name: "Saved" }).click();
  await page.getByRole("link", { name: "Turnover, März" }).click();
  await page.locator(".ask-figure", { hasText: /^153$/ }).waitFor();
  await page.getByRole("button", { name: "Saved" }).click();
  await page.getByRole("button", { name: "Forget Turnover, März" }).click();
  await page.getByText("Nothing is saved yet.").waitFor();

  const reader = await stage.blank();
  await reader.context().clearCookies();
  await reader.goto(`${url}/explore?${RANGE}&q=${asked(spec)}#project=${project}&key=${readKey}`);
  await reader.locator(".ask-figure", { hasText: /^153$/ }).waitFor();
  expect(await reader.getByRole("button", { name: "Save" }).count()).toBe(0);
});

test("a funnel counts who went on, and where the others stopped", { tags: "deployed" }, async () => {
  const page = await stage.look(`/funnels?${RANGE}`);
  await page.getByLabel("step 2", { exact: true }).selectOption({ label: "Page view" });
  for (const [at, path] of ["/", "/pricing"].entries()) {
    await page.getByRole("button", { name: `step ${at + 1} where` }).click();
    const dialog = page.getByRole("dialog", { name: "Add filter" });
    // Behind its name stands how often it was.
    await dialog.getByRole("checkbox", { name: new RegExp(`^${path}\\s*\\d+$`) }).check();
    await dialog.getByRole("button", { name: "Apply" }).click();
  }
  const began = VISITS.filter((pages) => pages.includes("/"));
  const went = began.filter((pages) => pages.indexOf("/pricing") > pages.indexOf("/"));
  await page.getByText(`${began.length - went.length} dropped out`).waitFor();
  const counts = await page.locator(".funnel-count b").allTextContents();
  expect(counts).toEqual([String(began.length), String(went.length)]);
  await page.getByText("half went on within 1m 00s").waitFor();

  // All of them came in by the first page, and one went to the documents.
  await page.getByRole("button", { name: /^Who dropped out before/ }).click();
  const who = page.getByRole("dialog", { name: "Who dropped out before step 2" });
  await who.getByRole("combobox").selectOption({ label: "Entry page" });
  await expect
    .poll(() => rowsOf(page, "Dropped out, by Entry page"))
    .toEqual([["/", String(began.length), String(began.length - went.length), "33%"]]);
  await page.keyboard.press("Escape");

  await page.getByLabel("Broken down by").selectOption({ label: "Entry page" });
  await expect.poll(() => rowsOf(page, "By Entry page")).toEqual([["/", "3", "2", "67%"]]);
});

test("a funnel's step leads to its visits, and a visit to its events with the time between them", async () => {
  const page = await stage.look(
    `/funnels?${RANGE}&q=${asked({
      steps: [
        { event: "pageviews", filters: ["page:/signup"] },
        { event: "pageviews", filters: [] },
      ],
    })}`,
  );
  await page.getByRole("link", { name: "Visits", exact: true }).nth(1).click();
  const cells = async (table: string) => {
    const rows = page.getByRole("group", { name: table, exact: true }).locator("tbody tr");
    return Promise.all((await rows.all()).map((row) => row.locator("th, td").allTextContents()));
  };
  const signedUp = VISITS.filter((pages) => pages.includes("/signup"));
  await expect
    .poll(async () => new Set((await cells("Visits")).map(([, entry, , , , pages]) => `${entry} ${pages}`)))
    .toEqual(new Set(signedUp.map((pages) => `${pages[0]} ${pages.length}`)));
  const [longest = []] = signedUp.toSorted((a, b) => b.length - a.length);
  await page
    .getByRole("row", { name: ` ${longest[0]} ` })
    .getByRole("link")
    .first()
    .click();
  await expect
    .poll(async () => (await cells("Events of the visit")).map(([, after, , path]) => [after, path]))
    .toEqual(longest.map((path, at) => [at === 0 ? "" : "1m 00s", path]));
});

test("cohorts hold who came back when", { tags: "deployed" }, async () => {
  const spec = { first: { event: "orders" }, returning: { event: "orders" }, actor: "user", show: "count" };
  const page = await stage.look(`/retention?${RANGE}&q=${asked(spec)}`);
  const firstDay = new Map<string, number>();
  for (const { user, day } of ORDERS) firstDay.set(user, Math.min(day, firstDay.get(user) ?? day));
  const came = (cohort: number, later: number) =>
    ORDERS.filter(({ user, day }) => firstDay.get(user) === cohort && later > 0 && day === cohort + later).length;
  const size = (cohort: number) => [...firstDay.values()].filter((day) => day === cohort).length;
  await expect
    .poll(() => rowsOf(page, "Cohorts"))
    .toEqual([
      ["Mon, 2 Mar 2026", String(size(0)), ...[0, 1, 2, 3].map((later) => String(came(0, later)))],
      ["Tue, 3 Mar 2026", String(size(1)), ...[0, 1, 2].map((later) => String(came(1, later))), ""],
    ]);
  await page.getByRole("radio", { name: "Per cent" }).click();
  await page.getByRole("cell", { name: "50%" }).first().waitFor();
  // Each number is told with its cohort and its period.
  expect(await page.getByRole("columnheader").allTextContents()).toEqual([
    "Began",
    "How many",
    "Same day",
    "day 1",
    "day 2",
    "day 3",
  ]);
});

test(
  "paths hold how many went from where to where; a place shows where its visits went on",
  { tags: "deployed" },
  async () => {
    const page = await stage.look(`/paths?${RANGE}&q=${asked({ view: "table", depth: 2 })}`);
    const links = new Map<string, number>();
    for (const pages of VISITS) {
      for (const step of [1, 2]) {
        const from = pages[step - 1];
        const key = JSON.stringify([String(step), from, pages[step] ?? "Nothing further"]);
        if (from !== undefined) links.set(key, (links.get(key) ?? 0) + 1);
      }
    }
    const expected = [...links].map(([key, count]) => [...(JSON.parse(key) as string[]), String(count)]);
    const byText = (rows: string[][]) => rows.map((row) => row.join(" | ")).toSorted((a, b) => (a < b ? -1 : 1));
    await expect.poll(async () => byText(await rowsOf(page, "Paths as a table"))).toEqual(byText(expected));

    await page.getByRole("radio", { name: "Steps" }).click();
    const first = page.getByRole("region", { name: "Began with" });
    await first.getByRole("button", { name: /^\/pricing/ }).press("Enter");
    const next = page.getByRole("region", { name: "1 step later" });
    await next.getByRole("button", { name: "/signup 1 · 100%" }).waitFor();
    await first.getByRole("button", { name: "Begin here" }).click();
    await page.getByText("3 paths").waitFor();
  },
);

test("a board holds pinned questions for everybody in the project, in the order that they are put in", async () => {
  const spec = { events: ["orders"], measures: [{ analysis: "sum", property: "amount" }], interval: "none" };
  const page = await stage.look(`/explore?${RANGE}&q=${asked(spec)}`);
  const pin = async (title: string) => {
    await page.getByRole("button", { name: "Pin", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Pin to a board" });
    await dialog.getByLabel("Title of the tile").fill(title);
    return dialog;
  };
  const first = await pin("Turnover");
  await first.getByLabel("Name of the new board").fill("Morning");
  await first.getByRole("button", { name: "Pin" }).click();
  await first.waitFor({ state: "detached" });
  await page.goto(stage.server.address(`/funnels?${RANGE}`));
  const second = await pin("Buying");
  await second.getByRole("combobox", { name: "Board" }).waitFor();
  await second.getByRole("button", { name: "Pin" }).click();
  await second.waitFor({ state: "detached" });

  await page.getByRole("link", { name: "Boards" }).click();
  const turnover = page.getByRole("article", { name: "Turnover" });
  await turnover.getByText("153", { exact: true }).waitFor();
  await page.getByRole("article", { name: "Buying" }).getByText("4 dropped out").waitFor();
  const titles = () => page.getByRole("article").getByRole("heading").allTextContents();
  expect(await titles()).toEqual(["Turnover", "Buying"]);
  await page.getByRole("button", { name: "Buying earlier" }).click();
  await expect.poll(titles).toEqual(["Buying", "Turnover"]);
  await page.getByRole("button", { name: "Unpin Buying" }).click();
  await expect.poll(titles).toEqual(["Turnover"]);
  await page.getByRole("button", { name: "Rename or delete" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Every morning");
  await page.getByRole("button", { name: "Rename", exact: true }).click();
  await page.getByRole("heading", { name: "Every morning" }).waitFor();

  // Who reads the project with a key sees it, under the range of their own head, and has nothing to change.
  const reader = await stage.blank({ viewport: { width: 360, height: 740 } });
  await reader.context().clearCookies();
  const { url, project, readKey } = stage.server.demo;
  await reader.goto(
    `${url}/boards?range=custom&from=2026-03-02&to=2026-03-02&compare=off#project=${project}&key=${readKey}`,
  );
  const ofDay = ORDERS.filter(({ day }) => day === 0).reduce((sum, { amount }) => sum + amount, 0);
  await reader.getByRole("article", { name: "Turnover" }).getByText(String(ofDay), { exact: true }).waitFor();
  expect(await reader.getByRole("button", { name: /Unpin|Rename/ }).count()).toBe(0);
  expect(await reader.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});

test(
  "a goal is defined, and each row of the overview says how many of it got there",
  { tags: "deployed" },
  async () => {
    const page = await stage.look(`/goals?${RANGE}`);
    await page.getByRole("combobox", { name: "the goal" }).selectOption({ label: "Page view" });
    await page.getByRole("button", { name: "the goal where" }).click();
    const dialog = page.getByRole("dialog", { name: "Add filter" });
    await dialog.getByRole("checkbox", { name: /^\/signup/ }).check();
    await dialog.getByRole("button", { name: "Apply" }).click();
    await page.getByLabel("Name of the goal").fill("Signed up");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    const reached = VISITS.filter((pages) => pages.includes("/signup"));
    const rate = (part: number, whole: number) => `${Math.round((100 * part) / whole)}%`;
    const all = rate(reached.length, VISITS.length);
    await expect
      .poll(async () => (await rowsOf(page, "Goals as a table"))[0]?.slice(0, 4))
      .toEqual(["Signed up", "Page view, Page is /signup", String(reached.length), all]);

    await page.getByRole("link", { name: "Signed up" }).click();
    await page.getByText(`${all} of visits, ${reached.length} in all`).waitFor();
    const pages = page.getByRole("region", { name: "Pages", exact: true });
    await pages.getByRole("combobox").selectOption({ label: "Entry pages" });
    const shown = async () => {
      const names = await pages.locator(".row-name").allTextContents();
      const rates = await pages.locator(".row-conversion").allTextContents();
      return Object.fromEntries(names.map((name, at) => [name, rates[at]]));
    };
    const expected = [...new Set(VISITS.map(([entry = ""]) => entry))].map((entry) => {
      const began = VISITS.filter(([first]) => first === entry);
      return [entry, rate(began.filter((each) => reached.includes(each)).length, began.length)] as const;
    });
    await expect.poll(shown).toEqual(Object.fromEntries(expected));

    // The same in the full list, of whatever length.
    await page.goto(stage.server.address(`/?${RANGE}&goal=signed-up&more=entry`));
    const whole = page.getByRole("dialog", { name: "Entry pages" }).getByRole("row");
    for (const [entry, share] of expected) {
      await whole
        .filter({ has: page.getByRole("rowheader", { name: entry, exact: true }) })
        .filter({ hasText: share })
        .waitFor();
    }
  },
);

test("a goal that names an amount tells what it brought in: in all, per conversion and per visitor", async () => {
  const page = await stage.look(`/goals?${RANGE}`);
  await page.getByRole("combobox", { name: "the goal" }).selectOption({ label: "orders" });
  await page.getByRole("combobox", { name: "Amount" }).selectOption("amount");
  await page.getByLabel("Currency").fill("eur");
  await page.getByLabel("Name of the goal").fill("Bought");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const sum = ORDERS.reduce((total, { amount }) => total + amount, 0);
  const euro = (value: number) => `€${value.toFixed(2)}`;
  await expect
    .poll(async () => (await rowsOf(page, "Goals as a table")).find(([title]) => title === "Bought")?.slice(4, 7))
    .toEqual([euro(sum), euro(sum / ORDERS.length), euro(sum / VISITS.length)]);
});

test("whoever looks chooses the numbers of the head row and their order, goals among them, and finds them again", async () => {
  const page = await stage.look(`/?${RANGE}`);
  const labels = () => page.locator(".card-label").allTextContents();
  await page.getByRole("button", { name: "Choose numbers" }).click();
  const dialog = page.getByRole("dialog", { name: "Numbers of the head row" });
  for (const left of ["Visits", "Views per visit", "Bounce rate", "Visit time", "Events"])
    await dialog.getByRole("checkbox", { name: left, exact: true }).uncheck();
  await dialog.getByRole("checkbox", { name: "Revenue: Bought" }).check();
  await dialog.getByRole("button", { name: "Revenue: Bought: earlier" }).press("Enter");
  await page.keyboard.press("Escape");
  const chosen = ["Visitors", "Revenue: Bought", "Page views"];
  await expect.poll(labels).toEqual(chosen);
  await page.reload();
  await expect.poll(labels).toEqual(chosen);
  const sum = ORDERS.reduce((total, { amount }) => total + amount, 0);
  await page.getByRole("button", { name: `Revenue: Bought €${sum.toFixed(2)}` }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get("goal")).toBe("bought");

  await page.getByRole("button", { name: "Choose numbers" }).click();
  await dialog.getByRole("button", { name: "As they were" }).click();
  await page.keyboard.press("Escape");
  await page.locator(".card-label", { hasText: "Bounce rate" }).waitFor();
});

test("nothing scrolls sideways at 360 pixels, and an answer that fails says why and can be asked again", async () => {
  for (const path of ["explore", "funnels", "retention", "paths"]) {
    const page = await stage.blank({ viewport: { width: 360, height: 740 } });
    let failing = true;
    await page.route("**/queries/batch", async (route) => {
      const body = route.request().postData() ?? "";
      if (!failing || !body.includes("include_metadata")) return route.continue();
      const refused = { message: "The store is being repaired.", error_code: "InvalidParameterError" };
      return route.fulfill({ status: 400, json: refused });
    });
    await page.goto(stage.server.address(`/${path}?${RANGE}`));
    await page.getByRole("alert").getByText("The store is being repaired.").waitFor();
    failing = false;
    await page.getByRole("button", { name: "Try again" }).click();
    await page
      .getByText(/events read|known from one day/)
      .first()
      .waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(360);
    await page.close();
  }
});

const figure = (page: Page, label: string, value: number) =>
  page
    .locator(".card", { hasText: label })
    .locator(".card-value")
    .filter({ hasText: new RegExp(`^${value}$`) })
    .waitFor();

test("visits that did something, or did not, are a filter: made, changed, kept in the address and as a segment", async () => {
  const signedUp = VISITS.filter((pages) => pages.includes("/signup"));
  const page = await stage.look(`/?${RANGE}`);
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("button", { name: "Who has done something" }).click();
  const deed = page.getByRole("dialog", { name: "Who has done something" });
  await deed.getByLabel("Event", { exact: true }).selectOption("pageviews");
  await deed.getByRole("button", { name: "Event where" }).click();
  const own = page.getByRole("dialog", { name: "Add filter" });
  expect(await own.getByRole("button", { name: "Who has done something" }).count()).toBe(0);
  await own.getByRole("checkbox", { name: "/signup" }).check();
  await own.getByRole("button", { name: "Apply" }).click();
  await deed.getByRole("button", { name: "Event where" }).waitFor();
  await deed.getByRole("button", { name: "Apply" }).click();
  await figure(page, "Page views", signedUp.flat().length);
  await figure(page, "Visits", signedUp.length);
  expect(new URL(page.url()).searchParams.get("f")).toBe("visit@:pageviews&page:/signup");

  await page.getByRole("button", { name: "Visit has done pageviews (Page is /signup)", exact: true }).click();
  await deed.getByLabel("Operator").selectOption("has not done");
  await deed.getByRole("button", { name: "Apply" }).click();
  await figure(page, "Visits", VISITS.length - signedUp.length);
  await figure(page, "Page views", VISITS.flat().length - signedUp.flat().length);

  await page.getByRole("button", { name: "Segments" }).click();
  const dialog = page.getByRole("dialog", { name: "Segments" });
  await dialog.getByLabel("Save the filters that are on as").fill("Never signed up");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByRole("button", { name: /^Never signed up.*Visit has not done/, pressed: true }).click();
  await figure(page, "Visits", VISITS.length);
});

test(
  "filters become a segment, which is put on anywhere, described, and deleted; who reads only can use it",
  { tags: "deployed" },
  async () => {
    const seen = VISITS.flat();
    const priced = seen.filter((path) => path === "/pricing").length;
    const page = await stage.look(`/?${RANGE}&f=page:/pricing`);
    await figure(page, "Page views", priced);
    await page.getByRole("button", { name: "Segments" }).click();
    const dialog = page.getByRole("dialog", { name: "Segments" });
    await dialog.getByLabel("Save the filters that are on as").fill("Saw the prices");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByRole("button", { name: /^Saw the prices.*Page is \/pricing/, pressed: true }).click();
    await dialog.waitFor({ state: "detached" });
    // The second click on what is on takes it away.
    await figure(page, "Page views", seen.length);

    const views = { events: ["pageviews"], interval: "none" };
    await page.goto(stage.server.address(`/explore?${RANGE}&q=${asked(views)}`));
    await page.locator(".ask-figure", { hasText: new RegExp(`^${seen.length}$`) }).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Page, range, filter, or a name" }).fill("prices");
    await page.getByRole("option", { name: "Saw the prices" }).click();
    await page.locator(".ask-figure", { hasText: new RegExp(`^${priced}$`) }).waitFor();

    await page.goto(stage.server.address("/setup"));
    await page.getByRole("button", { name: "Change Saw the prices" }).click();
    await page.getByLabel("What it is for").fill("Who may buy");
    await page.getByRole("button", { name: "Save" }).click();
    const row = page.getByRole("group", { name: "Segments" }).getByRole("row", { name: /Saw the prices/ });
    await row.getByText("Who may buy").waitFor();

    const { url, project, readKey } = stage.server.demo;
    const reader = await stage.blank();
    await reader.context().clearCookies();
    await reader.goto(`${url}/?${RANGE}#project=${project}&key=${readKey}`);
    await reader.getByRole("button", { name: "Segments" }).click();
    await reader.getByRole("button", { name: /^Saw the prices.*Who may buy/ }).waitFor();
    expect(await reader.getByLabel("Save the filters that are on as").count()).toBe(0);
    await reader.getByRole("button", { name: /^Saw the prices/ }).click();
    await figure(reader, "Page views", priced);

    await page.getByRole("button", { name: "Delete Saw the prices" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await row.waitFor({ state: "detached" });
  },
);

test(
  "a note stands on its day in chart and table, and goes away again; who reads only can add none",
  { tags: "deployed" },
  async () => {
    const page = await stage.look(`/?${RANGE}&view=table`);
    await page.getByRole("button", { name: "Notes" }).click();
    const dialog = page.getByRole("dialog", { name: "Notes" });
    await dialog.getByLabel("Note").fill("Version 2 is out");
    await dialog.getByLabel("Day").fill("2026-03-03");
    await dialog.getByLabel("Hour, if it matters").fill("10:30");
    await dialog.getByRole("button", { name: "Add" }).click();
    await dialog.getByRole("listitem").filter({ hasText: "3 Mar 2026, 10:30" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("row", { name: /^Tue, 3 Mar 2026.*Version 2 is out/ }).waitFor();
    await page.getByRole("button", { name: "Show as chart" }).click();
    const mark = "Note, Tue, 3 Mar 2026: Version 2 is out";
    await page.getByRole("img", { name: mark }).focus();
    await page.locator(".note-tip", { hasText: "Version 2 is out" }).waitFor();

    const { url, project, readKey } = stage.server.demo;
    const reader = await stage.blank();
    await reader.context().clearCookies();
    await reader.goto(`${url}/?${RANGE}#project=${project}&key=${readKey}`);
    await reader.getByRole("img", { name: mark }).waitFor();
    await reader.getByRole("button", { name: "Notes" }).click();
    await reader.getByRole("listitem").filter({ hasText: "Version 2 is out" }).waitFor();
    expect(await reader.getByRole("button", { name: "Add" }).count()).toBe(0);

    await page.goto(stage.server.address("/setup"));
    await page.getByRole("button", { name: "Delete Version 2 is out" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText("No note yet.").waitFor();
  },
);
