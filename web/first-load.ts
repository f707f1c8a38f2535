import type { HtmlTagDescriptor, Plugin } from "vite";

/**
 * The application is imported when the language is there (src/main.ts). So that this costs no round trip the page names it beside its first
 * script; all that it needs at once is one chunk, and what that script needs is another, or it would wait for the application.
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
                test: /\/src\/language\/(start|spoken|languages|catalogue)\.ts$|vite\/preload-helper/,
                priority: 1,
              },
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
    handler: (html, { bundle = {} }) =>
      Object.values(bundle).flatMap((file) => {
        if (file.type !== "chunk" || file.name !== APPLICATION) return [];
        const styles = [...(file.viteMetadata?.importedCss ?? [])];
        const scripts = [...file.imports, file.fileName].filter((name) => !html.includes(name));
        return [
          ...styles.map((name) => link("stylesheet", name)),
          ...scripts.map((name) => link("modulepreload", name)),
        ];
      }),
  },
};

const APPLICATION = "app";

function link(rel: string, file: string): HtmlTagDescriptor {
  return { tag: "link", attrs: { rel, crossorigin: true, href: `/${file}` }, injectTo: "head" };
}
