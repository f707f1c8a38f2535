import { expect, test } from "vitest";
import { setStage, settle } from "./support/stage.ts";

const stage = setStage();
const html = (body: string) =>
  `<!doctype html><title>Clicks</title>${stage.tag(`data-auto="outbound,tag"`)}<body>${body}`;
const captured = () => stage.collector.accepted().map(({ n, p, x }) => ({ n, p, x }));

test("a click on a link to another host names its target without query and fragment; the link works at once", async () => {
  stage.put("/", html(`<a href="https://example.com/docs?token=secret#x"><b>docs</b></a>`));
  await stage.context.route("https://example.com/**", (route) => route.fulfill({ body: "elsewhere" }));
  const page = await stage.open("/");
  await page.click("b");
  await expect.poll(captured).toEqual([{ n: "outbound_clicks", x: "https://example.com/docs", p: undefined }]);
  await page.waitForURL("https://example.com/docs?*");
  expect(stage.collector.received.map((request) => request.text).join()).not.toContain("secret");
});

test("links within the site, to mail and to scripts are not outbound, nor is a right click", async () => {
  stage.put(
    "/",
    html(`<a id="a" href="/next">next</a> <a id="b" href="mailto:a@b.c">mail</a> <a id="c" href="javascript:void 0">js</a>
      <a id="d" href="https://example.com/">out</a> <a id="e">no href</a>`),
  );
  const page = await stage.open("/");
  await page.evaluate(() => addEventListener("click", (event) => event.preventDefault()));
  for (const id of ["#a", "#b", "#c", "#e"]) await page.click(id);
  await page.click("#d", { button: "right" });
  await settle(page);
  expect(captured()).toEqual([]);
  await page.click("#d");
  await settle(page);
  expect(captured()).toHaveLength(1);
});

test("an element with data-track is an event with its attributes as properties, wherever in it the click lands", async () => {
  stage.put(
    "/",
    html(
      `<button data-track="signup" data-track-plan="pro" data-track-seat-count="3" data-other="x"><b>Go</b></button><i>no</i>`,
    ),
  );
  const page = await stage.open("/");
  await page.click("i");
  await page.click("b");
  await settle(page);
  expect(captured()).toEqual([{ n: "signup", p: { plan: "pro", "seat-count": "3" }, x: undefined }]);
});

test("clicks inside a shadow root count, also when the page stops their propagation", async () => {
  stage.put("/", html(`<my-widget></my-widget>`));
  const page = await stage.open("/");
  await page.evaluate(() => {
    const root = document.querySelector("my-widget")?.attachShadow({ mode: "open" });
    if (!root) throw new Error("no widget");
    root.innerHTML = `<button data-track="vote" data-track-choice="2">Vote</button>`;
    root.addEventListener("click", (event) => event.stopPropagation());
  });
  await page.click("button");
  await settle(page);
  expect(captured()).toEqual([{ n: "vote", p: { choice: "2" }, x: undefined }]);
});

test("a tagged form counts its submission, not the clicks in it, and no value ever leaves", async () => {
  stage.put(
    "/",
    html(`<form data-track="newsletter" data-track-place="footer">
      <input name="email" value="ann@example.com"><input type="password" name="pw" value="hunter2">
      <textarea name="note">private words</textarea><button>Send</button></form>`),
  );
  const page = await stage.open("/");
  await page.evaluate(() => addEventListener("submit", (event) => event.preventDefault()));
  await page.click("input");
  await page.keyboard.type("typed-secret");
  await page.click("button");
  await settle(page);
  expect(captured()).toEqual([{ n: "newsletter", p: { place: "footer" }, x: undefined }]);
  const sent = stage.collector.received.map((request) => request.text).join();
  expect(sent).not.toMatch(/ann@|hunter2|private words|typed-secret|email/);
});
