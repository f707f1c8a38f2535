import type { Page } from "playwright-core";
import { describe, expect, test, vi } from "vitest";
import { setStage, settle } from "./support/stage.ts";

const stage = setStage();
const html = (body = "", attributes = `data-auto="page"`) =>
  `<!doctype html><title>Delivery</title>${stage.tag(attributes)}<body>${body}`;
const track = (page: Page, name: string, count = 1, size = 0) =>
  page.evaluate(
    ([name, count, size]) => {
      for (let i = 0; i < count; i++) window.millrace.track(name, { i, text: "ü".repeat(size) });
    },
    [name, count, size] as const,
  );
/** Waits until the collector saw so many requests, letting the page's clock run. */
async function runUntil(page: Page, requests: number): Promise<void> {
  for (let seconds = 0; seconds < 120 && stage.collector.received.length < requests; seconds++) {
    await page.clock.runFor(1000);
  }
  await vi.waitFor(() => expect(stage.collector.received).toHaveLength(requests));
  await answered(page);
}
/** Comes back when the page has taken notice of the answers it got. */
async function answered(page: Page): Promise<void> {
  await page.evaluate(() => fetch("/nothing").then((response) => response.text()));
}
const names = () => stage.collector.accepted().map((event) => event.n);
const identities = () =>
  stage.collector.received.map(({ body }) => body.e.map((event) => `${body.i}.${event.q}`).join(" "));

describe("batches", () => {
  test("events wait four seconds and go together; calls made before the script loaded are not lost", async () => {
    stage.put(
      "/",
      html(`<script>millrace={q:[],track(...a){this.q.push(["track",...a])}};millrace.track("early",{a:1})</script>`),
    );
    const page = await stage.open("/", { clock: true });
    await page.clock.runFor(3000);
    await track(page, "late");
    expect(stage.collector.received).toHaveLength(0);
    await runUntil(page, 1);
    expect(stage.collector.accepted()).toMatchObject([
      { n: "pageviews", q: 1, u: `${stage.origin}/` },
      { n: "early", q: 2, p: { a: 1 } },
      { n: "late", q: 3 },
    ]);
    // The page's URL and title stand on its first event only.
    expect(stage.collector.accepted().filter((event) => event.u !== undefined || event.T !== undefined)).toHaveLength(
      1,
    );
  });

  test("thirty events do not wait", async () => {
    stage.put("/", html());
    const page = await stage.open("/", { clock: true });
    await track(page, "many", 29);
    await page.clock.runFor(1);
    await vi.waitFor(() => expect(names()).toHaveLength(30));
    expect(stage.collector.received).toHaveLength(1);
  });
});

