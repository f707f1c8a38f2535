import type { Millrace, Options } from "./api.ts";
import { listen, ofDocument } from "./dom.ts";
import { loadId } from "./id.ts";
import type { BareKit, Kit, Methods, Part } from "./kit.ts";
import { DEBUG, debug } from "./debug.ts";
import { safely } from "./safe.ts";
import { createSender } from "./sender.ts";
import { cleanUrl } from "./url.ts";
import { encode, stringify, title, type Page } from "./wire.ts";

/** A visit ends after half an hour of silence: who reads for longer is heard of in between, ms. */
const HEARTBEAT = 600_000;

/** Engaged time below this waits for the next increment: a page being closed fires several events within a few milliseconds. */
const SHORTEST = 100;

/**
 * Starts a tracker: one per page and project. Calls wait until a person can see the page. With Global Privacy Control on, or
 * switched off by the site, nothing is observed, kept or sent, whatever is called.
 */
export function createTracker(options: Options, parts: readonly Part[]): Millrace {
  const base = { v: 1, k: options.key, i: loadId(Date.now()) };
  const sender = createSender(options.endpoint, (entries, lost) => {
    page.T = title();
    return encode(base, kit._hints, entries, lost);
  });
  const waiting: (() => void)[] = [];
  let page: Page;
  let pages = 0;
  let sequence = 0;
  let user: string | undefined;
  let optedOut = false;
  let seen = false;
  let visible = false;
  let since = 0;
  let engaged = 0;

  /** Engaged time is measured by the monotonic clock, which no correction of the system time moves. */
  const tick = () => {
    const now = performance.now();
    if (visible) engaged += now - since;
    since = now;
    visible = ofDocument("visibilityState") === "visible";
  };

  const methods: Methods = {
    track: (name, p) => kit._record(name, { p }, 2),
    page: (url, p) =>
      typeof url === "string" ? kit._enter(true, p, new URL(url, location.href).href) : kit._enter(true, url),
    identify(id) {
      // Untyped pages pass numbers, which the server would not take for an id.
      user = id && `${id}`;
      for (const entry of sender._waiting()) entry._user ??= user;
    },
    optOut() {
      optedOut = true;
      sender._clear();
    },
    optIn() {
      if (!optedOut) return;
      optedOut = false;
      kit._measure();
      kit._enter();
    },
  };

  const bare: BareKit = {
    _options: options,
    _hints: {},
    _methods: methods,
    _call(work) {
      if (seen) safely(work);
      else if (!refused) waiting.push(work);
    },
    _listen: listen,
    _wants: (name) => options.auto?.includes(name) ?? true,
    _record(n, details, _worth = 1) {
      if (optedOut) return;
      const _event = { ...details, q: ++sequence, n, t: Date.now() };
      if (DEBUG) debug("event", _event, page);
      sender._add({ _event, _page: page, _worth, _user: user, _bytes: 0 });
    },
    _locate: (href) => ({ u: cleanUrl(href) }),
    _measure() {
      tick();
      const m = Math.round(engaged);
      if (m < SHORTEST || !kit._wants("engagement")) return {};
      engaged = 0;
      return { m };
    },
    _enter(view = kit._wants("page"), p, href = location.href) {
      if (pages) measure();
      page = { g: ++pages, ...kit._locate(href), T: title() };
      // A document without an address of its own (`srcdoc`, a saved copy, a mail's preview) is no page of the site.
      if (view && page.u) kit._record("pageviews", { p }, 3);
      return page;
    },
  };

  const kit = bare as Kit;

  const measure = () => {
    const details = kit._measure();
    for (const _ in details) return kit._record("engagement", details);
  };

  const leave = () => {
    measure();
    void sender._drain();
  };

  const onVisibility = () => {
    tick();
    if (seen) {
      if (!visible) leave();
    } else if (visible) {
      seen = true;
      starts.forEach(safely);
      kit._enter();
      listen("pageshow", (event) => {
        if ((event as PageTransitionEvent).persisted) kit._enter();
      });
      setInterval(measure, HEARTBEAT);
      // Hidden is the last thing a page is sure to be told; pagehide comes first where a navigation replaces it.
      listen("pagehide", leave);
      listen("online", () => void sender._drain());
      waiting.forEach(safely);
    }
  };

  for (const [name, method] of Object.entries(methods)) {
    methods[name] = (...args) =>
      safely(() => {
        // As they are now: later changes do not reach the event. What JSON cannot hold (cycles, BigInt) throws here.
        const copy = JSON.parse(stringify(args));
        kit._call(() => method(...copy));
      });
  }
  methods["flush"] = async () => {
    if (seen) await sender._drain();
  };
  const starts = parts.map((part) => part(kit));
  // Whoever names a hook wants something taken out: a script without the part that takes it over records nothing.
  const refused = navigator.globalPrivacyControl || options.off || options.beforeSend;

  if (DEBUG) debug(refused ? "off: by the site, or by Global Privacy Control" : "on", options);
  if (!refused) {
    // A page that is prerendered (it may never be shown) is hidden, as in a background tab that nobody has looked at.
    listen("visibilitychange", onVisibility);
    safely(onVisibility);
  }
  return methods as unknown as Millrace;
}
