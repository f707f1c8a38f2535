// What a widget's own page runs inside a frame of another origin:
// <script src="https://HOST/t.frame.js" data-widget="poll-7" data-widget-version="2" data-parent="https://shop.example"></script>
// It sends nothing itself and knows no key: the page around it, whose script allows this origin (`data-frames`), records what it says.
import type { Properties, Widget } from "./api.ts";
import { listen } from "./dom.ts";
import { safely, warn } from "./safe.ts";

safely(() => {
  const { dataset } = document.currentScript as HTMLScriptElement;
  const { widget: millrace, widgetVersion: version, widgetPlacement: placement, parent: to } = dataset;
  if (!millrace || !to) return warn("data-widget and data-parent are needed");

  const say = (action: string, properties?: Properties, took?: number) =>
    safely(() => parent.postMessage({ millrace, version, placement, action, properties, took }, to));
  const once = new Set<string>();
  const notice = (action: string, properties?: Properties) => {
    if (once.size < once.add(action).size) say(action, properties);
  };

  listen("load", ({ target }) => {
    if (target === document) say("loaded", undefined, Math.round(performance.now()));
  });
  listen("click input", (event) => {
    notice("interacted");
    const path = event.composedPath();
    if (path.some((node) => node instanceof Element && node.hasAttribute("data-widget-convert"))) notice("converted");
  });
  listen("submit", () => notice("converted"));
  listen("error", (event) => notice("failed", { message: (event as ErrorEvent).message ?? "did not load" }));

  const word = (action: string) => (properties?: Properties) => say(action, properties);
  const words: Widget = {
    loaded: word("loaded"),
    interacted: word("interacted"),
    converted: word("converted"),
    failed: word("failed"),
  };
  Object.assign(window, { [dataset["global"] ?? "millrace"]: words });
});
