import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";
import { CHROMIUM_FLAGS, findChromium } from "../../../scripts/chromium.ts";
import { deployedIn, openDeployed } from "./deployed-product.ts";
import { openLocal, type LocalOptions } from "./local-product.ts";
import type { Product } from "./product.ts";

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

/** Longest wait for what was recorded. */
const VISIBLE_WITHIN_MS = 60_000;

/** What an importer says of the page that began a visit, on each of its events. */
function arrival(entry: View | undefined): object {
  return entry
    ? { visit_url: `https://example.com${entry.path}`, ...(entry.referrer && { visit_referrer: entry.referrer }) }
    : {};
}

/**
 * The product, and a browser that looks at its dashboard. On this machine, unless the run is told of a stage that was deployed: then a
 * test with the tag `deployed` sees the same there.
 */
export class Stage {
  readonly server: Product;
  readonly #browser: Browser;
  readonly #contexts: BrowserContext[] = [];
  readonly #refusedByPolicy: string[] = [];

  private constructor(server: Product, browser: Browser) {
    this.server = server;
    this.#browser = browser;
  }

  /**
   * @param env settings beside the port and the folder
   * @param prepare what lies in the folder before the server begins
   * @param pages see {@link LocalOptions.pages}
   * @throws Error for what only this machine's product can be told, where a deployed one is looked at
   */
  static async open(
    env: Readonly<Record<string, string>> = {},
    prepare?: LocalOptions["prepare"],
    pages: LocalOptions["pages"] = "bare",
  ): Promise<Stage> {
    const deployed = deployedIn(process.env);
    if (deployed && (Object.keys(env).length > 0 || prepare || pages === "filled"))
      throw new Error(
        "What this suite needs can be had on one machine only: none of its tests is for a deployed stage.",
      );
    const server = deployed
      ? await openDeployed(deployed)
      : await openLocal({ env, prepare: prepare ?? (() => Promise.resolve()), pages });
    const browser = await chromium.launch({ executablePath: await findChromium(), args: [...CHROMIUM_FLAGS] });
    return new Stage(server, browser);
  }

  /** A page in a fresh browser profile. @param path path, query and fragment of the dashboard */
  async look(path = "/", options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.blank(options);
    await page.goto(this.server.address(path));
    return page;
  }

  /** The same, before anything is loaded: for a test that stands in the way of requests. */
  async blank(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext({
      locale: "en-GB",
      // A stage that is rehearsed has a certificate of its own making.
      ignoreHTTPSErrors: true,
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
    await this.server.admit(context);
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
    const deadline = Date.now() + VISIBLE_WITHIN_MS;
    while ((await this.#stored()) < before + sent) {
      if (Date.now() > deadline) throw new Error("The events did not become visible within a minute.");
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
