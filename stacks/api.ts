import { webConsole } from "./console.ts";
import { ingest } from "./ingest.ts";
import { manage } from "./manage.ts";
import { query } from "./query.ts";
import { stage } from "./stage.ts";

/** One line per request, without anything personal: no address, no user agent, no path (it can hold a key), no query string. */
const ACCESS_LOG = {
  requestId: "$context.requestId",
  time: "$context.requestTime",
  route: "$context.routeKey",
  status: "$context.status",
  latencyMs: "$context.responseLatency",
  integrationMs: "$context.integration.latency",
  integrationError: "$context.integration.error",
  bytes: "$context.responseLength",
};

/**
 * The HTTP API. CORS is left to the app, which answers by class of route: the gateway knows one policy for all and would override
 * it. Both throttle numbers are set because the provider sends a missing one as 0, which refuses every request.
 */
export const api = new sst.aws.ApiGatewayV2("Api", {
  cors: false,
  accessLog: { retention: stage.logDays === 30 ? "1 month" : "1 week" },
  transform: {
    // `cors: false` alone becomes an empty configuration, which AWS takes for "configured, nothing allowed": it would answer
    // preflights itself and take our CORS headers away, so that no page of another origin could read an answer.
    api: (args) => void delete args.corsConfiguration,
    stage: (args) => {
      args.defaultRouteSettings = {
        throttlingRateLimit: stage.requestsPerSecond,
        throttlingBurstLimit: stage.requestBurst,
        // Per route: eight times six metrics, that no alarm asks for.
        detailedMetricsEnabled: false,
      };
      args.accessLogSettings = $output(args.accessLogSettings).apply((settings) => ({
        destinationArn: settings?.destinationArn ?? "",
        format: JSON.stringify(ACCESS_LOG),
      }));
    },
  },
});

const PROJECT = "/3.0/projects/{project}";
const EVENTS = `${PROJECT}/events`;

/**
 * What goes to ingest, preflights included. Everything else is a question. The gateway matches decoded paths: `{collection+}` is also
 * a collection with a slash in its name.
 */
const COLLECT = [
  "POST /v1/e",
  "OPTIONS /v1/e",
  `POST ${EVENTS}`,
  `OPTIONS ${EVENTS}`,
  `GET ${EVENTS}/{collection+}`,
  `POST ${EVENTS}/{collection+}`,
  `OPTIONS ${EVENTS}/{collection+}`,
];

/**
 * What changes something other than by recording, for the master key and those who operate the project or all of them; and what is open, but writes: the password of
 * a share link, whose tries are counted, and a link in a mail. Its preflights are answered where questions are.
 */
const MANAGE = [
  `PUT ${PROJECT}/{rest+}`,
  `DELETE ${PROJECT}/{rest+}`,
  `POST ${PROJECT}/keys`,
  `POST ${PROJECT}/keys/{rest+}`,
  `POST ${PROJECT}/embed-keys`,
  `POST ${PROJECT}/embed-tokens`,
  `POST ${PROJECT}/share-links`,
  `POST ${PROJECT}/share-links/open`,
  `POST ${PROJECT}/rejected/replay`,
  `POST ${PROJECT}/reports/{rest+}`,
  `POST ${PROJECT}/watches/{rest+}`,
  `POST ${PROJECT}/embed/reports`,
  "POST /3.0/unsubscribe/{token}",
  "GET /ops/commands",
  "POST /ops/commands/{command}",
];

/** The pages' own calls, each with a session or an organisation's key. */
const CONSOLE = ["ANY /console/{rest+}"];

for (const route of CONSOLE) api.route(route, webConsole.arn);
for (const route of MANAGE) api.route(route, manage.arn);
for (const route of COLLECT) api.route(route, ingest.arn);
api.route("$default", query.arn);
