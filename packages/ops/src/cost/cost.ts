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
  /** Mean size of a message, bytes: SQS bills 64 KB steps. */
  readonly messageBytes: number;
  /** Mean duration of one call of ingest, seconds. */
  readonly ingestSeconds: number;
  /** Registry items written for one request: counters, the visit. */
  readonly writesPerRequest: number;
  /** Registry items read for one request; keys and salts come from memory. */
  readonly readsPerRequest: number;
  readonly collectorCalls: number;
  /** Time of all calls of the collector together, seconds. */
  readonly collectorSeconds: number;
  /** Receive requests to SQS: those that brought messages, and the idle ones of the pollers. */
  readonly receives: number;
  readonly queries: number;
  readonly querySeconds: number;
  /** Data and manager nodes. */
  readonly nodes: readonly Nodes[];
  /** Of all data nodes together. */
  readonly diskGb: number;
  /** Storage behind UltraWarm nodes. */
  readonly warmGb: number;
  readonly logGb: number;
  readonly metrics: number;
  readonly alarms: number;
  /** True where the collector keeps each batch in S3 too. */
  readonly archive: boolean;
  /** What the archive holds at once. */
  readonly archiveGb: number;
}

/** Memory of the functions as stacks/ sizes them. */
const INGEST_GB = 0.5;
const COLLECTOR_GB = 1;
const QUERY_GB = 1;
/** What SQS bills as one request. */
const SQS_STEP_BYTES = 65_536;
/** Deletes go in tens. */
const DELETES_PER_REQUEST = 10;

/** Dollars a month by what they are spent on, in the order of the flow. */
export interface Bill {
  readonly lines: readonly { readonly what: string; readonly usd: number }[];
  readonly total: number;
}

/** The AWS bill of a month at list price. Left out: traffic out to the internet, backups, domains, the firewall, support. */
export function monthlyBill(load: MonthlyLoad): Bill {
  const { lambda, dynamoDb, openSearch, cloudWatch, s3 } = PRICES;
  const call = (calls: number, seconds: number, gb: number) => calls * lambda.request + seconds * gb * lambda.gbSecond;
  const steps = Math.max(1, Math.ceil(load.messageBytes / SQS_STEP_BYTES));
  const sqsRequests = load.requests * steps + load.receives + load.requests / DELETES_PER_REQUEST;
  const nodes = load.nodes.reduce((sum, { type, count }) => sum + count * openSearch.nodeHour[type], 0);
  const lines = [
    { what: "CloudFront", usd: load.requests * PRICES.cloudFront.request },
    { what: "HTTP API", usd: stepped(load.requests + load.queries, PRICES.httpApi) },
    { what: "ingest", usd: call(load.requests, load.requests * load.ingestSeconds, INGEST_GB) },
    {
      what: "registry",
      usd: load.requests * (load.writesPerRequest * dynamoDb.write + load.readsPerRequest * dynamoDb.read),
    },
    { what: "queue", usd: sqsRequests * PRICES.sqsRequest },
    { what: "collector", usd: call(load.collectorCalls, load.collectorSeconds, COLLECTOR_GB) },
    { what: "archive", usd: load.archive ? load.collectorCalls * s3.put + load.archiveGb * s3.gbMonth : 0 },
    { what: "query", usd: call(load.queries, load.queries * load.querySeconds, QUERY_GB) },
    {
      what: "logs, metrics, alarms",
      usd: load.logGb * cloudWatch.logGb + load.metrics * cloudWatch.metricMonth + load.alarms * cloudWatch.alarmMonth,
    },
    { what: "OpenSearch nodes", usd: nodes * HOURS_PER_MONTH },
    { what: "OpenSearch disks", usd: load.diskGb * openSearch.gp3GbMonth + load.warmGb * openSearch.managedGbMonth },
  ];
  return { lines, total: lines.reduce((sum, { usd }) => sum + usd, 0) };
}
