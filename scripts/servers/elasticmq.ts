import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findJava } from "./java.ts";
import { mavenFolder } from "./maven.ts";
import { freePort, launch } from "./server.ts";
import type { RunningServer } from "./server.ts";

const VERSION = "1.6.14";

/**
 * Starts ElasticMQ (SQS over the wire, in memory) on loopback. It enforces SQS's limits, for the size of a message the 256 KiB
 * that held until August 2025. Queues are made with `CreateQueue`.
 */
export async function startElasticMq(options: { port?: number } = {}): Promise<RunningServer> {
  const java = await findJava(17);
  const jars = await mavenFolder({
    name: `elasticmq-${VERSION}`,
    group: "org.elasticmq",
    artifact: "elasticmq-server_2.13",
    version: VERSION,
    type: "jar",
    checksums: await readFile(new URL("elasticmq.sha256", import.meta.url), "utf8"),
  });
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const folder = await mkdtemp(join(tmpdir(), "millrace-elasticmq-"));
  const config = join(folder, "elasticmq.conf");
  await writeFile(config, settings(port));
  return launch({
    name: "ElasticMQ",
    command: java.command,
    args: ["-Xmx256m", `-Dconfig.file=${config}`, "-cp", join(jars, "*"), "org.elasticmq.server.Main"],
    logFile: join(folder, "output.log"),
    temporaryFolder: folder,
    url,
    ready: async (signal) => (await fetch(`${url}/?Action=ListQueues`, { signal })).ok,
  });
}

function settings(port: number): string {
  return `include classpath("application.conf")
node-address { protocol = http, host = "127.0.0.1", port = ${port}, context-path = "" }
rest-sqs { enabled = true, bind-hostname = "127.0.0.1", bind-port = ${port}, sqs-limits = strict }
rest-stats { enabled = false }
`;
}
