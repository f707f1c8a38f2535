/**
 * Everything in which one stage differs from another, in one table. A stage without a row of its own (a developer's personal one)
 * gets `personal`. What each size costs and carries: docs/deploy.md.
 */

/** Shape of the OpenSearch domain. Disk is gp3, per node; with two nodes and more every shard has a replica in another zone. */
export interface DomainSize {
  /** Without the `.search` that AWS wants at the end. */
  readonly instance: string;
  readonly nodes: 1 | 2 | 3;
  readonly diskGb: number;
  /** Primaries of each month's index: one in each node once a month outgrows some 30 GB. */
  readonly shards: number;
  /** AWS opens 1 MiB messages and 10 MiB requests everywhere; small nodes answer bigger bulks with 413 or run out of heap. */
  readonly bulkBytes: number;
}

const MIB = 1024 * 1024;

/** small: about 1 million events a month. standard: 10 million. large: 125 million. Each with four months kept. */
export const DOMAIN_SIZES = {
  small: { instance: "t3.small", nodes: 1, diskGb: 10, shards: 1, bulkBytes: 2 * MIB },
  standard: { instance: "m7g.medium", nodes: 2, diskGb: 30, shards: 1, bulkBytes: 4 * MIB },
  large: { instance: "r7g.large", nodes: 3, diskGb: 250, shards: 3, bulkBytes: 5 * MIB },
} as const satisfies Record<string, DomainSize>;

export interface StageSettings {
  readonly domain: keyof typeof DOMAIN_SIZES;
  /**
   * What `sst dev` uses instead of a domain of its own: the name of one that is there and shared, such as
   * `millrace-staging-events`; `null`: the OpenSearch on the developer's machine (`npm run opensearch`). A personal stage takes
   * it from the variable `DEV_DOMAIN`, so that nobody commits theirs.
   */
  readonly devDomain: string | null;
  /** Seconds until an event is visible after it was written; 1 is fine on a small domain, more saves work on a busy one. */
  readonly refreshSeconds: number;
  /** How many collectors may write to the domain at once (2 to 1,000): the throttle that protects OpenSearch. */
  readonly collectors: number;
  /**
   * Concurrency set aside per function, so that a flood of events cannot starve the dashboard. `null` sets none aside: a new AWS
   * account has a quota of 10, of which nothing can be reserved, and the deploy would fail.
   */
  readonly reserved: { readonly ingest: number; readonly query: number } | null;
  /** The gateway's throttle over all tenants: a cost fuse. Both numbers are always sent: one alone makes the other 0. */
  readonly requestsPerSecond: number;
  readonly requestBurst: number;
  /** Requests per viewer address in five minutes before CloudFront's firewall blocks it (about $6 a month); `null`: no firewall. */
  readonly requestsPerAddress: number | null;
  /** Days of logs (a value CloudWatch knows: 1, 3, 5, 7, 14, 30, ...). */
  readonly logDays: number;
  /** Days the raw archive keeps what was collected, from which a lost domain is rebuilt; `null`: no archive. */
  readonly archiveDays: number | null;
  /**
   * Months of events kept besides the current one; `null`: nothing is deleted by age. What is older, backfilled or not, leaves the
   * store for good each night, and the archive after `archiveDays`.
   */
  readonly retentionMonths: number | null;
  /** Refuse to delete what holds events, tables and buckets included. */
  readonly keep: boolean;
  /** An alarm when no event arrived for 15 minutes: only where traffic never pauses. */
  readonly alarmOnSilence: boolean;
  /** Alarm when the account is forecast to spend more in a month, US dollars; `null`: no budget. */
  readonly budgetUsd: number | null;
  /** OpenSearch Dashboards with a user pool of its own. */
  readonly kibana: boolean;
  /** Such as `stats.example.com`, hosted in Route 53 of the same account; `null`: CloudFront's own name. */
  readonly customDomain: string | null;
}

const personal: StageSettings = {
  domain: "small",
  devDomain: process.env["DEV_DOMAIN"] ?? null,
  refreshSeconds: 1,
  collectors: 2,
  reserved: null,
  requestsPerSecond: 50,
  requestBurst: 100,
  requestsPerAddress: null,
  logDays: 7,
  archiveDays: null,
  retentionMonths: null,
  keep: false,
  alarmOnSilence: false,
  budgetUsd: null,
  kibana: false,
  customDomain: null,
};

const STAGES: Readonly<Record<string, StageSettings>> = {
  staging: { ...personal, budgetUsd: 100, requestsPerSecond: 200, requestBurst: 400 },
  production: {
    domain: "standard",
    devDomain: null,
    refreshSeconds: 1,
    collectors: 10,
    reserved: { ingest: 100, query: 50 },
    requestsPerSecond: 1_000,
    requestBurst: 2_000,
    requestsPerAddress: 10_000,
    logDays: 30,
    archiveDays: 30,
    retentionMonths: null,
    keep: true,
    alarmOnSilence: false,
    budgetUsd: 300,
    kibana: false,
    customDomain: null,
  },
};

/** The settings of the stage being evaluated. */
export const stage: StageSettings = STAGES[$app.stage] ?? personal;

/** The domain's shape at this stage. */
export const domainSize: DomainSize = DOMAIN_SIZES[stage.domain];

/** `millrace-production-…`: resources made without an SST component are not prefixed by it, and two stages would collide. */
export function named(name: string): string {
  return `${$app.name}-${$app.stage}-${name}`;
}

/** Options of a resource that holds events: `sst remove`, and a deploy after its line was deleted, must leave it alone. */
export const kept: $util.CustomResourceOptions = stage.keep ? { retainOnDelete: true, protect: true } : {};
