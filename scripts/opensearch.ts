// `npm run opensearch`: an OpenSearch node for development, in the foreground until Ctrl-C.
import { join } from "node:path";
import { dockerRuns, startOpenSearchContainer } from "./servers/docker.ts";
import { OPENSEARCH_USAGE, parseOpenSearchOptions } from "./servers/opensearch-options.ts";
import type { OpenSearchCommand } from "./servers/opensearch-options.ts";
import { startOpenSearch } from "./servers/opensearch.ts";
import { portIsFree } from "./servers/server.ts";
import type { RunningServer } from "./servers/server.ts";

try {
  const command = parseOpenSearchOptions(process.argv.slice(2));
  if (command.help) console.log(OPENSEARCH_USAGE);
  else await serve(command);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

async function serve(command: OpenSearchCommand): Promise<void> {
  if (!(await portIsFree(command.port))) {
    throw new Error(`Port ${command.port} is in use. Is OpenSearch running already? Choose another one with --port.`);
  }
  // Listened for from the start, so that Ctrl-C while the node is starting ends it as well.
  const stopAsked = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => resolve());
  });
  const starting = start(command);
  const server = await Promise.race([starting, stopAsked]);
  if (!server) process.exit(1);

  console.log(`OpenSearch is ready at ${server.url} (process ${server.pid}). Ctrl-C stops it.`);
  console.log(`Use it: OPENSEARCH_URL=${server.url} npm start`);
  const ended = await Promise.race([stopAsked, server.exited.then(() => "by itself" as const)]);
  await server.stop();
  if (ended === "by itself") throw new Error("OpenSearch ended by itself; its log tells why.");
  console.log("OpenSearch has stopped.");
}

async function start({ port, data }: OpenSearchCommand): Promise<RunningServer> {
  if (await dockerRuns()) {
    console.log("Starting OpenSearch with Docker …");
    return startOpenSearchContainer({ port, dataDir: data });
  }
  console.log("No Docker engine here: starting OpenSearch from Maven Central, about 20 s …");
  return startOpenSearch({ port, dataDir: data ?? join(import.meta.dirname, "..", ".millrace", "opensearch") });
}
