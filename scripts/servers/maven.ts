import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { stripVTControlCharacters } from "node:util";
import { cacheFolder } from "./cache.ts";

// Plain Maven, so that a machine's own settings (mirror, proxy, offline) hold. The plugin is pinned like all else.
const PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";

/** Something on Maven Central, unpacked once into the cache. */
export interface MavenPackage {
  /** Name of its folder in the cache; holds the version. */
  readonly name: string;
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
  /** `jar`: the artifact and all it depends on, side by side. `zip`: the artifact alone, unpacked. */
  readonly type: "jar" | "zip";
  /** One line per file, `<sha256>  <file name>`: exactly these files must arrive, with exactly this content. */
  readonly checksums: string;
}

/**
 * The folder with the files of `wanted`, downloaded and verified on first use. `signal` ends a download that is under way.
 * @throws when Maven is missing or fails, or when a file is missing, unknown or differs from its checksum.
 */
export async function mavenFolder(wanted: MavenPackage, signal?: AbortSignal): Promise<string> {
  const folder = join(cacheFolder(), wanted.name);
  if (existsSync(folder)) return folder;

  console.error(`Downloading ${wanted.artifact} ${wanted.version} with Maven into ${folder} (once) …`);
  // Filled beside its final place and renamed when complete, so that an interrupted download is never taken for a server.
  const partial = `${folder}.partial-${process.pid}`;
  const files = join(partial, "files");
  try {
    await mkdir(files, { recursive: true, mode: 0o755 });
    await writeFile(join(partial, "pom.xml"), pom(wanted));
    await maven(wanted, partial, ["copy-dependencies", "-DincludeScope=runtime", `-DoutputDirectory=${files}`], signal);
    await verifyChecksums(files, wanted.checksums);
    if (wanted.type === "zip") await unpack(wanted, partial, files);
    await publish(files, folder);
    return folder;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/**
 * Compares a folder with a list in the format of `sha256sum`.
 * @throws with every file that is missing, unknown or different.
 */
export async function verifyChecksums(folder: string, checksums: string): Promise<void> {
  const wanted = new Map<string, string>();
  for (const line of checksums.trim().split("\n")) {
    const [sum, name] = line.trim().split(/\s+/);
    if (sum !== undefined && name !== undefined) wanted.set(name, sum);
  }
  const problems: string[] = [];
  for (const name of await readdir(folder)) {
    const sum = wanted.get(name);
    wanted.delete(name);
    if (sum === undefined) problems.push(`${name}: not expected`);
    else if ((await sha256(join(folder, name))) !== sum) problems.push(`${name}: different content`);
  }
  for (const name of wanted.keys()) problems.push(`${name}: missing`);
  if (problems.length > 0) {
    throw new Error(`The download is not what this version pins:\n${problems.map((line) => `  ${line}`).join("\n")}`);
  }
}

async function unpack(wanted: MavenPackage, folder: string, files: string): Promise<void> {
  for (const name of await readdir(files)) await rm(join(files, name));
  const coordinates = `${wanted.group}:${wanted.artifact}:${wanted.version}:${wanted.type}`;
  await maven(wanted, folder, ["unpack", `-Dartifact=${coordinates}`, `-DoutputDirectory=${files}`]);
}

/** Another process may have been quicker; its folder is as good as ours. */
async function publish(files: string, folder: string): Promise<void> {
  try {
    await rename(files, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

function maven(
  wanted: MavenPackage,
  cwd: string,
  [goal, ...options]: [string, ...string[]],
  signal?: AbortSignal,
): Promise<void> {
  const args = ["--batch-mode", "--quiet", `${PLUGIN}:${goal}`, ...options];
  return new Promise((resolve, reject) => {
    execFile("mvn", args, { cwd, maxBuffer: 16_000_000, ...(signal && { signal }) }, (error, stdout, stderr) => {
      if (!error) return resolve();
      const missing = error.code === "ENOENT";
      const output = stripVTControlCharacters(stdout + stderr).trim();
      const reason = missing
        ? "Maven (mvn) is not installed. Install it (for example: apt install maven), or give the address of a running server."
        : `Maven failed:\n${output.slice(0, 4_000)}`;
      reject(new Error(`${wanted.artifact} ${wanted.version} could not be downloaded. ${reason}`, { cause: error }));
    });
  });
}

function pom({ group, artifact, version, type }: MavenPackage): string {
  return `<project><modelVersion>4.0.0</modelVersion>
  <groupId>millrace</groupId><artifactId>servers</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies><dependency>
    <groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version><type>${type}</type>
  </dependency></dependencies>
</project>
`;
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
