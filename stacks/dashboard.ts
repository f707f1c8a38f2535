import { api } from "./api.ts";
import { functions } from "./lambda.ts";
import { deadLetters, queue } from "./queue.ts";
import { named } from "./stage.ts";
import { watchedDomain } from "./store.ts";

const { accountId } = await aws.getCallerIdentity();
const { region } = await aws.getRegion();

/** A metric as a widget names it: namespace, name, dimensions and values in turn, then how it is shown. */
type Metric = readonly (string | { readonly label?: string; readonly stat?: string })[];

const HALF = 12;
const HEIGHT = 6;

/** The pipeline at a glance, in the order of the flow: a page in CloudWatch, three of which an account has for free. */
new aws.cloudwatch.Dashboard("Dashboard", {
  dashboardName: named("pipeline"),
  dashboardBody: $util
    .all([
      api.nodes.api.id,
      queue.nodes.queue.name,
      deadLetters.nodes.queue.name,
      watchedDomain ?? "",
      $util.all(functions.map(({ function: made }) => made.name)),
    ])
    .apply(([apiId, events, dead, domain, names]) =>
      JSON.stringify({ widgets: widgets(apiId, events, dead, domain, names) }),
    ),
});

function widgets(apiId: string, events: string, dead: string, domain: string, names: readonly string[]): object[] {
  const http = (metric: string, stat: string): Metric => ["AWS/ApiGateway", metric, "ApiId", apiId, { stat }];
  const sqs = (metric: string, name: string, label: string): Metric => [
    "AWS/SQS",
    metric,
    "QueueName",
    name,
    { label },
  ];
  const store = (metric: string, stat: string): Metric => [
    "AWS/ES",
    metric,
    "DomainName",
    domain,
    "ClientId",
    accountId,
    { stat },
  ];
  const each = (metric: string): Metric[] => names.map((name) => ["AWS/Lambda", metric, "FunctionName", name]);
  const rows: [title: string, stat: string, metrics: Metric[]][] = [
    ["Requests, refusals and errors", "Sum", [http("Count", "Sum"), http("4xx", "Sum"), http("5xx", "Sum")]],
    ["Time of an answer, ms", "p99", [http("Latency", "p50"), http("Latency", "p99")]],
    ["Age of the oldest event that waits, seconds", "Maximum", [sqs("ApproximateAgeOfOldestMessage", events, "age")]],
    [
      "Messages",
      "Maximum",
      [
        sqs("ApproximateNumberOfMessagesVisible", events, "waiting"),
        sqs("ApproximateNumberOfMessagesNotVisible", events, "being stored"),
        sqs("ApproximateNumberOfMessagesVisible", dead, "dead"),
      ],
    ],
    ["Errors of functions", "Sum", each("Errors")],
    ["Duration of functions, ms", "p99", each("Duration")],
    ["Functions that run at once", "Maximum", each("ConcurrentExecutions")],
    ...(domain === ""
      ? []
      : ([
          [
            "Store: processor and memory, %",
            "Maximum",
            [store("CPUUtilization", "Maximum"), store("OldGenJVMMemoryPressure", "Maximum")],
          ],
          ["Store: free disk of the fullest node, MB", "Minimum", [store("FreeStorageSpace", "Minimum")]],
          [
            "Store: time of a search and of a write, ms",
            "Average",
            [store("SearchLatency", "Average"), store("IndexingLatency", "Average")],
          ],
        ] satisfies typeof rows)),
  ];
  return rows.map(([title, stat, metrics], index) => ({
    type: "metric",
    x: (index % 2) * HALF,
    y: Math.floor(index / 2) * HEIGHT,
    width: HALF,
    height: HEIGHT,
    properties: { title, stat, metrics, region, period: 60, view: "timeSeries" },
  }));
}
