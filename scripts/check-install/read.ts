// Where there is no Chromium: reads the page and loads the scripts that its tags name, and runs nothing.
import type { Tag, Visit } from "./findings.ts";

/** Tags that a script or a tag manager writes are not seen. */
export async function readPage(url: string): Promise<Visit> {
  const page = await fetch(url, { headers: { accept: "text/html" } }).catch((error: Error) => error.message);
  if (typeof page === "string") return { status: undefined, failure: page, tags: [], ran: undefined };
  return {
    status: page.status,
    tags: await Promise.all(tagsOf(await page.text(), page.url).map(loaded)),
    ran: undefined,
  };
}

function tagsOf(html: string, base: string): Omit<Tag, "failure">[] {
  return Array.from(html.matchAll(/<script\b([^>]*)>/gi), ([, attributes = ""]) => {
    const valueOf = (name: string) => {
      const [match, ...values] =
        new RegExp(`\\s${name}(?:\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+)))?(?=[\\s/>]|$)`, "i").exec(attributes) ??
        [];
      return match === undefined ? undefined : (values.find((value) => value !== undefined) ?? "");
    };
    const src = valueOf("src");
    return {
      src: src === undefined || !URL.canParse(src, base) ? "" : new URL(src, base).href,
      key: valueOf("data-key"),
      global: valueOf("data-global") ?? "millrace",
      isOff: (valueOf("data-off") ?? "false") !== "false",
    };
  }).filter(({ src, key }) => key !== undefined || /\/t(\.\w+)*\.js([?#]|$)/.test(src));
}

async function loaded(tag: Omit<Tag, "failure">): Promise<Tag> {
  const script = await fetch(tag.src).catch((error: Error) => error.message);
  if (typeof script === "string") return { ...tag, failure: script };
  const type = script.headers.get("content-type") ?? "of no type";
  await script.body?.cancel();
  if (!script.ok) return { ...tag, failure: `it answers ${script.status}` };
  return { ...tag, failure: type.includes("javascript") ? undefined : `it is ${type}, no script` };
}
