import { callsOf, PRICE_OF_CALL, type CallName } from "./calls.ts";
import { HOURS_PER_MONTH, PRICES, stepped, type NodeType } from "./prices.ts";

/** Nodes of one kind. */
export interface Nodes {
  readonly type: NodeType;
  readonly count: number;
}

/** What a deployed stage does in a month, in the amounts that AWS bills. */
export interface MonthlyLoad {
  /** HTTP requests that record events. Each is one call of ingest and one message. */
  readonly requests: number;
  /** Share of them with a page view. The others of visitors only look where the visit is. */
  readonly pageViewShare: number;
  /** Mean size of a message, bytes: SQS bills 64 KB steps. */
  readonly messageBytes: number;
  /** Mean duration of one call of ingest, seconds. */
  readonly ingestSeconds: number;
  /** Times that processes of ingest note their totals: once a second each at most, and not more often than requests come. */
  readonly totals: number;
  readonly collectorCalls: number;
  /** Times that processes of the collector ask what was deleted and note how far they are: once in ten seconds of work each. */
  readonly collecting: number;
  /** Time of all calls of the collector together, seconds. */
  readonly collectorSeconds: number;
  /** Receive requests to SQS that brought nothing: the idle ones of the pollers. */
  readonly idleReceives: number;
  /** Requests of open pages for the version of what they show. */
  readonly beats: number;
  /** Questions, and batches of them: one each time that an open page asks anew. */
  readonly queries: number;
  readonly querySeconds: number;
  /** Rounds of what is done every ten minutes. */
  readonly rounds: number;
  /** Kept answers computed anew. */
  readonly refreshes: number;
  /** Batches of lines that CloudWatch hands to the forwarder. */
  readonly forwards: number;
  /** Data and manager nodes. */
  readonly nodes: readonly Nodes[];
  /** Of all data nodes together. */
  readonly diskGb: number;
  /** Storage behind UltraWarm nodes. */
  readonly warmGb: number;
  readonly metrics: number;
  readonly alarms: number;
  /** True where CloudFront has a firewall in front. */
  readonly firewall: boolean;
  /** True where the collector keeps each batch in S3 too. */
  readonly archive: boolean;
  /** What the archive holds at once. */
  readonly archiveGb: number;
}

/** Memory of the functions, as stacks/ sizes them (scripts/cost/table.test.ts compares). */
export const FUNCTION_GB = { ingest: 0.5, collector: 1, query: 1, upkeep: 0.5, refresh: 1, executions: 0.25 } as const;
/** Time that the query function takes to say that nothing is new. */
const BEAT_SECONDS = 0.01;
/** Time that each of the two functions of a round takes to find nothing to do. */
const ROUND_SECONDS = 0.1;
/** Time that the forwarder takes for a batch of lines, of which mostly one or none is written to the store. */
const FORWARD_SECONDS = 0.03;
/** What SQS bills as one request. */
const SQS_STEP_BYTES = 65_536;

/**
 * Bytes of log for each unit of work: our execution line and, behind the gateway, its access line, with what CloudWatch adds to each.
 * The platform's own lines are off (`systemLogLevel` in stacks/lambda.ts), and the forwarder's of ordinary runs.
 */
const LOG_BYTES = { request: 1_200, collect: 1_500, beat: 1_200, query: 1_800, round: 2_000, forward: 50 } as const;

/** SQS hands over ten messages at most, and never those of two invocations together. */
export function handovers({ requests, collectorCalls }: Pick<MonthlyLoad, "requests" | "collectorCalls">): number {
  return Math.max(collectorCalls, requests / 10);
}

/** Dollars a month by what they are spent on, in the order of the flow. */
export interface Bill {
  readonly lines: readonly { readonly what: string; readonly usd: number }[];
  readonly total: number;
}

/** The AWS bill of a month at list price. Left out: traffic out to the internet, backups beyond the service's own, names, support. */
export function monthlyBill(load: MonthlyLoad): Bill {
  const { lambda, openSearch, cloudWatch, s3, waf, httpApi } = PRICES;
  const { requests, collectorCalls, beats, queries } = load;
  const calls = callsOf({
    request: requests,
    pageView: requests * load.pageViewShare,
    visitRead: requests * (1 - load.pageViewShare),
    totals: load.totals,
    collect: collectorCalls,
    collecting: load.collecting,
    ...(load.archive && { archive: collectorCalls }),
    handover: handovers(load),
    beat: beats,
    query: queries,
    round: load.rounds,
    refresh: load.refreshes,
    forward: load.forwards,
  });
  const priced = (...names: CallName[]) =>
    names.reduce((sum, name) => sum + (calls.get(name) ?? 0) * PRICE_OF_CALL[name], 0);
  const run = (count: number, seconds: number, gb: number) => count * lambda.request + seconds * gb * lambda.gbSecond;
  const steps = Math.max(1, Math.ceil(load.messageBytes / SQS_STEP_BYTES));
  const atEdge = calls.get("cloudfront:request") ?? 0;
  const logBytes =
    requests * LOG_BYTES.request +
    collectorCalls * LOG_BYTES.collect +
    beats * LOG_BYTES.beat +
    queries * LOG_BYTES.query +
    load.rounds * LOG_BYTES.round +
    load.forwards * LOG_BYTES.forward;
  const nodes = load.nodes.reduce((sum, { type, count }) => sum + count * openSearch.nodeHour[type], 0);
  const lines = [
    { what: "CloudFront", usd: priced("cloudfront:request", "cloudfront:function", "cloudfront:key-value-read") },
    { what: "firewall", usd: load.firewall ? waf.aclMonth + waf.ruleMonth + atEdge * waf.request : 0 },
    { what: "HTTP API", usd: stepped(calls.get("apigateway:request") ?? 0, httpApi) },
    { what: "ingest", usd: run(requests, requests * load.ingestSeconds, FUNCTION_GB.ingest) },
    { what: "registry", usd: priced("dynamodb:read", "dynamodb:write") },
    {
      what: "queue",
      usd:
        priced("sqs:SendMessage") * steps +
        priced("sqs:ReceiveMessage", "sqs:DeleteMessage") +
        load.idleReceives * PRICES.sqsRequest,
    },
    { what: "collector", usd: run(collectorCalls, load.collectorSeconds, FUNCTION_GB.collector) },
    { what: "archive", usd: load.archive ? priced("s3:PutObject") + load.archiveGb * s3.gbMonth : 0 },
    {
      what: "query",
      usd: run(beats + queries, beats * BEAT_SECONDS + queries * load.querySeconds, FUNCTION_GB.query),
    },
    {
      what: "kept answers",
      usd:
        run(load.rounds, load.rounds * ROUND_SECONDS, FUNCTION_GB.upkeep) +
        run(load.rounds, load.rounds * ROUND_SECONDS + load.refreshes * load.querySeconds, FUNCTION_GB.refresh),
    },
    { what: "executions", usd: run(load.forwards, load.forwards * FORWARD_SECONDS, FUNCTION_GB.executions) },
    {
      what: "logs, metrics, alarms",
      usd:
        (logBytes / 1e9) * cloudWatch.logGb +
        load.metrics * cloudWatch.metricMonth +
        load.alarms * cloudWatch.alarmMonth,
    },
    { what: "OpenSearch nodes", usd: nodes * HOURS_PER_MONTH },
    { what: "OpenSearch disks", usd: load.diskGb * openSearch.gp3GbMonth + load.warmGb * openSearch.managedGbMonth },
  ];
  return { lines, total: lines.reduce((sum, { usd }) => sum + usd, 0) };
}
