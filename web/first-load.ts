import type { HtmlTagDescriptor, Plugin, Rolldown } from "vite";

/** What the first numbers are drawn by, and all else: src/main.ts imports one after the other. */
const FIRST = "first";
const APPLICATION = "app";

/**
 * The language is chosen before anything with texts is imported (src/main.ts). So that this costs no round trip the page names what it will import
 * beside its first script: what draws the first numbers, ready to run, and the application, which is fetched only, since compiling it would keep a slow
 * machine from the numbers. Each is one chunk, and what the first script needs is another, or it would wait for them.
 */
export const firstLoad: Plugin = {
  name: "first-load",
  config: () => ({
    build: {
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [
              {
                name: "start",
                test: /\/src\/(language\/(start|spoken|languages|catalogue)|api\/fragment)\.ts$|vite\/preload-helper/,
                priority: 2,
              },
              { name: FIRST, test: /\/src\/opening\/first\.tsx$/, priority: 1 },
              { name: APPLICATION, test: /\/src\/app\.tsx$/ },
              // Small parts that the overview loads one behind the other once its numbers are seen: by themselves they are as much head as body.
              { name: "beside", test: /\/src\/(panels\/(trend-tools|goal-choice|week-panel)|marks\/drawn)\.tsx$/ },
            ],
          },
        },
      },
    },
  }),
  transformIndexHtml: {
    order: "post",
    handler: (html, { bundle }) => {
      // The development server has none.
      if (!bundle) return [];
      const first = chunkOf(bundle, FIRST);
      const application = chunkOf(bundle, APPLICATION);
      const atOnce = [...first.imports, first.fileName].filter((name) => !html.includes(name));
      const later = [...application.imports, application.fileName].filter(
        (name) => ![...atOnce, ...first.imports].includes(name) && !html.includes(name),
      );
      return [
        ...stylesOf(first).map((name) => link(name, { rel: "stylesheet" })),
        ...atOnce.map((name) => link(name, { rel: "modulepreload" })),
        ...stylesOf(application).map((name) => link(name, { rel: "preload", as: "style" })),
        ...later.map((name) => link(name, { rel: "preload", as: "script" })),
      ];
    },
  },
};

/** @throws Error where nothing is built by that name: a mistake of ours */
function chunkOf(bundle: Rolldown.OutputBundle, name: string): Rolldown.OutputChunk {
  for (const file of Object.values(bundle)) if (file.type === "chunk" && file.name === name) return file;
  throw new Error(`The page has no chunk "${name}".`);
}

function stylesOf({ viteMetadata }: Rolldown.OutputChunk): string[] {
  return [...(viteMetadata?.importedCss ?? [])];
}

function link(file: string, how: Readonly<Record<string, string>>): HtmlTagDescriptor {
  return { tag: "link", attrs: { ...how, crossorigin: true, href: `/${file}` }, injectTo: "head" };
}
