// Stands for `pulumi-language-nodejs`, which starts the program that describes the infrastructure. What it starts is Pulumi's own
// runner from SST's platform.
//   node language.ts PLATFORM ENGINE_ADDRESS
import { spawn } from "node:child_process";
import { dirname, isAbsolute, join } from "node:path";
import { empty, message, protocol, read, serve, type Message } from "./grpc.ts";

const [platform = "", engine = ""] = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
const { messages, services } = protocol(platform, "language");
const plugin = protocol(platform, "plugin").messages;

/** What the runner ends with when it has already told the engine what is wrong. */
const ALREADY_TOLD = 32;

serve(platform, services["LanguageRuntimeService"] ?? {}, {
  getRequiredPackages: () => message(messages, "GetRequiredPackagesResponse"),
  getRequiredPlugins: () => message(messages, "GetRequiredPluginsResponse"),
  getPluginInfo: () => message(plugin, "PluginInfo", { version: "1.0.0" }),
  runtimeOptionsPrompts: () => message(messages, "RuntimeOptionsResponse"),
  about: () => message(messages, "AboutResponse", { executable: process.execPath, version: process.version }),
  cancel: () => empty(platform),
  run: async (request) => {
    const status = await run(request);
    if (status === 0) return message(messages, "RunResponse");
    if (status === ALREADY_TOLD) return message(messages, "RunResponse", { bail: true });
    return message(messages, "RunResponse", { error: `The program ended with ${status}.` });
  },
});

function run(request: Message): Promise<number> {
  const text = (field: string) => String(read(request, field));
  const info = read(request, "info") as Message;
  const program = String(read(info, "programDirectory"));
  const entry = String(read(info, "entryPoint"));
  const runner = join(platform, "node_modules/@pulumi/pulumi/cmd/run/index.js");
  const settings = (read(request, "configMap") as { toArray(): [string, string][] }).toArray();
  const config = settings.map(([name, value]) => [name.replace(":", ":config:"), value]);
  const args = [
    `--monitor=${text("monitorAddress")}`,
    `--engine=${engine}`,
    `--organization=${text("organization")}`,
    `--project=${text("project")}`,
    `--stack=${text("stack")}`,
    `--parallel=${text("parallel")}`,
    `--root-directory=${String(read(info, "rootDirectory"))}`,
    `--pwd=${program}`,
    ...(read(request, "dryrun") === true ? ["--dry-run"] : []),
    isAbsolute(entry) ? entry : join(program, entry),
  ];
  const child = spawn(process.execPath, [runner, ...args], {
    cwd: isAbsolute(entry) ? dirname(entry) : program,
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(config)),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(read(request, "configsecretkeysList")),
    },
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
