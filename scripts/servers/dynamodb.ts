import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findJava } from "./java.ts";
import { mavenFolder } from "./maven.ts";
import { freePort, launch } from "./server.ts";
import type { RunningServer } from "./server.ts";

const VERSION = "3.1.0";

/**
 * Starts AWS's DynamoDB Local in memory. It listens on every interface (it has no option against that), so it is for test
 * runs only.
 */
export async function startDynamoDb(options: { port?: number } = {}): Promise<RunningServer> {
  const java = await findJava(17);
  const jars = await mavenFolder({
    name: `dynamodb-local-${VERSION}`,
    group: "software.amazon.dynamodb",
    artifact: "DynamoDBLocal",
    version: VERSION,
    type: "jar",
    checksums: await readFile(new URL("dynamodb.sha256", import.meta.url), "utf8"),
  });
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const folder = await mkdtemp(join(tmpdir(), "millrace-dynamodb-"));
  const main = "software.amazon.dynamodb.services.local.main.ServerRunner";
  return launch({
    name: "DynamoDB Local",
    command: java.command,
    args: [
      "-Xmx256m",
      `-Djava.library.path=${jars}`,
      "-cp",
      join(jars, "*"),
      main,
      "-inMemory",
      "-port",
      String(port),
      "-disableTelemetry",
    ],
    cwd: folder,
    logFile: join(folder, "output.log"),
    temporaryFolder: folder,
    url,
    // Any answer will do: an unsigned request is refused with 400.
    ready: async (signal) => (await fetch(url, { signal })).status < 500,
  });
}
