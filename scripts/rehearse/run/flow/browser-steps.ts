import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { chromium, type Page } from "playwright-core";
import { CHROMIUM_FLAGS, findChromium } from "../../../chromium.ts";
import type { CorsConfiguration } from "../deployed/deployment.ts";
import { openFrontDoor } from "../platform/front-door.ts";
import type { Project } from "./caller.ts";
import { drain } from "./drain.ts";
import type { Flow, Step } from "./step.ts";
import { until } from "./until.ts";

/** What a page of another site came to. */
interface Visit {
  /** Status of Keen's recording with the key in a header, which browsers ask leave for first; or the browser's error. */
  readonly record: number | string;
  /** The same of a question. */
  readonly question: number | string;
  /** How often the tracker's script sent its one page view: again, when it cannot read the answer. */
  readonly sends: number;
}

const ADDRESS = "198.51.100.20";

/** A browser with a page of another origin, in front of the deployed API. */
export const BROWSER: readonly Step[] = [
  {
    name: "a page of another site, in a browser: the tracker's script, Keen's recording, a question",
    async run(flow) {
      const before = await flow.caller.ask("count", { event_collection: "pageviews" });
      const seen = await visit(flow, flow.stage.deployment.apis[0]?.cors ?? null);
      assert.deepEqual(seen, { record: 201, question: 200, sends: 1 });
      await drain(flow.stage);
      await until("browser", () => flow.caller.ask("count", { event_collection: "browser" }), 1);
      const views = () => flow.caller.ask("count", { event_collection: "pageviews" });
      await until("its page view", views, Number(before) + 1);
      return `recording ${seen.record}, question ${seen.question}, the page view was sent once`;
    },
  },
  {
    name: "the same page, had the gateway an empty CORS configuration: the browser shows it nothing",
    async run(flow) {
      const seen = await visit(flow, {});
      const blocked = "TypeError: Failed to fetch";
      const { sends, ...answers } = seen;
      assert.deepEqual(answers, { record: blocked, question: blocked });
      // How often depends on when its own timer comes.
      assert.ok(sends > 1, `${sends} sends`);
      await drain(flow.stage);
      return "recording and question fail in the browser, and the tracker sends again what was recorded already";
    },
  },
];

async function visit({ stage, shop }: Flow, cors: CorsConfiguration | null): Promise<Visit> {
  const ask = stage.requestWithCors(cors);
  let sends = 0;
  const api = await openFrontDoor((request) => {
    if (request.method === "POST" && request.target === "/v1/e") sends++;
    return ask(request);
  }, ADDRESS);
  const site = createServer((_request, response) => {
    const script = `<script defer src="${api.url}/t.js" data-key="${shop.writeKey}"></script>`;
    response.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html><title>Shop</title>${script}`);
  });
  await new Promise<void>((ready) => site.listen(0, "127.0.0.1", ready));
  const browser = await chromium.launch({ executablePath: await findChromium(), args: [...CHROMIUM_FLAGS] });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
    // Each comes back when what waited was answered; what is not acknowledged then waits again.
    for (let time = 0; time < 2; time++)
      await page.evaluate(() => (globalThis as unknown as { millrace: { flush(): Promise<void> } }).millrace.flush());
    return { ...(await askAs(page, api.url, shop)), sends };
  } finally {
    await browser.close();
    await api.close();
    site.closeAllConnections();
    await new Promise((closed) => site.close(closed));
  }
}

/** Two requests of the page's own, one after the other. */
function askAs(page: Page, api: string, { project, writeKey, readKey }: Project): Promise<Omit<Visit, "sends">> {
  const root = `${api}/3.0/projects/${project.id}`;
  const post = (key: string, body: object) => ({
    method: "POST",
    headers: { authorization: key, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const requests = {
    record: { url: `${root}/events/browser`, init: post(writeKey, { n: 1 }) },
    question: {
      url: `${root}/queries/count`,
      init: post(readKey, { event_collection: "purchases", timeframe: "today" }),
    },
  };
  return page.evaluate(async ({ record, question }) => {
    const statusOf = ({ url, init }: typeof record) =>
      fetch(url, init).then(
        ({ status }) => status,
        (error: unknown) => String(error),
      );
    return { record: await statusOf(record), question: await statusOf(question) };
  }, requests);
}
