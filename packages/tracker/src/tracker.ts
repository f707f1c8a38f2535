import { isOn, type Millrace, type Options } from "./api.ts";
import { listen, ofDocument } from "./dom.ts";
import { loadId } from "./id.ts";
import type { BareKit, Kit, Methods, Part } from "./kit.ts";
import { DEBUG, debug } from "./debug.ts";
import { safely } from "./safe.ts";
import { createSender } from "./sender.ts";
import { cleanUrl } from "./url.ts";
import { copied, encode, title } from "./wire.ts";

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
    kit._page.T = title();
    return encode(base, kit._hints, entries, lost);
  });
  const waiting: (() => void)[] = [];
  let pages = 0;
  let sequence = 0;
  let user: string | undefined;
  let optedOut: boolean | undefined;
  let seen: boolean | undefined;
  let visible: boolean | undefined;
  let since = 0;
  let engaged = 0;

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
      engaged = 0;
      kit._enter();
    },
  };

  const bare: Omit<BareKit, "_page"> = {
    _options: options,
    _hints: {},
    _methods: methods,
    _call(work) {
      if (seen) safely(work);
      else if (!refused) waiting.push(work);
    },
    _wants: (name) => options.auto?.includes(name) ?? true,
    _record(n, details, worth = 1) {
      if (optedOut) return;
      const event = { ...details, q: ++sequence, n, t: Date.now() };
      if (DEBUG) debug("event", event, kit._page);
      sender._add(event, kit._page, worth, user);
    },
    _locate: (href) => ({ u: cleanUrl(href) }),
    _measure() {
      // By the monotonic clock, which no correction of the system time moves.
      const now = performance.now();
      if (visible) engaged += now - since;
      since = now;
      visible = ofDocument("visibilityState") === "visible";
      const m = Math.round(engaged);
      return m < SHORTEST || !kit._wants("engagement") ? undefined : { m };
    },
    _enter(view = kit._wants("page"), p, href = location.href) {
      measure();
      kit._page = { g: ++pages, ...kit._locate(href), T: title() };
      // A document without an address of its own (`srcdoc`, a saved copy, a mail's preview) is no page of the site.
      if (view && kit._page.u) kit._record("pageviews", { p }, 3);
    },
  };

  const kit = bare as Kit;

  const measure = () => {
    const details = kit._measure();
    if (!details) return;
    kit._record("engagement", details);
    // Only now that it waits to be sent: see sender.ts on tabs that are closed.
    engaged = 0;
  };

  const onVisibility = () => {
    measure();
    if (seen) {
      if (!visible) void sender._drain();
    } else if (visible) {
      seen = true;
      starts.forEach(safely);
      kit._enter();
      listen("pageshow", (event) => {
        if ((event as PageTransitionEvent).persisted) kit._enter();
      });
      setInterval(measure, HEARTBEAT);
      // Hidden is the last thing a page is sure to be told; pagehide comes first where a navigation replaces it. And what was recorded
      // without a network goes out when there is one.
      listen("pagehide online", () => {
        measure();
        void sender._drain();
      });
      waiting.forEach(safely);
    }
  };

  for (const [name, method] of Object.entries(methods)) {
    methods[name] = (...args) =>
      safely(() => {
        // As they are now: later changes do not reach the event. What JSON cannot hold (cycles, BigInt) throws here.
        const given = copied(args);
        kit._call(() => method(...given));
      });
  }
  methods["flush"] = sender._drain;
  const starts = parts.map((part) => part(kit));
  // Whoever names a hook wants something taken out: a script without the part that takes it over records nothing.
  const refused = isOn(options.off) || navigator.globalPrivacyControl || options.beforeSend;

  if (DEBUG) debug(refused ? "off: by the site, or by Global Privacy Control" : "on", options);
  if (!refused) {
    // A page that is prerendered (it may never be shown) is hidden, as in a background tab that nobody has looked at.
    listen("visibilitychange", onVisibility);
    safely(onVisibility);
  }
  return methods as unknown as Millrace;
}
