import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildAssets } from "../../../packages/local/src/assets.ts";
import { createLocalServer, readConfig, type LocalServer } from "../../../packages/local/src/index.ts";
import { CHROMIUM_FLAGS, findChromium } from "../../../scripts/chromium.ts";

/** An event of a page view as the importer would send it. */
export interface View {
  /** Milliseconds UTC. */
  readonly at: number;
  readonly path: string;
  /** Tells visitors apart: the last number of the address. */
  readonly visitor: number;
  readonly visitPage: number;
  readonly userAgent?: string;
  readonly referrer?: string;
  /** IANA zone of the browser, from which the country is estimated. */
  readonly timezone?: string;
}

export const CHROME =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";
export const BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

/** What an importer says of the page that began a visit, on each of its events. */
function arrival(entry: View | undefined): object {
  return entry
    ? { visit_url: `https://example.com${entry.path}`, ...(entry.referrer && { visit_referrer: entry.referrer }) }
    : {};
}

/** The real product on a folder of its own, and a browser that looks at its dashboard. */
export class Stage {
  readonly server: LocalServer;
  readonly #browser: Browser;
  readonly #folder: string;
  readonly #contexts: BrowserContext[] = [];
  readonly #refusedByPolicy: string[] = [];

  private constructor(server: LocalServer, browser: Browser, folder: string) {
    this.server = server;
    this.#browser = browser;
    this.#folder = folder;
  }

  /**
   * @param env settings beside the port and the folder
   * @param prepare what lies in the folder before the server begins
   * @param pages `bare`: as CloudFront serves them, so that a test can stand in the way of everything that a page asks; `filled`: as
   * `npm start` does, with the first answers on their way
   */
  static async open(
    env: Readonly<Record<string, string>> = {},
    prepare: (folder: string) => Promise<void> = () => Promise.resolve(),
    pages: "bare" | "filled" = "bare",
  ): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), "millrace-web-"));
    await prepare(folder);
    const built = await buildAssets(() => {});
    const opening = () => {
      const known = built.prepare();
      // Patient: what a test sees must not depend on how busy the machine is.
      return pages === "filled" && known
        ? (page: Parameters<typeof known>[0]) => known({ ...page, patienceMs: 120_000 })
        : undefined;
    };
    const assets = { ...built, prepare: opening };
    const server = await createLocalServer(readConfig({ PORT: "0", MILLRACE_DATA: folder, ...env }), { assets });
    const browser = await chromium.launch({ executablePath: await findChromium(), args: [...CHROMIUM_FLAGS] });
    return new Stage(server, browser, folder);
  }

  /** A page in a fresh browser profile. @param path path, query and fragment of the dashboard */
  async look(path = "/", options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.blank(options);
    await page.goto(this.server.demo.url + path);
    return page;
  }

  /** The same, before anything is loaded: for a test that stands in the way of requests. */
  async blank(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext({
      locale: "en-GB",
      viewport: { width: 1280, height: 900 },
      ...options,
    });
    // As long as a test has: what it waits for is what the page shows, not how busy the machine is.
    context.setDefaultTimeout(120_000);
    this.#contexts.push(context);
    context.on("console", (message) => {
      // Whom a page is framed by is up to others, and tested where it is refused. What it loads and runs is up to us.
      if (/Content Security Policy/i.test(message.text()) && !message.text().includes("frame-ancestors"))
        this.#refusedByPolicy.push(`${message.location().url}: ${message.text()}`);
    });
    // As a person does with the link from the terminal, but for the page it leads to.
    await context.request.get(this.server.link(), { maxRedirects: 0 });
    return context.newPage();
  }

  /** Closes what {@link look} opened. @throws Error when a page of ours needed something that its own policy forbids */
  async leave(): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
    const [first, ...more] = this.#refusedByPolicy.splice(0);
    if (first !== undefined) throw new Error(`Content-Security-Policy, and ${more.length} more: ${first}`);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Records page views and waits until queries see them. */
  async record(views: readonly View[], others: Readonly<Record<string, readonly object[]>> = {}): Promise<void> {
    const { url, project, masterKey } = this.server.demo;
    const before = await this.#stored();
    const entries = new Map(views.filter((view) => view.visitPage === 1).map((view) => [view.visitor, view]));
    const pageviews = views.map((view) => ({
      keen: { timestamp: new Date(view.at).toISOString() },
      $context: {
        ip: `203.0.113.${view.visitor}`,
        user_agent: view.userAgent ?? CHROME,
        url: `https://example.com${view.path}`,
        visit_id: `visit-${view.visitor}`,
        visit_page: view.visitPage,
        ...(view.referrer && { referrer: view.referrer }),
        ...(view.timezone && { timezone: view.timezone }),
        ...arrival(entries.get(view.visitor)),
      },
    }));
    const body = { ...others, ...(views.length > 0 && { pageviews }) };
    const response = await fetch(`${url}/3.0/projects/${project}/events`, {
      method: "POST",
      headers: { authorization: masterKey, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer = await response.text();
    if (!response.ok || answer.includes('"success":false')) throw new Error(`Recording failed: ${answer}`);
    const sent = Object.values(body).reduce((sum, list) => sum + (list as readonly object[]).length, 0);
    const deadline = Date.now() + 20_000;
    while ((await this.#stored()) < before + sent) {
      if (Date.now() > deadline) throw new Error("The events did not become visible within 20 seconds.");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async #stored(): Promise<number> {
    const { url, project, readKey } = this.server.demo;
    const response = await fetch(`${url}/3.0/projects/${project}/ledger`, { headers: { authorization: readKey } });
    const { result } = (await response.json()) as { result: { stored: number }[] };
    return result.reduce((sum, hour) => sum + hour.stored, 0);
  }
}
