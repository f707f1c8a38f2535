import { defineConfig } from "vite";
import { catalogues } from "./catalogues.ts";
import { PREACT } from "./preact.ts";
import { scales } from "./scales.ts";
import { world } from "./world.ts";

/**
 * What other companies' pages load: the page of an embed, which the API answers (packages/query/src/embeds/page.ts), and the element that
 * holds it. Apart from the dashboard's build, because both have names without a hash: one stands in a function that does not know what the
 * site was built to, the other in pages that we never see. The chunks behind them are pinned as ever.
 */
export default defineConfig({
  plugins: [catalogues, world(), scales],
  resolve: { alias: PREACT },
  // Lies beside the dashboard, which was built first.
  publicDir: false,
  build: {
    outDir: "dist",
    emptyOutDir: false,
    target: "es2022",
    // One file, whatever chunk it belongs to: the page names it before any code runs.
    cssCodeSplit: false,
    chunkSizeWarningLimit: 400,
    rolldownOptions: {
      input: { embed: "src/embed/main.ts", "millrace-embed": "src/embed/element.ts" },
      output: {
        entryFileNames: "assets/[name].js",
        chunkFileNames: "assets/embed-[name]-[hash].js",
        assetFileNames: ({ names }) =>
          names.some((name) => name.endsWith(".css")) ? "assets/embed.css" : "assets/embed-[name]-[hash][extname]",
      },
    },
  },
});
