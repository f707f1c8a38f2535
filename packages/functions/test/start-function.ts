import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect } from "vitest";
import { bundle, type Bundle } from "../../../scripts/bundles/bundle.ts";
import { problemsOf } from "../../../scripts/bundles/gate.ts";
import { startLambda, type Lambda, type LambdaOptions } from "../../../scripts/lambda/lambda.ts";
import type { FunctionName, SettingName, TestSetting } from "../src/settings.ts";

/** What Lambda and SST give to every function. */
const ANY_FUNCTION = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
  SST_RESOURCE_App: JSON.stringify({ name: "millrace", stage: "test" }),
};

let folder: Promise<string> | undefined;
const bundles = new Map<string, Promise<Bundle>>();

afterAll(async () => {
  if (folder) await rm(await folder, { recursive: true, force: true });
});

/** What a test may set: nothing that the table of settings does not name. SST's own variables bring secrets. */
export type FunctionEnvironment = Readonly<
  Partial<Record<SettingName | TestSetting, string>> & Record<`SST_${string}`, string>
>;

/**
 * Starts a function from its bundle, made once for each test file: small enough and free of what Lambda must not load. The
 * folder is outside of this repository, so that nothing is found by accident in its node_modules.
 */
export async function startFunction(
  name: FunctionName,
  env: FunctionEnvironment,
  special: Pick<LambdaOptions, "preload" | "timeoutMs"> = {},
): Promise<Lambda> {
  folder ??= mkdtemp(join(tmpdir(), "millrace-bundles-"));
  const made = bundles.get(name) ?? bundle({ name, file: `packages/functions/src/${name}.ts` }, await folder);
  bundles.set(name, made);
  const { file, bytes, ...contents } = await made;
  expect(problemsOf(bytes, contents), name).toEqual([]);
  return startLambda({ folder: dirname(file), env: { ...ANY_FUNCTION, ...env }, ...special });
}
