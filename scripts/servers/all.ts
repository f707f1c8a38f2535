import { startDynamoDb } from "./dynamodb.ts";
import { startElasticMq } from "./elasticmq.ts";
import { startOpenSearch } from "./opensearch.ts";
import type { RunningServer } from "./server.ts";

/** Many suites share the node, each with its own months and groups of indexes; at 1g its breakers turn large questions away. */
const SHARED_HEAP = "3g";

/** The servers a live test may need, by the variable that tells its address. */
const SERVERS = {
  opensearch: { variable: "OPENSEARCH_URL", start: () => startOpenSearch({ heap: SHARED_HEAP }) },
  sqs: { variable: "SQS_ENDPOINT_URL", start: () => startElasticMq() },
  dynamodb: { variable: "DYNAMODB_URL", start: () => startDynamoDb() },
} satisfies Record<string, { variable: string; start(): Promise<RunningServer> }>;

export type ServerName = keyof typeof SERVERS;

/** Servers for one test run, and what to put into the environment of the tests. */
export interface RunningServers {
  readonly env: Record<string, string>;
  stop(): Promise<void>;
}

/**
 * Starts the named servers (default: all) side by side. One whose address is in the environment already is used as it is, and
 * not stopped.
 * @throws the first failure, after stopping those that did start.
 */
export async function startAll({ only }: { only?: readonly ServerName[] } = {}): Promise<RunningServers> {
  const env: Record<string, string> = {};
  const running: RunningServer[] = [];
  const stop = async () => {
    await Promise.all(running.map((server) => server.stop()));
  };
  const names = only ?? (Object.keys(SERVERS) as ServerName[]);
  const results = await Promise.allSettled(
    names.map(async (name) => {
      const { variable, start } = SERVERS[name];
      const given = process.env[variable];
      if (given) {
        env[variable] = given;
        return;
      }
      const server = await start();
      running.push(server);
      env[variable] = server.url;
    }),
  );
  const failed = results.find((result) => result.status === "rejected");
  if (!failed) {
    // Without a handler a signal ends this process and leaves the servers running.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
      process.once(signal, () => void stop().then(() => process.exit(1)));
    return { env, stop };
  }
  await stop();
  throw failed.reason;
}
