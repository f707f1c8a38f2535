import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { launch } from "./server.ts";
import type { RunningServer } from "./server.ts";

/** True when a Docker engine and its Compose plugin answer; the command alone, without an engine, is common. */
export async function dockerRuns(): Promise<boolean> {
  return (await answers(["info"])) && (await answers(["compose", "version"]));
}

function answers(args: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    execFile("docker", args, { timeout: 10_000 }, (error) => resolve(error === null));
  });
}

/** Starts the `opensearch` service of compose.yaml; stopping it stops the container and keeps the data. */
export function startOpenSearchContainer(options: {
  readonly port: number;
  readonly dataDir: string | undefined;
}): Promise<RunningServer> {
  const { port, dataDir } = options;
  if (dataDir !== undefined) mkdirSync(resolve(dataDir), { recursive: true });
  const url = `http://127.0.0.1:${port}`;
  const folder = mkdtempSync(join(tmpdir(), "millrace-docker-"));
  return launch({
    name: "OpenSearch (docker compose)",
    command: "docker",
    args: ["compose", "--file", "compose.yaml", "up", "--no-color", "opensearch"],
    env: { OPENSEARCH_PORT: String(port), ...(dataDir !== undefined && { OPENSEARCH_DATA: resolve(dataDir) }) },
    cwd: join(import.meta.dirname, "..", ".."),
    logFile: join(folder, "output.log"),
    temporaryFolder: folder,
    url,
    ready: async () => (await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=5s`)).ok,
  });
}
