import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { StageSettings } from "../stages.ts";
import type { Graph } from "./graph.ts";

const ROOT = join(import.meta.dirname, "../..");
const PLATFORM = join(ROOT, ".sst/platform");

/** The value of the secret here, so that a check can look for it where it must not be. */
export const WEBHOOK = "https://hooks.test/value-of-the-webhook";

interface EvaluateOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Other settings than the table has for this stage: switches that no stage here has on. */
  readonly settings?: Partial<StageSettings>;
}

/**
 * Everything that `sst deploy --stage …` or `sst dev --stage …` would create, found out without AWS. Takes a few seconds, the
 * first time a minute.
 */
export async function evaluate(
  stage: string,
  command: "deploy" | "dev" = "deploy",
  { env = {}, settings = {} }: EvaluateOptions = {},
): Promise<Graph> {
  await installPlatform();
  await using stack = new AsyncDisposableStack();
  const root = await placeholderSite();
  stack.defer(() => rm(root, { recursive: true, force: true }));
  const program = await bundle({ stage, command, settings, root });
  stack.defer(() => rm(program));
  return JSON.parse(
    await run(process.execPath, [program], { SST_SECRET_SlackWebhook: WEBHOOK, ...env }),
    unwrapSecret,
  ) as Graph;
}

const SECRET_MARK = "4dabf18193072939515e22adb298388d";

/** Pulumi wraps a secret's value in an object with a mark, for which every check would have to look. */
function unwrapSecret(_key: string, value: unknown): unknown {
  return typeof value === "object" && value !== null && SECRET_MARK in value && "value" in value ? value.value : value;
}

/** SST writes its components' source, their types and packages there. Not part of the repository: 320 MB. */
async function installPlatform(): Promise<void> {
  if (existsSync(join(PLATFORM, "node_modules/@types/archiver"))) return;
  await run(join(ROOT, "node_modules/.bin/sst"), ["install"], {
    SST_STAGE: "test",
    SST_TELEMETRY_DISABLED: "1",
    // Neither the Pulumi command, which only a deploy needs, nor another package manager.
    SST_SKIP_DEPENDENCY_CHECK: "1",
    SST_NO_BUN: "1",
  });
  // SST leaves out what only a type check needs; ours needs it too, since it reads the components' source.
  await run("npm", ["install", "--prefix", PLATFORM, "--include=dev", "--no-audit", "--no-fund"], {});
}

interface Bundled {
  readonly stage: string;
  readonly command: "deploy" | "dev";
  readonly settings: Partial<StageSettings>;
  /** What stands for the folder of the project, and what else is written for this one time. */
  readonly root: string;
}

async function bundle({ stage, command: name, settings, root }: Bundled): Promise<string> {
  const esbuild = (await import(pathToFileURL(join(PLATFORM, "node_modules/esbuild/lib/main.js")).href)) as {
    build(options: object): Promise<unknown>;
  };
  const production = stage === "production";
  const app = { name: "millrace", stage, removal: production ? "retain" : "remove", protect: production };
  const command = {
    command: name,
    dev: name === "dev",
    state: { version: {} },
    paths: {
      root,
      home: join(ROOT, ".sst/home"),
      work: join(ROOT, ".sst"),
      platform: PLATFORM,
    },
  };
  const outfile = join(PLATFORM, `evaluate-${stage}-${name}-${randomUUID()}.mjs`);
  await esbuild.build({
    stdin: {
      contents: await readFile(join(import.meta.dirname, "program.ts"), "utf8"),
      resolveDir: PLATFORM,
      loader: "ts",
    },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    logLevel: "error",
    alias: {
      SST_COMPONENTS: join(PLATFORM, "src/components/index.ts"),
      SST_RUN: join(PLATFORM, "src/auto/run.ts"),
      SST_CONFIG: join(ROOT, "sst.config.ts"),
    },
    define: {
      $app: JSON.stringify({ ...app, home: "aws", providers: {} }),
      $cli: JSON.stringify(command),
      $dev: String(name === "dev"),
    },
    inject: [join(PLATFORM, "src/shim/run.js")],
    plugins: [withSettings(settings)],
    banner: {
      js: [
        `import { createRequire as __createRequire } from "module"; const require = __createRequire(import.meta.url);`,
        `import { fileURLToPath as __toPath } from "url"; const __dirname = __toPath(new URL(".", import.meta.url));`,
      ].join("\n"),
    },
  });
  return outfile;
}

interface Resolved {
  readonly path: string;
  readonly importer: string;
}

/** The table of stages as it is, with some settings of whichever stage is asked for replaced. */
function withSettings(settings: Partial<StageSettings>): object {
  const table = join(ROOT, "stacks/stages.ts");
  const namespace = "stages-with-settings";
  return {
    name: namespace,
    setup(build: {
      onResolve(filter: { filter: RegExp }, resolve: (given: Resolved) => object | undefined): void;
      onLoad(filter: { filter: RegExp; namespace: string }, load: () => object): void;
    }) {
      build.onResolve({ filter: /\/stages\.ts$/ }, ({ importer }) =>
        importer === table ? undefined : importer.startsWith(namespace) ? { path: table } : { path: table, namespace },
      );
      build.onLoad({ filter: /.*/, namespace }, () => ({
        resolveDir: join(ROOT, "stacks"),
        loader: "ts",
        contents: [
          `import { DOMAIN_SIZES, settingsOf as asWritten } from ${JSON.stringify(table)};`,
          `export { DOMAIN_SIZES };`,
          `export const settingsOf = (stage) => ({ ...asWritten(stage), ...${JSON.stringify(settings)} });`,
        ].join("\n"),
      }));
    },
  };
}

/** The site's component uploads what the build wrote. Here three files stand for it, in a folder of their own. */
async function placeholderSite(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "millrace-site-"));
  const output = join(root, "web/dist");
  await mkdir(join(output, "assets"), { recursive: true });
  for (const file of [
    "index.html",
    "t.js",
    "t.mjs",
    "t.scroll.js",
    "t.scroll.1a2b3c4d.js",
    "t.1a2b3c4d.js",
    "assets/app-1a2b3c.js",
  ])
    await writeFile(join(output, file), "");
  return root;
}

function run(command: string, args: readonly string[], env: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let errors = "";
    child.stdout.on("data", (chunk) => (output += String(chunk)));
    child.stderr.on("data", (chunk) => (errors += String(chunk)));
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${command} ended with ${code}.\n${errors}`)),
    );
  });
}
