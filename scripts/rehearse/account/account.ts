import { constants, existsSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startEmulator, type Call, type Emulator } from "../emulator/emulator.ts";
import { run, type Ended } from "../tools/run.ts";
import { platformOf, type Tree } from "./tree.ts";
import type { Tools } from "../tools/tools.ts";

const PLUGINS = join(import.meta.dirname, "../providers");
const ACCOUNT_ID = "123456789012";
/** Providers that are plugins of Pulumi, as SST's platform pins them. */
const PROVIDERS = ["aws", "random", "command"] as const;

/** What one command did. */
export interface Done extends Ended {
  /** Every call that AWS saw meanwhile. */
  readonly calls: readonly Call[];
}

/**
 * An AWS account, and a person with the `sst` command in front of it. Everything is inside `folder` and on loopback; the account is
 * empty at first and gone after `close`.
 *
 * The run of the deployed zips (scripts/rehearse/run) starts here: open an account, `sst` a deploy, read what came out of it from
 * `emulator` (functions, environments, roles, zips: run/deployed/deployment.ts), and keep the account open meanwhile.
 */
export interface Account {
  readonly emulator: Emulator;
  readonly folder: string;
  /** Runs the `sst` command in a tree; an exit code of any kind is an answer. */
  sst(tree: Tree, args: readonly string[], options?: SstOptions): Promise<Done>;
  close(): Promise<void>;
}

interface SstOptions {
  /** Name of the log in the account's folder. */
  readonly log?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the command early, as `sst dev` never ends by itself; no error then. */
  readonly until?: AbortSignal;
}

export async function openAccount(tools: Tools, folder: string, signal?: AbortSignal): Promise<Account> {
  await mkdir(folder, { recursive: true });
  const emulator = await startEmulator(tools.python, folder, signal);
  const hosts = join(folder, "hosts");
  // CloudFront's key-value stores are asked by a name that begins with the account's number.
  await writeFile(hosts, `${await readFile("/etc/hosts", "utf8")}\n127.0.0.1 localhost ${ACCOUNT_ID}.localhost\n`);
  return {
    emulator,
    folder,
    sst: async (tree, args, { log = "sst.log", env = {}, until } = {}) => {
      const before = (await emulator.calls()).length;
      const config = await configFolder(tools, tree, folder);
      const stop = until && signal ? AbortSignal.any([until, signal]) : (until ?? signal);
      const [command = "", ...unshare] = tools.unshare;
      // With process ids of its own, so that nothing which SST starts (servers, panes) can outlive it.
      const apart = [...unshare, "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
      const inside = ["sh", "-c", `mount --bind "${hosts}" /etc/hosts && exec "$@"`, "sst"];
      const ended = run(command, [...apart, ...inside, join(tree.folder, "node_modules/.bin/sst"), ...args], {
        cwd: tree.folder,
        env: { ...environment(tools, emulator, folder, config), ...env },
        log: join(folder, log),
        signal: stop,
      });
      const result = await ended.catch((error: unknown) => {
        if (until?.aborted !== true || signal?.aborted === true) throw error;
        return { status: 0, output: "" };
      });
      return { ...result, calls: (await emulator.calls()).slice(before) };
    },
    close: () => emulator.stop(),
  };
}

/** Everything the command may know: no credentials of the person, no address that leads out. */
function environment(tools: Tools, emulator: Emulator, folder: string, config: string): Record<string, string> {
  return {
    PATH: `${tools.nodeFolder}:${process.env["PATH"] ?? ""}`,
    HOME: folder,
    LANG: "C.UTF-8",
    NO_COLOR: "1",
    XDG_CONFIG_HOME: config,
    SST_PULUMI_PATH: join(config, "sst/bin/pulumi"),
    SST_SKIP_DEPENDENCY_CHECK: "1",
    SST_NO_BUN: "1",
    SST_TELEMETRY_DISABLED: "1",
    SST_BUILD_CONCURRENCY_FUNCTION: "2",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    AWS_ACCESS_KEY_ID: "AKIAREHEARSALDEPLOYER",
    AWS_SECRET_ACCESS_KEY: "rehearsal",
    AWS_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ENDPOINT_URL: emulator.url,
    AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE: `http://localhost:${emulator.port}`,
    REHEARSAL_EMULATOR: emulator.url,
  };
}

/** Where SST looks for Pulumi's plugins: the language host and the providers, each a line that starts a stand-in. */
async function configFolder(tools: Tools, tree: Tree, folder: string): Promise<string> {
  const config = join(folder, `config-${tree.name.replaceAll(" ", "-")}`);
  const platform = platformOf(tree);
  const script = async (file: string, ...command: string[]) => {
    const text = `#!/bin/sh\nexec ${command.map((part) => `'${part}'`).join(" ")} "$@"\n`;
    await writeFile(file, text, { mode: 0o755 });
  };
  const node = [tools.node, "--disable-warning=ExperimentalWarning"];
  const bin = join(config, "sst/bin");
  await mkdir(bin, { recursive: true });
  // Pulumi looks for the language host beside its own file, so it must be a file there.
  if (!existsSync(join(bin, "pulumi"))) await copyFile(tools.pulumi, join(bin, "pulumi"), constants.COPYFILE_FICLONE);
  await script(join(bin, "pulumi-language-nodejs"), ...node, join(PLUGINS, "language.ts"), platform);
  const dynamic = join(platform, "node_modules/@pulumi/pulumi/cmd/dynamic-provider/index.js");
  await script(join(bin, "pulumi-resource-pulumi-nodejs"), tools.node, dynamic);
  for (const name of PROVIDERS) {
    const file = join(platform, "node_modules/@pulumi", name, "package.json");
    const { version } = JSON.parse(await readFile(file, "utf8")) as { version: string };
    const plugin = join(config, `sst/plugins/resource-${name}-v${version}`);
    await mkdir(plugin, { recursive: true });
    await script(join(plugin, `pulumi-resource-${name}`), ...node, join(PLUGINS, "plugin.ts"), platform, version);
  }
  return config;
}