describe("leaving the page", () => {
  test("a tab closed right after a click delivers the click and the view", async () => {
    stage.put("/", html(`<button data-track="buy">Buy</button>`, ""));
    const page = await stage.open("/");
    await page.click("button");
    await page.close({ runBeforeUnload: true });
    await expect.poll(names).toEqual(expect.arrayContaining(["pageviews", "buy"]));
    expect(names().filter((name) => name === "buy")).toHaveLength(1);
  });

  test("every request is one that outlives its page, also while the page is still open", async () => {
    stage.put("/", html());
    // On the loopback interface a request is out before it can be cancelled, so the flag itself is looked at.
    await stage.context.addInitScript(() => {
      const fetch = window.fetch.bind(window);
      const flags: (boolean | undefined)[] = [];
      window.fetch = (url, init) => {
        flags.push(init?.keepalive);
        return fetch(url, init);
      };
      Object.assign(window, { flags });
    });
    const page = await stage.open("/");
    await settle(page);
    await track(page, "one");
    await settle(page);
    expect(await page.evaluate("flags")).toEqual([true, true]);
  });

  test("what is more than a keepalive request may hold is split, each part within the limit, nothing twice", async () => {
    stage.put("/", html());
    stage.put("/next", "<title>Next</title>");
    const page = await stage.open("/", { clock: true });
    // 25 events of about 2.1 KB in UTF-8 (half as many characters): 52 KB, more than one body, less than the quota.
    await track(page, "large", 25, 1000);
    await page.goto(`${stage.origin}/next`);
    await vi.waitFor(() => expect(names()).toHaveLength(26));
    expect(stage.collector.received.length).toBeGreaterThan(1);
    for (const request of stage.collector.received) expect(request.bytes).toBeLessThanOrEqual(48 * 1024);
    const ids = identities().join(" ").split(" ");
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("a hidden tab sends even beyond the keepalive quota, in parts", async () => {
    stage.put("/", html());
    const page = await stage.open("/", { clock: true });
    await track(page, "huge", 29, 4000);
    await page.evaluate(() => {
      Object.defineProperty(Document.prototype, "visibilityState", { value: "hidden" });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await vi.waitFor(() => expect(names()).toHaveLength(30));
    for (const request of stage.collector.received) expect(request.bytes).toBeLessThanOrEqual(48 * 1024);
  });
});

describe("retry", () => {
  test.each([503, 429, 408, "cut"] as const)(
    "after %s the same events come again under the same identity",
    async (answer) => {
      stage.put("/", html());
      stage.collector.plan([answer, answer]);
      const page = await stage.open("/", { clock: true });
      await track(page, "kept");
      await runUntil(page, 3);
      expect(new Set(identities()).size).toBe(1);
      expect(names()).toEqual(["pageviews", "kept"]);
      // Acknowledged: not a fourth time. And the age grew with the waiting, so the server still knows when it happened.
      await settle(page);
      expect(stage.collector.received).toHaveLength(3);
      const happened = stage.collector.received.map(({ body }) => body.s - (body.e[0]?.t ?? 0));
      expect(new Set(happened).size).toBe(1);
    },
  );

  test("Retry-After is obeyed: not a second earlier", async () => {
    stage.put("/", html());
    stage.collector.plan([{ status: 503, retryAfter: "40" }]);
    const page = await stage.open("/", { clock: true });
    await runUntil(page, 1);
    await track(page, "more", 40);
    await page.clock.runFor(38_000);
    await answered(page);
    expect(stage.collector.received).toHaveLength(1);
    await runUntil(page, 2);
    expect(names()).toHaveLength(41);
  });

  test("offline nothing is tried until the network is back; then everything arrives", async () => {
    stage.put("/", html());
    const page = await stage.open("/", { clock: true });
    await runUntil(page, 1);
    await stage.context.setOffline(true);
    const attempts: string[] = [];
    page.on("request", (request) => attempts.push(request.url()));
    await track(page, "offline", 3);
    await page.clock.runFor(60_000);
    await page.evaluate(() => fetch("/nothing").catch(() => {}));
    expect(attempts).toEqual([`${stage.origin}/nothing`]);
    await stage.context.setOffline(false);
    await page.clock.runFor(10);
    await expect.poll(names).toEqual(["pageviews", "offline", "offline", "offline"]);
  });

  test("an answer that CORS hides is tried on and on, at most every five minutes, and nothing is given up", async () => {
    stage.put("/", html());
    stage.collector.plan([], "no-cors");
    const page = await stage.open("/", { clock: true });
    const minutesUntil = async (done: () => boolean) => {
      for (let minutes = 0; minutes < 60 && !done(); minutes++) {
        await page.clock.runFor(60_000);
        await answered(page);
      }
    };
    await minutesUntil(() => stage.collector.received.length > 8);
    expect(stage.collector.received.length).toBeGreaterThan(8);
    stage.collector.plan([], 202);
    const before = stage.collector.received.length;
    await minutesUntil(() => stage.collector.received.length > before);
    expect(new Set(identities()).size).toBe(1);
    await settle(page);
    expect(stage.collector.received).toHaveLength(before + 1);
  });

  test("413 halves the batch until it fits; a single event that is too large is given up, the others arrive", async () => {
    stage.put("/", html());
    stage.collector.plan([413, 413]);
    const page = await stage.open("/", { clock: true });
    await track(page, "event", 7);
    await runUntil(page, 3);
    const sizes = stage.collector.received.map((request) => request.body.e.length);
    expect(sizes[0]).toBe(8);
    for (const [index, size] of sizes.slice(1).entries()) expect(size).toBeLessThanOrEqual((sizes[index] ?? 0) / 2);
    stage.collector.plan([413, 413, 413]);
    await settle(page);
    await runUntil(page, 9);
    await track(page, "last");
    await settle(page);
    const arrived = stage.collector.accepted().map((event) => event.q);
    const given = stage.collector.received.reduce(
      (sum, { body, status }) => sum + (status === 202 ? (body.l ?? 0) : 0),
      0,
    );
    expect(given).toBeGreaterThan(0);
    expect(arrived).toHaveLength(9 - given);
    expect(new Set(arrived).size).toBe(arrived.length);
  });

  test("after 400, 401, 403, 404, 410 or 422 the events are dropped: the same request would fail again", async () => {
    stage.put("/", html());
    const page = await stage.open("/", { clock: true });
    await runUntil(page, 1);
    const refusals = [400, 401, 403, 404, 410, 422];
    for (const [index, status] of refusals.entries()) {
      stage.collector.plan([status]);
      await track(page, `refused-${status}`);
      await runUntil(page, 2 + index);
    }
    await track(page, "next");
    await runUntil(page, 2 + refusals.length);
    expect(names()).toEqual(["pageviews", "next"]);
  });
});

describe("bursts", () => {
  const warnings = (page: Page) => {
    const texts: string[] = [];
    page.on("console", (message) => message.type() === "warning" && texts.push(message.text()));
    return texts;
  };

  test("700 events in one task, with the server there: the view and all of them arrive, once", async () => {
    stage.put("/", html());
    const page = await stage.open("/");
    await track(page, "event", 700);
    await expect.poll(() => stage.collector.accepted().length).toBe(701);
    expect(stage.collector.accepted().map((event) => event.q)).toEqual(Array.from({ length: 701 }, (_, i) => i + 1));
    expect(names()[0]).toBe("pageviews");
    for (const { body } of stage.collector.received) expect(body).not.toHaveProperty("l");
  });

  test("more than a page may keep: its view stays, the console and the next batch say how many others went", async () => {
    stage.put("/", html());
    const page = await stage.open("/");
    const texts = warnings(page);
    // Three megabytes.
    await track(page, "event", 700, 2000);
    const lastArrived = () => stage.collector.accepted().at(-1)?.q === 701;
    await expect.poll(lastArrived).toBe(true);
    const [first] = stage.collector.received;
    expect(first?.body.e[0]).toMatchObject({ n: "pageviews", q: 1 });
    expect(first?.body.l).toBe(701 - stage.collector.accepted().length);
    expect(texts).toEqual([`millrace ${first?.body.l} lost`]);
    for (const { body } of stage.collector.received.slice(1)) expect(body).not.toHaveProperty("l");
  });

  test("large events do not wait for their fourth second: a page that goes then sends them", async () => {
    stage.put("/", html());
    const page = await stage.open("/", { clock: true });
    stage.put("/next", "<title>Next</title>");
    await track(page, "large", 14, 4500);
    await page.clock.runFor(1);
    await answered(page);
    await page.goto(`${stage.origin}/next`);
    await vi.waitFor(() => expect(names()).toHaveLength(15));
  });
});

describe("what the server refuses", () => {
  test("is named in the console, each kind once", async () => {
    stage.put("/", html());
    const page = await stage.open("/");
    await settle(page);
    const texts: string[] = [];
    page.on("console", (message) => message.type() === "warning" && texts.push(message.text()));
    const refused = (index: number, message: string) => ({ index, error_code: "InvalidCollectionNameError", message });
    const body = {
      refused: [refused(0, "größe: Too bad."), refused(1, "prénom: Worse."), refused(2, "größe: Too bad.")],
    };
    stage.collector.plan([
      { status: 202, body },
      { status: 202, body },
      { status: 401, body: { error_code: "InvalidApiKeyError", message: "No." } },
      { status: 403, body: {} },
    ]);
    for (let i = 0; i < 2; i++) {
      await track(page, "größe");
      await track(page, "prénom");
      await track(page, "größe");
      await settle(page);
    }
    for (let i = 0; i < 3; i++) {
      await track(page, "later");
      await settle(page);
    }
    // A firewall's 403 is counted by nobody else: it is told of with the next batch.
    expect(texts).toEqual(["millrace größe: Too bad.", "millrace prénom: Worse.", "millrace No.", "millrace 1 lost"]);
    expect(stage.collector.received.map((request) => request.body.l)).toEqual([...Array(5).fill(undefined), 1]);
  });
});
