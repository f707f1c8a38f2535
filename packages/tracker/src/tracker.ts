import type { Auto, Millrace, Options, Properties } from "./api.ts";
import { observeOutbound, observeTagged } from "./clicks.ts";
import { createStopwatch } from "./engagement.ts";
import { loadId } from "./id.ts";
import { observePages, whenSeen } from "./pages.ts";
import { listen, safely } from "./safe.ts";
import { createSender } from "./sender.ts";
import { cleanUrl } from "./url.ts";
import { encode, type Page, type Recorded } from "./wire.ts";

/** Everything {@link Options.auto} can name: the default. */
export const AUTO: readonly Auto[] = ["page", "outbound", "tag", "engagement"];

/** Routers set the title a moment after the URL, ms. */
const TITLE_DELAY = 50;

/**
 * Starts a tracker: one per page. Calls wait until a person can see the page. With Global Privacy Control on, nothing is
 * observed, kept or sent, whatever is called.
 */
export function createTracker({ key, endpoint, auto = AUTO }: Options): Millrace {
  const load = loadId(Date.now());
  const sender = createSender(endpoint, (events, lost) => {
    page.title = document.title;
    return encode(key, load, events, lost);
  });
  const stopwatch = createStopwatch();
  const waiting: (() => void)[] = [];
  let page: Page = { number: 0, url: "", title: "" };
  let sequence = 0;
  let user: string | undefined;
  let optedOut = false;
  let seen = false;

  const record = (collection: string, details?: Partial<Recorded>) => {
    if (optedOut) return;
    sender.add({ sequence: ++sequence, collection, at: Date.now(), page, user, ...details });
  };

  const recordEngagement = () => {
    const engaged = auto.includes("engagement") && stopwatch.take();
    if (engaged) record("engagement", { engaged });
  };

  const enter = (view: boolean, properties?: unknown) => {
    if (page.number) recordEngagement();
    const entered = { number: page.number + 1, url: cleanUrl(location.href), title: document.title };
    page = entered;
    setTimeout(() => {
      if (page === entered) entered.title = document.title;
    }, TITLE_DELAY);
    if (view) record("pageviews", { properties });
  };

  const enterAutomatically = () => enter(auto.includes("page"));

  const hide = () => {
    recordEngagement();
    void sender.drain(true);
  };

  const start = () => {
    seen = true;
    stopwatch.run(true);
    enterAutomatically();
    observePages(enterAutomatically);
    if (auto.includes("outbound")) observeOutbound((target) => record("outbound_clicks", { target }));
    if (auto.includes("tag")) observeTagged((name, properties) => record(name, { properties }));
    // Hidden is the last thing a page is sure to be told; pagehide comes first where a navigation replaces it.
    listen(document, "visibilitychange", () => {
      const visible = document.visibilityState === "visible";
      stopwatch.run(visible);
      if (!visible) hide();
    });
    listen(window, "pagehide", hide);
    for (const call of waiting) safely(call);
  };

  const refused = navigator.globalPrivacyControl;
  const call = (work: () => void) => {
    if (refused) return;
    if (seen) safely(work);
    else waiting.push(work);
  };
  if (!refused) whenSeen(() => safely(start));

  return {
    track: (name, ...[properties]) =>
      safely(() => {
        const copy = copyOf(properties);
        call(() => record(name, { properties: copy }));
      }),
    page: (properties) =>
      safely(() => {
        const copy = copyOf(properties);
        call(() => enter(true, copy));
      }),
    identify: (id) =>
      call(() => {
        // Untyped pages pass numbers, which the server would not take for an id.
        user = id && String(id);
        for (const event of sender.queue) event.user ??= user;
      }),
    flush: async () => {
      if (seen) await sender.drain();
    },
    optOut: () =>
      call(() => {
        optedOut = true;
        sender.clear();
      }),
    optIn: () =>
      call(() => {
        if (!optedOut) return;
        optedOut = false;
        stopwatch.take();
        enterAutomatically();
      }),
  };
}

/** Properties as they are now. @throws TypeError for what JSON cannot hold (cycles, BigInt) */
function copyOf(properties: Properties | undefined): unknown {
  return properties && JSON.parse(JSON.stringify(properties));
}
