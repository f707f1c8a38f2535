import { build } from "esbuild";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { sstOptions } from "../../bundles/sst-options.ts";
import { PROVIDERS_KEY, type Call } from "../emulator/emulator.ts";
import { attentively, type Aws, type Context } from "../providers/kind.ts";
import { KINDS } from "../providers/kinds/all.ts";
import { callFindings, changes, functionFindings } from "./findings.ts";
import { planned } from "./steps.ts";

const ROOT = join(import.meta.dirname, "../../..");
const API = "aws:apigatewayv2/api:Api";

/** An account that remembers what it was asked, and answers as AWS does where the stand-ins look. */
function account(): { context: Context; calls: Call[] } {
  const calls: Call[] = [];
  const aws: Aws = async (service, action, input = {}) => {
    calls.push({
      at: 0,
      key: PROVIDERS_KEY,
      actor: "urn:pulumi:s::millrace::t::Api",
      service,
      action,
      input,
      status: 200,
    });
    return { ApiId: "a1", ApiEndpoint: "https://a1.test" };
  };
  return { context: { aws, tags: {}, region: "us-east-1", account: "123456789012" }, calls };
}

async function made(inputs: Record<string, string | object>): Promise<Call[]> {
  const kind = KINDS[API];
  if (!kind) throw new Error(`There is no ${API}.`);
  const { context, calls } = account();
  const plain = JSON.parse(JSON.stringify(inputs)) as Parameters<typeof attentively>[1];
  await attentively(kind, plain, (fields) => kind.create(fields, context));
  return calls;
}

test("an empty CORS block reaches AWS as an empty configuration, and that is found", async () => {
  expect(callFindings(await made({ name: "api", protocolType: "HTTP", corsConfiguration: {} }))).toEqual([
    expect.stringContaining("CreateApi gives the gateway a CORS configuration ({})"),
  ]);
  expect(callFindings(await made({ name: "api", protocolType: "HTTP" }))).toEqual([]);
});

test("a property that a stand-in overlooks is an error, at any depth", async () => {
  await expect(made({ name: "api", protocolType: "HTTP", disableExecuteApiEndpoint: "true" })).rejects.toThrow(
    "The stand-in knows no disableExecuteApiEndpoint",
  );
  const kind = { replacedBy: [], create: async () => ({ id: "" }), remove: async () => undefined };
  await expect(attentively(kind, { a: { b: [{ c: 1 }] } }, async ({ a }) => a)).rejects.toThrow("a.b.0.c");
});

/** The way SST bundles, with or without its `minify`. */
async function deployed(name: string, minify: boolean, environment: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), "millrace-zip-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "bundle.mjs");
  await build({ ...sstOptions(join(ROOT, `packages/functions/src/${name}.ts`), file), minify, absWorkingDir: ROOT });
  return { name: `millrace-test-${name}`, environment, folder, handler: "bundle.handler" };
}

const SLACK = {
  SST_RESOURCE_App: JSON.stringify({ name: "millrace", stage: "none" }),
  SST_RESOURCE_SlackWebhook: JSON.stringify({ value: "off" }),
};

test("a zip that was not minified is found, whatever its size", async () => {
  expect(await functionFindings([await deployed("alarm", true, SLACK)])).toEqual([]);
  expect(await functionFindings([await deployed("alarm", false, SLACK)])).toEqual([
    expect.stringContaining("is not minified"),
  ]);
});

test("a zip above the limit is found", async () => {
  const folder = await mkdtemp(join(tmpdir(), "millrace-zip-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(
    join(folder, "bundle.mjs"),
    `const t="${"x".repeat(1_500_000)}";export{t as handler};export const handler2=()=>t;`,
  );
  const [size] = await functionFindings([{ name: "f", environment: {}, folder, handler: "bundle.handler" }]);
  expect(size).toContain("at most 1500000");
});

test("a function that lacks a setting is found, by the setting's name", async () => {
  const [finding] = await functionFindings([await deployed("upkeep", true, SLACK)]);
  expect(finding).toMatch(/millrace-test-upkeep: does not start under its own settings: Error: .*[A-Z]+_[A-Z]+/);
});

test("a second deploy may build and upload the site, and nothing else", () => {
  const call = (action: string, actor: string): Call => ({
    at: 0,
    key: PROVIDERS_KEY,
    actor: `urn:pulumi:s::millrace::x::${actor}`,
    service: "lambda",
    action,
    input: {},
    status: 200,
  });
  expect(changes([call("GetFunction", "Upkeep"), call("PutObject", "WebAssetFiles")])).toEqual([]);
  expect(changes([call("UpdateFunctionConfiguration", "QueryFunction")])).toEqual([
    "UpdateFunctionConfiguration for QueryFunction",
  ]);
});

test("a diff may name parts of the site, and nothing else", () => {
  const site = "-  Web sst:aws:StaticSite → WebAssetFiles sst:aws:BucketFiles";
  const other = "*  Query sst:aws:Function → QueryFunction aws:lambda:Function";
  expect(planned(["~  Diff", "", site, "   * entries = 1", other].join("\n"))).toEqual([other]);
});
