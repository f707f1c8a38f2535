import { execFile, spawn } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDataFolder } from "./data-folder.ts";
import { requireFree, VERSION } from "./opensearch.ts";
import { launch } from "./server.ts";
import type { RunningServer } from "./server.ts";

const IMAGE = `opensearchproject/opensearch:${VERSION}`;
/** Whom the image runs as. */
const CONTAINER_USER = 1000;
const PROJECT_FOLDER = join(import.meta.dirname, "..", "..");

export interface ContainerOptions {
  readonly port: number;
  /** Default: the volume `opensearch-data`. */
  readonly dataDir: string | undefined;
  /** Ends a start that is under way. */
  readonly signal: AbortSignal;
}

/**
 * Why Docker cannot be used here, as the beginning of a sentence; undefined when its engine and its Compose plugin answer. The
 * command alone, without an engine, is common.
 */
export async function dockerProblem(): Promise<string | undefined> {
  const client = await docker(["--version"]);
  if (client === "missing") return "There is no Docker here";
  if ((await docker(["info"])) !== "ok") return "Docker is installed but its engine does not answer";
  if ((await docker(["compose", "version"])) !== "ok") return "Docker is installed without its Compose plugin";
  return undefined;
}

/**
 * Makes sure of the image, with the download shown and without a limit: it is a gigabyte, and some lines are slow.
 * @returns false when it cannot be had
 */
export async function pullImage(signal: AbortSignal): Promise<boolean> {
  if ((await docker(["image", "inspect", IMAGE])) === "ok") return true;
  const client = spawn("docker", ["pull", IMAGE], { stdio: ["ignore", "inherit", "inherit"], signal });
  return new Promise((resolve) => {
    client.once("error", () => resolve(false));
    client.once("exit", (code) => resolve(code === 0));
  });
}

/**
 * Starts the `opensearch` service of compose.yaml; stopping it stops the container and keeps the data. Compose is told to stop it
 * rather than the client that waits for it, which may be gone while the container goes on.
 * @throws when the container runs already, the folder or the port is taken, or the node does not start
 */
export async function startOpenSearchContainer({ port, dataDir, signal }: ContainerOptions): Promise<RunningServer> {
  const data = dataDir === undefined ? undefined : containerFolder(openDataFolder(dataDir).path);
  const env = { OPENSEARCH_PORT: String(port), ...(data !== undefined && { OPENSEARCH_DATA: data }) };
  await requireStopped();
  await requireFree(port);
  const url = `http://127.0.0.1:${port}`;
  const folder = mkdtempSync(join(tmpdir(), "millrace-docker-"));
  return launch({
    name: "OpenSearch (docker compose)",
    command: "docker",
    args: ["compose", "up", "--no-color", "opensearch"],
    env,
    cwd: PROJECT_FOLDER,
    logFile: join(folder, "output.log"),
    temporaryFolder: folder,
    url,
    ready: async (asked) =>
      (await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=5s`, { signal: asked })).ok,
    signal,
    endBy: async (how) => {
      await docker(["compose", how === "SIGTERM" ? "stop" : "kill", "opensearch"], { env, timeoutMs: 60_000 });
    },
  });
}

/** A client that was killed leaves its container behind, which holds the port. */
async function requireStopped(): Promise<void> {
  const running = await output(["compose", "ps", "--quiet", "--status", "running", "opensearch"]);
  if (running === "") return;
  throw new Error(
    `OpenSearch runs in container ${running.slice(0, 12)} already (started elsewhere, or left by a start that was killed). Use it, or stop it first: docker compose stop opensearch`,
  );
}

/**
 * A part of the data folder that the container's user may write to: what the engine would make for it, or the caller has made,
 * belongs to somebody else. Only root can give it away; otherwise it is opened to all, as a bind mount knows no other way.
 */
function containerFolder(dataFolder: string): string {
  const path = join(dataFolder, "docker");
  mkdirSync(path, { recursive: true });
  const caller = process.getuid?.();
  if (caller === 0) chownSync(path, CONTAINER_USER, CONTAINER_USER);
  else if (caller !== CONTAINER_USER) chmodSync(path, 0o777);
  return path;
}

type Outcome = "ok" | "failed" | "missing";

function docker(
  args: string[],
  { env = {}, timeoutMs = 10_000 }: { env?: NodeJS.ProcessEnv; timeoutMs?: number } = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { timeout: timeoutMs, cwd: PROJECT_FOLDER, env: { ...process.env, ...env } };
    execFile("docker", args, options, (error) =>
      resolve(error === null ? "ok" : error.code === "ENOENT" ? "missing" : "failed"),
    );
  });
}

/** What a command prints; nothing when it fails. */
function output(args: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile("docker", args, { timeout: 10_000, cwd: PROJECT_FOLDER }, (error, stdout) =>
      resolve(error === null ? stdout.trim() : ""),
    );
  });
}
