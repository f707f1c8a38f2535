import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cached } from "./cached.ts";
import { succeed } from "./run.ts";

const COMMAND = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";

/**
 * Pulumi's command at the version that SST was built with, from its source on the Go module proxy: SST would download a binary
 * from its maker's own server instead. About four minutes of processor time, once.
 * @param root a tree with its packages installed
 * @returns the command's path
 */
export async function pulumi(root: string, say: (line: string) => void, signal?: AbortSignal): Promise<string> {
  const version = await versionInside(sstCommand(root));
  const folder = await cached(`pulumi-${version}`, async (partial) => {
    say(`building Pulumi ${version} from source (once, about four minutes of processor time)`);
    const go = (...args: string[]) => succeed("go", args, { cwd: partial, signal });
    await writeFile(join(partial, "go.mod"), "module rehearsal\n\ngo 1.24\n");
    await writeFile(join(partial, "tools.go"), `//go:build tools\n\npackage rehearsal\n\nimport _ "${COMMAND}"\n`);
    // Its two modules are released together, and each names some older release of the other.
    await go("get", `github.com/pulumi/pulumi/pkg/v3@v${version}`, `github.com/pulumi/pulumi/sdk/v3@v${version}`);
    await go("mod", "tidy");
    await go("build", "-o", "pulumi", COMMAND);
    for (const file of ["go.mod", "go.sum", "tools.go"]) await rm(join(partial, file));
  });
  return join(folder, "pulumi");
}

/** The command that npm installed for this machine. @throws Error when it is not there */
function sstCommand(root: string): string {
  const command = join(root, `node_modules/sst-${process.platform}-${process.arch}/bin/sst`);
  if (!existsSync(command)) throw new Error(`There is no ${command}: run \`npm ci\`.`);
  return command;
}

/** Which engine SST drives: read from its binary, so that an update of SST cannot leave this behind. */
async function versionInside(sst: string): Promise<string> {
  const modules = await succeed("go", ["version", "-m", sst]);
  const [, version] = /github\.com\/pulumi\/pulumi\/pkg\/v3\s+v(\S+)/.exec(modules) ?? [];
  if (version === undefined) throw new Error(`${sst} does not say which Pulumi is in it.`);
  return version;
}
