import { listen } from "./safe.ts";
import { bareUrl } from "./url.ts";

const PREFIX = "data-track";

/** Reports clicks (also with the middle button) on links to another host. `target` is the link without query and fragment. */
export function observeOutbound(report: (target: string) => void): void {
  const onClick = (event: Event) => {
    const link = path(event).find((element) => element instanceof HTMLAnchorElement && element.href) as
      HTMLAnchorElement | undefined;
    // Button 2 opens the context menu; the visitor has not left.
    if (link && (event as MouseEvent).button < 2 && link.host !== location.host) {
      const target = bareUrl(link.href);
      if (target) report(target);
    }
  };
  listen(document, "click", onClick);
  listen(document, "auxclick", onClick);
}

/**
 * Reports a click on an element with `data-track="name"` (or on anything in it), for a form its submission. Properties are the
 * element's `data-track-<property>` attributes and nothing else: no text, no value of any field.
 */
export function observeTagged(report: (name: string, properties: Record<string, string>) => void): void {
  const onEvent = (event: Event) => {
    const isForm = event.type === "submit";
    const tagged = path(event).find(
      (element) => element.getAttribute(PREFIX) && element instanceof HTMLFormElement === isForm,
    );
    if (!tagged) return;
    const properties: Record<string, string> = {};
    for (const { name, value } of tagged.attributes) {
      if (name.startsWith(`${PREFIX}-`)) properties[name.slice(PREFIX.length + 1)] = value;
    }
    report(String(tagged.getAttribute(PREFIX)), properties);
  };
  listen(document, "click", onEvent);
  listen(document, "submit", onEvent);
}

/** The elements an event passes through, innermost first, those inside open shadow roots included. */
function path(event: Event): Element[] {
  return event.composedPath().filter((node) => node instanceof Element);
}
