import { defineConfig } from "vitest/config";

// Three kinds of test, told apart by name: `x.test.ts` needs nothing but npm packages; `x.live.test.ts` needs a real server
// (started and shared by scripts/test.ts); `x.browser.test.ts` drives a real Chromium.
export default defineConfig({
  test: {
    include: ["{packages/*,web,stacks,scripts,bench}/**/*.test.{ts,tsx}"],
    exclude: ["**/node_modules/**", "**/dist/**", "**/.sst/**"],
    // Long: a busy machine takes its time, and what is broken says so sooner or later.
    testTimeout: 180_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
    tags: [{ name: "deployed", description: "Holds in front of a deployed stage, too (docs/dashboard.md)." }],
    pool: "forks",
    maxWorkers: 2,
    // No test can reach anything but this machine, whatever the environment says.
    env: {
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_EC2_METADATA_DISABLED: "true",
    },
  },
});
