import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { CHROMIUM_FLAGS, findChromium } from "../../../../scripts/chromium.ts";
import { readTrackerBatch, readTrackerEvent } from "../../../ingest/src/tracker/tracker-wire.ts";
import { builtTracker } from "../../build.ts";
import { integrity, pinned, scriptNamed, type Pieces } from "../../pieces.ts";
import type { Millrace } from "../../src/api.ts";
import { servePages, startCollector, type Collector, type Running } from "./server.ts";

declare global {
  interface Window {
    millrace: Millrace;
  }
}

/** A page of the test site: its HTML, and headers such as a content security policy. */
interface SitePage {
  html: string;
  headers?: Record<string, string>;
}

export interface Stage {
  readonly collector: Collector;
  /** Origin of the site; another one than the collector's, so that CORS applies as it does to customers. */
  readonly origin: string;
  readonly context: BrowserContext;
  /** The script tag with further attributes, of `t.js` unless another is named. */
  tag(attributes?: string, file?: string): string;
  /** The name that pins a script, and what is to be checked of it. */
  pinned(file: string): { name: string; integrity: string };
  /** Serves `content` at `path` from now on. */
  put(path: string, content: string | SitePage): void;
  /** Opens a tab at `path`. With `clock` its time stands still until the test moves it. */
  open(path: string, options?: { clock?: boolean }): Promise<Page>;
  /** Replaces the context of this test by one with these options. */
  recreate(options: BrowserContextOptions): Promise<void>;
}

/** Sends what waits and comes back when it was answered: afterwards an event that was not sent will not be. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(() => window.millrace.flush());
}

/** One browser for all tests of a file; a new context (profile), site and collector for each test: no request strays into the next. */
export function setStage(): Stage {
  const pages = new Map<string, SitePage>();
  let browser: Browser;
  let pieces: Pieces;
  let site: Running;
  let collector: Collector;
  let context: BrowserContext;

  beforeAll(async () => {
    pieces = await builtTracker();
    browser = await chromium.launch({
      executablePath: await findChromium(),
      args: [...CHROMIUM_FLAGS],
      // Playwright turns the back/forward cache off; real visitors have it.
      ignoreDefaultArgs: ["--disable-back-forward-cache"],
    });
  });
  afterAll(async () => {
    await browser.close();
  });
  beforeEach(async () => {
    pages.clear();
    collector = await startCollector((file) => scriptNamed(pieces, file));
    site = await servePages(pages);
    context = await browser.newContext();
  });
  afterEach(async () => {
    await context.close();
    // What the tracker sends is what ingest reads.
    for (const { body } of collector.received) readTrackerBatch(body).e.forEach(readTrackerEvent);
    await Promise.all([site.stop(), collector.stop()]);
  });

  return {
    get collector() {
      return collector;
    },
    get origin() {
      return site.origin;
    },
    get context() {
      return context;
    },
    tag: (attributes = "", file = "t.js") =>
      `<script defer src="${collector.origin}/${file}" data-key="WRITEKEY" ${attributes}></script>`,
    pinned(file) {
      const script = scriptNamed(pieces, file) ?? "";
      return { name: pinned(file, script), integrity: integrity(script) };
    },
    put(path, content) {
      pages.set(path, typeof content === "string" ? { html: content } : content);
    },
    async open(path, { clock = false } = {}) {
      const page = await context.newPage();
      if (clock) await page.clock.install();
      await page.goto(site.origin + path);
      return page;
    },
    async recreate(options) {
      await context.close();
      context = await browser.newContext(options);
    },
  };
}
