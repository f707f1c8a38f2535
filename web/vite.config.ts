import { defineConfig } from "vite";
import { catalogues } from "./catalogues.ts";
import { firstLoad } from "./first-load.ts";
import { marks } from "./marks.ts";
import { PREACT } from "./preact.ts";
import { scales } from "./scales.ts";
import { world } from "./world.ts";

/** Where `npm start` listens; the development server hands every call of the API on to it. */
const API = process.env["MILLRACE_URL"] ?? "http://127.0.0.1:3000";

export default defineConfig({
  plugins: [catalogues, firstLoad, world(), marks, scales],
  resolve: { alias: PREACT },
  server: {
    // The console routes answer only their own origin, so the proxy has to look like it.
    proxy: Object.fromEntries(
      ["/3.0", "/v1", "/console", "/openapi.json", "/t.js"].map((path) => [path, { target: API, changeOrigin: true }]),
    ),
  },
  build: {
    outDir: "dist",
    target: "es2022",
    // Nearly all browsers of that age know it, and the others ask a little later.
    modulePreload: { polyfill: false },
    // The charts are most of the code and none of the first paint; they come as a chunk of their own (see charts/lazy.ts).
    chunkSizeWarningLimit: 400,
  },
});
