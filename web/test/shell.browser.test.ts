import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { axeViolations } from "./support/axe.ts";
import { Stage } from "./support/stage.ts";

const YESTERDAY = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 43_200_000;
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
  await stage.record([{ at: YESTERDAY, path: "/", visitor: 1, visitPage: 1 }]);
});
afterEach(() => stage.leave());
afterAll(() => stage.close());

test("the pages are beside each other, keep range and filters, and the focus stays where it was", async () => {
  const page = await stage.look("/?range=7d&f=page:/&metric=views&more=page");
  await page.getByRole("dialog", { name: "Pages" }).getByRole("button", { name: "Close" }).click();
  const pages = page.getByRole("navigation", { name: "Pages" });
  expect(await pages.getByRole("link", { name: "Overview" }).getAttribute("aria-current")).toBe("page");
  await pages.getByRole("link", { name: "Settings" }).press("Enter");
  await page.getByRole("heading", { name: "Settings" }).waitFor();
  expect(await page.title()).toBe("Settings · Millrace");
  const focused = page.locator(":focus");
  expect(await focused.textContent()).toBe("Settings");
  expect(await focused.getAttribute("aria-current")).toBe("page");
  // What belongs to the page it was chosen on stays there.
  expect(new URL(page.url()).search).toBe("?range=7d&f=page:/");
  await pages.getByRole("link", { name: "Overview" }).click();
  await page.getByRole("button", { name: "Remove filter: Page is /" }).waitFor();
  expect(await page.title()).toBe("Demo · Millrace");
});

test("the first stop of the keyboard skips the navigation", async () => {
  const page = await stage.look("/");
  await page.getByRole("heading", { name: "Demo" }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("MAIN");
});

test("on a phone the pages are behind a button, which has the focus again when they close", async () => {
  const page = await stage.look("/", { viewport: { width: 360, height: 740 } });
  const pages = page.getByRole("navigation", { name: "Pages" });
  const button = page.getByRole("button", { name: "Pages", exact: true });
  await button.press("Enter");
  await pages.getByRole("link", { name: "Overview" }).waitFor();
  await page.keyboard.press("Escape");
  await pages.waitFor({ state: "hidden" });
  expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
  await button.click();
  await pages.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("heading", { name: "Settings" }).waitFor();
  await pages.waitFor({ state: "hidden" });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});

test("the palette goes anywhere and does anything by name, with the keyboard alone", async () => {
  const page = await stage.look("/?range=7d");
  const field = page.getByRole("combobox", { name: "Page, range, filter, or a name" });
  const options = page.getByRole("listbox", { name: "Found" }).getByRole("option");
  const chosen = page.getByRole("listbox", { name: "Found" }).getByRole("option", { selected: true });
  const button = page.getByRole("button", { name: "Go to" });
  await page.getByRole("heading", { name: "Demo" }).waitFor();

  await button.press("Enter");
  await field.fill("month");
  expect(await options.allTextContents()).toEqual(["Month to dateRangeM", "Last monthRangeP", "Last 12 monthsRangeL"]);
  expect(await axeViolations(page)).toEqual([]);
  await page.keyboard.press("ArrowDown");
  expect(await field.getAttribute("aria-activedescendant")).toBe(await chosen.getAttribute("id"));
  await page.keyboard.press("Enter");
  await page.waitForURL(/range=last-month/);
  await field.waitFor({ state: "detached" });
  expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);

  await page.keyboard.press("Control+k");
  await field.fill("by country");
  await page.keyboard.press("Enter");
  const filter = page.getByRole("dialog", { name: "Add filter" });
  expect(await filter.getByLabel("Property").inputValue()).toBe("$geo.country");
  // Not over another dialog.
  await page.keyboard.press("Control+k");
  expect(await field.count()).toBe(0);
  await page.keyboard.press("Escape");
  await filter.waitFor({ state: "detached" });

  await page.keyboard.press("Control+k");
  await field.fill("nowhere");
  await page.getByText("Nothing is called that.").waitFor();
  await field.fill("settings");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Settings" }).waitFor();
  // There is no range to set there, so that it is set where there is.
  await page.keyboard.press("Control+k");
  await field.fill("today");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === "/" && url.search === "?range=today");

  await page.keyboard.press("Control+k");
  await field.fill("language deu");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Gehe zu" }).waitFor();
});

test("what is typed while the palette is on its way is no key of the page", async () => {
  const page = await stage.blank();
  let send = () => {};
  const sent = new Promise<void>((resolve) => (send = resolve));
  await page.route("**/assets/palette-*.js", async (route) => {
    await sent;
    await route.continue();
  });
  await page.goto(stage.server.address("/?range=7d"));
  await page.getByRole("button", { name: /Last 7 days/ }).waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.press("e");
  send();
  await page.getByRole("dialog").getByRole("combobox").waitFor();
  expect(new URL(page.url()).searchParams.get("range")).toBe("7d");
});

test("who came with a key keeps it from page to page, and is offered nothing to set", async () => {
  const page = await stage.blank();
  await page.context().clearCookies();
  const { url, project, readKey } = stage.server.demo;
  await page.goto(`${url}/?range=7d#project=${project}&key=${readKey}`);
  const pages = page.getByRole("navigation", { name: "Pages" });
  await pages.getByRole("link", { name: "Overview" }).click();
  expect(new URL(page.url()).hash).toContain(readKey);
  expect(await pages.getByRole("link", { name: "Settings" }).count()).toBe(0);
});

test("an address that leads nowhere says so, and leads on", async () => {
  const page = await stage.look("/nowhere/at-all");
  await page.getByRole("heading", { name: "There is nothing here." }).waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Settings" }).waitFor();
  await page.getByRole("main").getByRole("link", { name: "Overview" }).click();
  await page.waitForURL((url) => url.pathname === "/");
  await page.getByRole("heading", { name: "Demo" }).waitFor();
});
