import { defineConfig } from "vitest/config";

// What `npm run mutate` runs against each mutant: the tests that need nothing but npm packages. The package is chosen by `dir`.
export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", "**/*.live.test.ts", "**/*.browser.test.ts"],
    testTimeout: 120_000,
    pool: "forks",
  },
});
