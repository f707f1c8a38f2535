import { listen, ofDocument } from "../dom.ts";
import type { Part } from "../kit.ts";
import { cleanUrl } from "../url.ts";

/** What the parts that look at elements have in common. */
export const elements: Part = (kit) => {
  kit._on = (types, handler) =>
    listen(types, (event) =>
      handler(
        event,
        event.composedPath().filter((node) => node instanceof Element),
      ),
    );
  kit._attributes = (element, name) =>
    Object.fromEntries(
      [...(Reflect.get(Element.prototype, "attributes", element) as NamedNodeMap)]
        .filter((attribute) => `${attribute.name}-`.startsWith(`${name}-`))
        .map((attribute) => [attribute.name.slice(name.length + 1), attribute.value]),
    );
  kit._bare = (href) => cleanUrl(href.replace(/[?#].*/s, ""));
  kit._link = (event, path) => {
    const link = path.find((element) => /^a(rea)?$/.test(element.localName)) as
      (Element & { href: string | SVGAnimatedString }) | undefined;
    const href = (event as MouseEvent).button < 2 && link?.href;
    return href ? kit._bare(typeof href === "string" ? href : new URL(href.baseVal, ofDocument("baseURI")).href) : "";
  };
  kit._report = (wanted, collection, x) => {
    if (x && kit._wants(wanted)) kit._record(collection, { x });
  };
  return () => {};
};
