import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

test("on a machine that has nothing, everything missing is named at once, with its version", () => {
  const command = join(import.meta.dirname, "../../rehearse.ts");
  const { status, stdout } = spawnSync(process.execPath, [command], {
    env: { PATH: "/none", CHROMIUM_PATH: "/none" },
    encoding: "utf8",
  });
  for (const name of ["Go 1.24", "Python 3.11", "git", "Chromium"]) expect(stdout).toContain(name);
  expect(status).toBe(1);
});
