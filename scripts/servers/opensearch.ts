import { copyFile, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDataFolder } from "./data-folder.ts";
import { lockDataFolder, type FolderLock } from "./folder-lock.ts";
import { findJava } from "./java.ts";
import { mavenFolder } from "./maven.ts";
import type { MavenPackage } from "./maven.ts";
import { letOthersThrough, ownFolders, requireReachable, unprivilegedUser } from "./run-as.ts";
import { freePort, launch, portIsFree } from "./server.ts";
import type { RunningServer } from "./server.ts";

/** The release line that `stacks/` deploys; from 3.5 on this package holds all core modules. */
export const VERSION = "3.7.0";

const PACKAGE: MavenPackage = {
  name: `opensearch-${VERSION}`,
  group: "org.opensearch.distribution.integ-test-zip",
  artifact: "opensearch",
  version: VERSION,
  type: "zip",
  checksums: `c5c8eb3828a2aead77e9d3bb9d280f54c4de190b0b67f0e412c38663627f1b06  opensearch-${VERSION}.zip`,
};

export interface OpenSearchOptions {
  /** HTTP port on loopback. Default: a free one. */
  readonly port?: number;
  /** Keeps data, logs and configuration; created when missing. Default: a temporary folder that `stop` removes. */
  readonly dataDir?: string;
  /** Java heap, such as `1g`. Default `1g`: enough for tests; a benchmark of ten million events wants `4g`. */
  readonly heap?: string;
  /** More lines for `opensearch.yml`. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  /** Ends a start that is under way. */
  readonly signal?: AbortSignal;
}

/**
 * Starts one OpenSearch node on loopback, from Maven Central. Takes about 20 s on two cores.
 * @throws when Java 21 or Maven is missing, the folder or the port is taken, or the node does not start.
 */
export async function startOpenSearch(options: OpenSearchOptions = {}): Promise<RunningServer> {
  const { path: folder, isNew } = openDataFolder(
    options.dataDir ?? (await mkdtemp(join(tmpdir(), "millrace-opensearch-"))),
  );
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const lock = lockDataFolder(folder, url);
  try {
    await requireFree(port);
    return await startNode(options, { folder, isNew, port, url, lock });
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** @throws when something listens on the port */
export async function requireFree(port: number): Promise<void> {
  if (await portIsFree(port)) return;
  throw new Error(`Port ${port} is in use. Is OpenSearch running already? Choose another one with --port.`);
}

interface Place {
  readonly folder: string;
  readonly isNew: boolean;
  readonly port: number;
  readonly url: string;
  readonly lock: FolderLock;
}

async function startNode(options: OpenSearchOptions, place: Place): Promise<RunningServer> {
  const { folder, port, url, lock } = place;
  const user = unprivilegedUser();
  if (user) {
    if (place.isNew) letOthersThrough(folder);
    requireReachable(folder);
  }
  const java = await findJava(21);
  const home = join(await mavenFolder(PACKAGE, options.signal), PACKAGE.name);
  const config = join(folder, "config");
  const own = () => ownFolders(folder, ["config", "data", "logs", "tmp"], user);
  own();
  // `opensearch` reads everything beside its own configuration, so one unpacked server serves several runs.
  await copyFile(join(home, "config", "log4j2.properties"), join(config, "log4j2.properties"));
  await writeFile(join(config, "jvm.options"), jvmOptions(await readFile(join(home, "config", "jvm.options"), "utf8")));
  await writeFile(join(config, "opensearch.yml"), await settings(folder, port, options.settings));
  own();

  const heap = options.heap ?? "1g";
  return launch({
    name: "OpenSearch",
    command: join(home, "bin", "opensearch"),
    args: [],
    env: {
      OPENSEARCH_JAVA_HOME: java.home,
      OPENSEARCH_PATH_CONF: config,
      OPENSEARCH_JAVA_OPTS: `-Xms${heap} -Xmx${heap}`,
      OPENSEARCH_TMPDIR: join(folder, "tmp"),
    },
    cwd: folder,
    user,
    logFile: join(folder, "logs", "output.log"),
    temporaryFolder: options.dataDir === undefined ? folder : undefined,
    url,
    ready: async (signal) => (await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=5s`, { signal })).ok,
    onSpawn: (pid) => lock.handTo(pid),
    onExit: () => lock.release(),
    signal: options.signal,
  });
}

async function settings(folder: string, port: number, extra: OpenSearchOptions["settings"] = {}): Promise<string> {
  const lines = {
    "cluster.name": "millrace",
    "network.host": "127.0.0.1",
    "http.port": port,
    "transport.port": await freePort(),
    "discovery.type": "single-node",
    "path.data": join(folder, "data"),
    "path.logs": join(folder, "logs"),
    // A developer's disk is often nearly full, which would make every index read-only.
    "cluster.routing.allocation.disk.threshold_enabled": false,
    ...extra,
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    .join("");
}

/** The server's own JVM options without those that write into its folder, which an unprivileged user may only read. */
function jvmOptions(text: string): string {
  return text
    .split("\n")
    .filter((line) => !/=logs\/|HeapDump/.test(line))
    .join("\n");
}
