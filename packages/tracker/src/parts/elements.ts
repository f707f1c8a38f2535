import type { Part } from "../kit.ts";

/** What the parts that look at elements have in common. */
export const elements: Part = (kit) => {
  const { _locate } = kit;

  kit._on = (types, handler) => {
    const safe = (event: Event) =>
      kit._call(() =>
        handler(
          event,
          // Innermost first, those inside open shadow roots included.
          event.composedPath().filter((node) => node instanceof Element),
        ),
      );
    // One that is there already is not added again.
    const attach = () => types.forEach((type) => addEventListener(type, safe, true));
    attach();
    new MutationObserver(attach).observe(document, { childList: true });
    return safe;
  };
  kit._attribute = (element, name) => Element.prototype.getAttribute.call(element, name) ?? "";
  kit._attributes = (element, prefix) =>
    Object.fromEntries(
      Element.prototype.getAttributeNames
        .call(element)
        .filter((name) => name.startsWith(prefix))
        .map((name) => [name.slice(prefix.length), kit._attribute(element, name)]),
    );
  kit._bare = (href) => _locate(href.replace(/[?#].*/s, "")).u;
  kit._link = (path) => {
    const link = path.find((element) => /^a(rea)?$/.test(element.localName)) as
      (Element & { href: string | SVGAnimatedString }) | undefined;
    const href = link?.href;
    return href ? kit._bare(typeof href === "string" ? href : new URL(href.baseVal, document.baseURI).href) : "";
  };
  return () => {};
};
