// `npm run opensearch`: an OpenSearch node for development, in the foreground until Ctrl-C.
import { join } from "node:path";
import { dockerProblem, pullImage, startOpenSearchContainer } from "./servers/docker.ts";
import { OPENSEARCH_USAGE, parseOpenSearchOptions } from "./servers/opensearch-options.ts";
import type { OpenSearchCommand } from "./servers/opensearch-options.ts";
import { startOpenSearch } from "./servers/opensearch.ts";
import type { RunningServer } from "./servers/server.ts";

const stop = new AbortController();
try {
  const command = parseOpenSearchOptions(process.argv.slice(2));
  if (command.help) console.log(OPENSEARCH_USAGE);
  else await serve(command);
} catch (error) {
  if (stop.signal.aborted) console.error("Stopped before OpenSearch was ready.");
  else console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

async function serve(command: OpenSearchCommand): Promise<void> {
  // Listened for from the start, so that Ctrl-C while the node is starting ends it as well. A terminal's Ctrl-C may come twice:
  // from it and from npm's wrapper.
  const stopAsked = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.on(signal, () => {
        stop.abort();
        resolve();
      });
    }
  });
  const server = await start(command, stop.signal);
  console.log(`OpenSearch is ready at ${server.url} (process ${server.pid}). Ctrl-C stops it.`);
  console.log(`Use it: OPENSEARCH_URL=${server.url} npm start`);
  const ended = await Promise.race([stopAsked, server.exited.then(() => "by itself" as const)]);
  const lastLines = ended === "by itself" ? server.lastLines() : "";
  await server.stop();
  if (ended === "by itself") throw new Error(`OpenSearch ended by itself. The end of its log:\n${lastLines}`);
  console.log("OpenSearch has stopped.");
}

async function start({ port, data }: OpenSearchCommand, signal: AbortSignal): Promise<RunningServer> {
  const problem = (await dockerProblem()) ?? ((await pullImage(signal)) ? undefined : "Docker cannot get the image");
  if (problem === undefined) {
    console.log("Starting OpenSearch with Docker …");
    return startOpenSearchContainer({ port, dataDir: data, signal });
  }
  signal.throwIfAborted();
  console.log(`${problem}: starting OpenSearch from Maven Central, about 20 s …`);
  return startOpenSearch({ port, dataDir: data ?? join(import.meta.dirname, "..", ".millrace", "opensearch"), signal });
}
