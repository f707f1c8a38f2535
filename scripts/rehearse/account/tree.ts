import { existsSync } from "node:fs";
import { cp, mkdir, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { cached } from "../tools/cached.ts";
import { run, succeed } from "../tools/run.ts";

/** A copy of this project that can be deployed: with its packages, and with SST's components. */
export interface Tree {
  readonly folder: string;
  /** For the report: `this tree`, or a commit. */
  readonly name: string;
}

/** SST's own packages: components, their types, Pulumi's Node packages. */
export const platformOf = (tree: Tree) => join(tree.folder, ".sst/platform");

/**
 * This tree as it stands, changes that are not committed included, in a folder of its own: a rehearsal writes where a deploy
 * writes, and somebody may be working here. Packages are linked, not copied.
 */
export async function copyOf(root: string, folder: string, signal?: AbortSignal): Promise<Tree> {
  await installPlatform(root, signal);
  const listed = await succeed("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root });
  for (const file of listed.split("\0").filter((name) => name !== "" && existsSync(join(root, name)))) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(root, file), join(folder, file));
  }
  await linkPackages(root, folder, signal);
  await mkdir(join(folder, ".sst"));
  await link(join(root, ".sst/platform"), join(folder, ".sst"), signal);
  return { folder, name: "this tree" };
}

/**
 * A commit of this repository with the packages of its own lock file, linked from the cache.
 * @throws Error when the commit is not here
 */
export async function release(
  root: string,
  commit: string,
  folder: string,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<Tree> {
  const { status } = await run("git", ["cat-file", "-e", `${commit}^{commit}`], { cwd: root });
  if (status !== 0)
    throw new Error(
      `This clone has no ${commit}, the commit of the last release. Fetch the whole history (git fetch --unshallow).`,
    );
  const whole = await cached(`release-${commit}`, async (partial) => {
    say(`installing the packages of the last release (once)`);
    const archive = join(partial, "release.tar");
    await succeed("git", ["archive", "--output", archive, commit], { cwd: root });
    await succeed("tar", ["-xf", archive, "-C", partial]);
    await succeed("rm", [archive]);
    await succeed("npm", ["ci", "--prefer-offline", "--no-audit", "--no-fund"], { cwd: partial, signal });
    await installPlatform(partial, signal);
  });
  await link(whole, folder, signal);
  return { folder: join(folder, basename(whole)), name: commit.slice(0, 7) };
}

/** @throws Error with what SST said */
async function installPlatform(root: string, signal?: AbortSignal): Promise<void> {
  if (existsSync(join(root, ".sst/platform/node_modules/@pulumi/pulumi"))) return;
  const env = {
    ...process.env,
    SST_STAGE: "rehearsal",
    SST_TELEMETRY_DISABLED: "1",
    // Neither the Pulumi command, which is built here, nor another package manager.
    SST_SKIP_DEPENDENCY_CHECK: "1",
    SST_NO_BUN: "1",
  };
  await succeed(join(root, "node_modules/.bin/sst"), ["install"], { cwd: root, env, signal });
}

/** `node_modules` of the root and of each workspace, as hard links where that is possible. */
async function linkPackages(root: string, folder: string, signal?: AbortSignal): Promise<void> {
  const workspaces = (await readdir(join(root, "packages"))).map((name) => join("packages", name));
  for (const inside of [".", "web", ...workspaces]) {
    const from = join(root, inside, "node_modules");
    if (!existsSync(from) || !existsSync(join(folder, inside))) continue;
    await link(from, join(folder, inside), signal);
  }
}

/** A folder of tens of thousands of files, into another one. */
async function link(from: string, into: string, signal?: AbortSignal): Promise<void> {
  const linked = await run("cp", ["-al", from, into], { signal });
  // Links do not reach another file system.
  if (linked.status !== 0) await succeed("cp", ["-a", from, into], { signal });
}
