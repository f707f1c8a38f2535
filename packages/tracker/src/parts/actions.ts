import type { Part } from "../kit.ts";

/** Downloads, submissions of forms (by name, id or address of the form; never a value), and links that were copied. */
export const actions: Part = (kit) => () => {
  kit._on("click auxclick", (event, path) => {
    const x = kit._link(event, path);
    const isFile =
      /\.(pdf|docx?|xlsx?|pptx?|csv|txt|rtf|epub|zip|rar|7z|t?gz|dmg|pkg|exe|msi|deb|rpm|apk|iso|mp[34]|wav|mov|avi)$/i;
    const isNamed = path.some((element) => element instanceof HTMLAnchorElement && element.hasAttribute("download"));
    if (isNamed || isFile.test(x)) kit._report("download", "downloads", x);
  });
  kit._on("submit", (_, [form]) => {
    if (!form) return;
    const [name, id, action] = ["name", "id", "action"].map((attribute) => kit._attributes(form, attribute)[""]);
    kit._report("form", "form_submissions", name || id || kit._bare(new URL(action ?? "", location.href).href));
  });
  kit._on("copy", () => {
    const text = String(getSelection()).trim();
    // Nothing of a text that is not a link alone.
    if (!/\s/.test(text)) kit._report("copy", "link_copies", kit._bare(text));
  });
};
