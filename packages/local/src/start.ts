// `npm start`: the whole product on one port of this machine.
import { basename } from "node:path";
import { buildAssets } from "./assets.ts";
import { readConfig } from "./config.ts";
import { scriptTag, type Demo } from "./demo.ts";
import { plainCommand } from "./plain-command.ts";
import { createLocalServer, type LocalServer } from "./server.ts";

const HELP = `npm start          the whole pipeline on one port of this machine

  PORT               port, default 3000
  HOST               address to listen on, default 127.0.0.1 (this machine only)
  MILLRACE_DATA      folder of the data, default .millrace
  OPENSEARCH_URL     keep the events in this OpenSearch instead of the embedded DuckDB
  OPENSEARCH_PREFIX  begins the names of its indexes, so that installations can share it, default millrace
  SQS_QUEUE_URL      queue in this SQS queue instead of the embedded one
  GEO_DB             a MaxMind-format file for countries and cities, default one of countries; "none" for no file
  PUBLIC_URL         what people open, when a proxy of yours leads here, such as https://stats.example.com
  OPENID_ISSUER      people may sign in by this provider of OpenID Connect; also OPENID_CLIENT_ID, OPENID_CLIENT_SECRET,
                     and OPENID_NAME for the button. Its redirect address: PUBLIC_URL/console/openid/callback
  ALERTS             who is told when something is wrong: Slack webhooks and addresses by comma (docs/operations.md)
  SMTP_URL           where reports are handed in as mail, such as smtps://user:password@smtp.example.com:465; with
  MAIL_FROM          who they are from, such as Millrace <reports@example.com>
  TRUST_PROXY=1      take the visitor's address from X-Forwarded-For: only behind a proxy of your own`;

/** Signals this close together are one wish of one person. */
const SAME_SIGNAL_MS = 500;

function welcome(server: LocalServer): string {
  const { demo, parts } = server;
  return `
Millrace is ready. Store: ${parts.store}. Queue: ${parts.queue}. ${places(parts.geo)}

  Dashboard    ${server.link()}
               works once, for one browser; npm run link prints another
  Project      ${demo.project}
  Write key    ${demo.writeKey}
  Read key     ${demo.readKey}
  Master key   in demo.json in the data folder

Put this into a page:

  ${scriptTag(demo)}

${demo.url}/demo is a site that has it already, with a button that plays a day of visitors.

Or record an event from a terminal:

  ${curlFor(demo)}

Ctrl-C stops it; nothing that was accepted is lost.`;
}

/** Said at the start, since nothing else says why a map stays empty. */
function places(geo: string | undefined): string {
  return geo === undefined
    ? "No geo file: countries are told by time zones, and keen:ip_to_geo writes nothing."
    : `Places: ${basename(geo)}.`;
}

function curlFor({ url, project, writeKey }: Demo): string {
  return `curl ${url}/3.0/projects/${project}/events/signups -H 'Authorization: ${writeKey}' -d '{"plan":"pro","seats":5}'`;
}

async function main(): Promise<void> {
  plainCommand(HELP);
  const config = readConfig(process.env);
  const assets = await buildAssets((line) => console.log(line));
  const server = await createLocalServer(config, {
    assets,
    onError: ({ function: name, error }) =>
      console.error(
        [`${name} failed: ${error?.name}: ${error?.message}`, ...(error?.causes ?? [])].join("\n  because "),
      ),
    onFault: (error) => console.error(error instanceof Error ? error.message : error),
  });

  let stoppingSince: number | undefined;
  const stop = () => {
    if (stoppingSince !== undefined) {
      // One Ctrl-C can arrive twice: from the terminal and from npm's wrapper. A later one means now: queue and store survive that.
      if (performance.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    console.log("\nStopping: finishing what was begun (Ctrl-C again to stop at once) …");
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  // Only now: whoever waits for this line may send Ctrl-C the moment it is there, and must not cut what was begun.
  console.log(welcome(server));
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
