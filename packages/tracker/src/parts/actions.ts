import type { Part } from "../kit.ts";

const FILE =
  /\.(pdf|docx?|xlsx?|pptx?|csv|txt|rtf|epub|zip|rar|7z|t?gz|dmg|pkg|exe|msi|deb|rpm|apk|iso|mp[34]|wav|mov|avi)$/i;

/** Downloads, submissions of forms (by name, id or address of the form; never a value), and links that were copied. */
export const actions: Part = (kit) => () => {
  const report = (wanted: boolean, name: string, x: string) => {
    if (wanted && x) kit._record(name, { x });
  };
  kit._on(["click", "auxclick"], (event, path) => {
    const x = kit._link(path);
    const named = path.some((element) => element instanceof HTMLAnchorElement && element.hasAttribute("download"));
    report(kit._wants("download") && (event as MouseEvent).button < 2 && (named || FILE.test(x)), "downloads", x);
  });
  kit._on(["submit"], (_, [form]) => {
    if (!form) return;
    const [name, id, action] = ["name", "id", "action"].map((attribute) => kit._attribute(form, attribute));
    report(kit._wants("form"), "form_submissions", name || id || kit._bare(new URL(action ?? "", location.href).href));
  });
  kit._on(["copy"], () => {
    // Nothing of a text that is not a link alone.
    const [link = "", more] = String(getSelection() ?? "")
      .trim()
      .split(/\s/);
    report(kit._wants("copy") && !more, "link_copies", kit._bare(link));
  });
};
