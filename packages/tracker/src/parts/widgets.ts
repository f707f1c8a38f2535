import type { Properties, Widget, WidgetOptions } from "../api.ts";
import { listen } from "../dom.ts";
import type { Part } from "../kit.ts";
import { copied } from "../wire.ts";

/** How much of it … */
const SEEN_RATIO = 0.5;
/** … for how long, ms, is seen. */
const SEEN_AFTER = 1000;
/** A page that changes is looked through for new widgets at most so often, ms. */
const PAUSE = 200;

/** Records a step of one widget. @param once whether another of its kind says nothing new */
type Report = (action: string, properties?: Properties, once?: boolean, took?: number) => void;

/** What a frame tells the page it is in; see frame.ts. */
interface Message extends WidgetOptions {
  millrace: string;
  action: string;
  properties?: Properties;
  took?: number;
}

/**
 * Widgets: elements with `data-widget="id"`, also in open shadow roots; those that `widget()` names; and frames of other origins that say
 * what they are. Shown, then seen, interacted with (a click, an input), converted (a click on `data-widget-convert`, a form's submission);
 * what did not load in them; and how long they took.
 */
export const widgets: Part = (kit) => {
  const reports = new Map<unknown, Report>();
  const timers = new Map<Element, ReturnType<typeof setTimeout>>();

  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        clearTimeout(timers.get(target));
        if (isIntersecting)
          timers.set(
            target,
            setTimeout(() => reports.get(target)?.("seen", undefined, true), SEEN_AFTER),
          );
      }
    },
    { threshold: SEEN_RATIO },
  );

  const register = (w: string, { version, placement, element }: WidgetOptions, key: unknown = element ?? w): Report => {
    const known = reports.get(key);
    if (known) return known;
    const begun = performance.now();
    const told = new Set<string>();
    const report: Report = (a, p, once, took) => {
      if (once && told.has(a)) return;
      told.add(a);
      const L = took ?? (a === "loaded" ? Math.round(performance.now() - begun) : undefined);
      kit._record("widgets", { w, V: version, P: placement, a, L, p: p && copied(p) }, 2);
    };
    reports.set(key, report);
    report("shown");
    if (element) observer.observe(element);
    return report;
  };

  /** The widget that an element is, if it is one. */
  const widgetOf = (element: Element) => {
    const { "": id, ...options } = kit._attributes(element, "data-widget");
    return id ? register(id, { ...options, element }) : reports.get(element);
  };

  kit._methods["widget"] = (id: string, options: WidgetOptions = {}): Widget => {
    const say = (action: string) => (properties?: Properties) =>
      kit._call(() => register(id, options)(action, properties));
    kit._call(() => register(id, options));
    return {
      loaded: say("loaded"),
      interacted: say("interacted"),
      converted: say("converted"),
      failed: say("failed"),
    };
  };

  return () => {
    if (!kit._wants("widget")) return;
    let waiting: unknown;

    const search = (root: ParentNode) => {
      root.querySelectorAll("[data-widget]").forEach(widgetOf);
      for (const element of root.querySelectorAll("*")) {
        const { shadowRoot } = element;
        if (!shadowRoot) continue;
        // Neither comes out of it.
        for (const type of ["submit", "error"]) shadowRoot.addEventListener(type, notice, true);
        search(shadowRoot);
      }
    };
    const look = () => {
      waiting ??= setTimeout(() => {
        waiting = undefined;
        kit._call(() => search(document));
      }, PAUSE);
    };
    const notice = kit._on("click input submit error millrace", (event, path) => {
      const { type } = event;
      // The widget's own word, of any place in it: new CustomEvent("millrace", { bubbles, composed, detail: { action, properties } }).
      const { action, properties } = Object((event as CustomEvent).detail);
      const report = path.map(widgetOf).find((found) => found);
      if (!report) return;
      if (type === "millrace") report(`${action}`, properties);
      else if (type === "error") report("failed", { element: path[0]?.localName }, true);
      else {
        report("interacted", undefined, true);
        if (type === "submit" || path.some((element) => "" in kit._attributes(element, "data-widget-convert"))) {
          report("converted", undefined, true);
        }
      }
    });

    look();
    new MutationObserver(look).observe(document, { childList: true, subtree: true });

    listen("message", (event) => {
      const { data, origin, source } = event as MessageEvent<Message | null>;
      if (!data?.millrace || !`${kit._options.frames}`.split(",").includes(origin)) return;
      const element = [...document.querySelectorAll("iframe")].find((frame) => frame.contentWindow === source);
      register(data.millrace, { ...data, ...(element && { element }) })(data.action, data.properties, false, data.took);
    });
  };
};
