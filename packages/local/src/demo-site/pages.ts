import type { Hono } from "hono";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "../../demo");
const PAGES = ["home", "pricing", "guides", "contact", "app"] as const;
const CSP =
  "default-src 'self'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** What the site offers for download: small, and made up. */
const FILES: Readonly<Record<string, string>> = {
  "handbook.txt": "Tidewater handbook\n\n1. Write it down.\n2. Find it again.\n",
  "shortcuts.csv": "keys,does\nCtrl+K,find\nCtrl+N,new note\n",
};

/**
 * A site to try things on, under `/demo`: pages, a part that never reloads, two widgets, a form, downloads and links elsewhere, all
 * measured.
 * @param tag the script tag; asked for at each page, because the server learns its address when it listens
 */
export function serveDemoSite(app: Hono, tag: () => string): void {
  const page = (name: (typeof PAGES)[number]): string => {
    const content = read(`${name}.html`);
    const title = /<!-- title: (.*?) -->/.exec(content)?.[1] ?? "";
    // A function: a replacement text would have meanings for `$`.
    const parts = { title, tag: tag(), content } as const;
    return read("layout.html").replace(/\{\{(title|tag|content)\}\}/g, (_, part: keyof typeof parts) => parts[part]);
  };
  app.use("/demo/*", async (c, next) => {
    await next();
    c.header("Content-Security-Policy", CSP);
    c.header("X-Content-Type-Options", "nosniff");
    c.header("Cache-Control", "no-cache");
  });
  app.get("/demo/site.css", (c) => c.body(read("site.css"), 200, { "Content-Type": "text/css; charset=utf-8" }));
  app.get("/demo/site.js", (c) => c.body(read("site.js"), 200, { "Content-Type": "text/javascript; charset=utf-8" }));
  app.get("/demo/files/:name", (c) => {
    const file = c.req.param("name");
    const content = Object.hasOwn(FILES, file) ? FILES[file] : undefined;
    if (content === undefined) return c.notFound();
    return c.body(content, 200, { "Content-Type": "text/plain; charset=utf-8" });
  });
  app.get("/demo", (c) => c.html(page("home")));
  for (const name of PAGES.slice(1)) app.get(`/demo/${name}`, (c) => c.html(page(name)));
  app.get("/demo/app/:board", (c) => c.html(page("app")));
}

/** Read at each request: whoever changes the site sees it after a reload. */
function read(name: string): string {
  return readFileSync(join(FOLDER, name), "utf8");
}
