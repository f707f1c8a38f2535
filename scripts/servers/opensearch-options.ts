import { parseArgs } from "node:util";

export const OPENSEARCH_USAGE = `Usage: npm run opensearch -- [options]

Runs one OpenSearch node for development in the foreground until Ctrl-C: with Docker where its engine runs (compose.yaml),
else from Maven Central (needs mvn and Java 21 or newer).

  --port N    HTTP port on loopback (default 9200)
  --data DIR  where the data is kept (default: .millrace/opensearch; with Docker: the volume opensearch-data)
  --help      this text`;

/** What was asked for on the command line. */
export interface OpenSearchCommand {
  readonly help: boolean;
  readonly port: number;
  readonly data: string | undefined;
}

/** @throws with a sentence for the person who typed it. */
export function parseOpenSearchOptions(args: readonly string[]): OpenSearchCommand {
  const { values } = parseArgs({
    args: [...args],
    options: { port: { type: "string" }, data: { type: "string" }, help: { type: "boolean", short: "h" } },
  });
  const port = Number(values.port ?? 9200);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`--port must be a number from 1 to 65535, not "${values.port}".`);
  }
  if (values.data === "") throw new Error("--data needs the name of a folder.");
  return { help: values.help ?? false, port, data: values.data };
}
