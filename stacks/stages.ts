/**
 * Everything in which one stage differs from another, in one table. A stage without a row of its own (a developer's personal one)
 * gets `personal`. What each size costs and carries: docs/deploy.md; `npm run cost` prices it anew.
 */

/** Shape of the OpenSearch domain. Disk is gp3, per node. With three nodes every shard has a replica in another zone and the
 * cluster a quorum without any one of them; with two it would stop when the elected one is lost, so there is no such size. */
interface DomainSize {
  /** Without the `.search` that AWS wants at the end. */
  readonly instance: string;
  readonly nodes: 1 | 3;
  readonly diskGb: number;
  /** Primaries of each month's index: one in each node once a month outgrows some 30 GB. */
  readonly shards: number;
  /** Groups of projects that a stage of this size begins with: a large one has many tenants, and each group a budget of names. */
  readonly groups: number;
  /** AWS opens 1 MiB messages and 10 MiB requests everywhere; small nodes answer bigger bulks with 413 or run out of heap. */
  readonly bulkBytes: number;
}

const MIB = 1024 * 1024;

/** small: about 1 million events a month. standard: 10 million. large: 125 million. Each with four months kept. */
export const DOMAIN_SIZES = {
  small: { instance: "t3.small", nodes: 1, diskGb: 10, shards: 1, groups: 1, bulkBytes: 2 * MIB },
  standard: { instance: "m7g.medium", nodes: 3, diskGb: 30, shards: 1, groups: 4, bulkBytes: 4 * MIB },
  large: { instance: "r7g.large", nodes: 3, diskGb: 250, shards: 3, groups: 8, bulkBytes: 5 * MIB },
} as const satisfies Record<string, DomainSize>;

/** A network of the account in which the functions that reach the store run, and the domain, where this stage makes one. */
export interface Network {
  readonly vpc: string;
  /** Private ones; as many as the domain has nodes, each in another zone. */
  readonly subnets: readonly string[];
  /** Of functions and domain alike: it must let itself in on port 443. */
  readonly securityGroup: string;
  /** Route tables of the subnets: ways to queue, registry, archive and metrics are made in them. `null`: they are there, or a NAT gateway is. */
  readonly routeTables: readonly string[] | null;
}

export interface StageSettings {
  /** Also of an existing domain: its shape decides shards, sizes of requests and alarms. */
  readonly domain: keyof typeof DOMAIN_SIZES;
  /** Name of a domain that is there, used instead of one of this stage's own. Its access policy must admit this account's roles. */
  readonly existingDomain: string | null;
  readonly network: Network | null;
  /**
   * What `sst dev` uses instead of a domain of its own: the name of one that is there and shared, such as
   * `millrace-staging-events`; `null`: the OpenSearch on the developer's machine (`npm run opensearch`). A personal stage takes
   * it from the variable `DEV_DOMAIN`, so that nobody commits theirs.
   */
  readonly devDomain: string | null;
  /**
   * Groups that projects share at least, 1 to 64; `null`: as many as the domain's size begins with. Each has an index of its own in
   * every period and, in it, a budget of names of properties, of which one project takes a twentieth at most. When a mapping is half
   * full the months to come get twice as many by themselves; a stage that will have hundreds of tenants with names of their own should
   * not wait for that: the running month keeps the groups it began with.
   */
  readonly groups: number | null;
  /** Seconds until an event is visible after it was written; 1 is fine on a small domain, more saves work on a busy one. */
  readonly refreshSeconds: number;
  /** Seconds a batch is gathered for: 5 instead of 1 makes events 4 seconds later and saves most of the archive's cost. */
  readonly windowSeconds: 1 | 5;
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
  /**
   * Requests of browsers (`/v1/e`) per viewer address in five minutes before CloudFront's firewall asks to come later (429; about
   * $6 a month and $0.60 a million requests); `null`: no firewall. Server senders are held by the gateway's throttle alone.
   */
  readonly requestsPerAddress: number | null;
  /** Address ranges (`203.0.113.0/24`, `2001:db8::/32`) of your own proxies in front of the tracker: there the forwarded address counts. */
  readonly proxies: readonly string[];
  /** Functions that run too often to keep every ordinary execution searchable: of theirs one in a hundred is kept and stands for them. */
  readonly sampledFunctions: readonly string[];
  /** Days of logs (a value CloudWatch knows: 1, 3, 5, 7, 14, 30, ...). */
  readonly logDays: number;
  /**
   * What a lost domain is rebuilt from, kept as long as events are: `own`, a bucket of this stage's; the name of one that is there,
   * whose lifecycle is then yours; `null`: none.
   */
  readonly archive: "own" | { readonly existing: string } | null;
  /**
   * Months of events kept besides the current one; `null`: nothing is deleted by age. What is older, backfilled or not, leaves the
   * store for good each night, and the archive a month later.
   */
  readonly retentionMonths: number | null;
  /** Refuse to delete what holds events, tables and buckets included. */
  readonly keep: boolean;
  /** Gets every alarm by e-mail, beside Slack; AWS asks the address once whether it agrees. */
  readonly alarmEmail: string | null;
  /** An alarm when no event arrived for 15 minutes: only where traffic never pauses. */
  readonly alarmOnSilence: boolean;
  /** Alarm when more is forecast to be spent in a month, US dollars; `null`: no budget. */
  readonly budgetUsd: number | null;
  /** The budget counts this stage alone: `sst:app` and `sst:stage` must be active cost allocation tags. Else the whole account. */
  readonly budgetByTag: boolean;
  /**
   * Who reports are from: an address that SES has verified in this region, itself or by its domain, of an account that is out of its sandbox; or,
   * where the secret `SmtpUrl` is set, one for which that server sends. `null`: reports go to Slack and webhooks alone.
   */
  readonly mailFrom: { readonly name: string; readonly address: string } | null;
  /**
   * Who says who people are, by OpenID Connect: a Cognito user pool (`https://cognito-idp.REGION.amazonaws.com/POOL`), Entra, Google, Okta,
   * Keycloak …; its client's secret is `OpenIdSecret`, its redirect address `https://YOUR-ADDRESS/console/openid/callback`. `null`: passwords only.
   */
  readonly openId: { readonly name: string; readonly issuer: string; readonly clientId: string } | null;
  /**
   * Where executions go as spans, by OpenTelemetry's protocol over HTTP: the address without `/v1/traces`, and the share of the traces begun here
   * that is sent (0 to 1). A key for it is the secret `OtlpHeaders`. `null`: nowhere.
   */
  readonly otlp: { readonly endpoint: string; readonly ratio: number } | null;
  /** On every resource, beside `sst:app` and `sst:stage`. */
  readonly tags: Readonly<Record<string, string>>;
  /** OpenSearch Dashboards with a user pool of its own. */
  readonly kibana: boolean;
  /** Such as `stats.example.com`, hosted in Route 53 of the same account; `null`: CloudFront's own name. */
  readonly customDomain: string | null;
  /** ARN of a certificate in us-east-1 for a custom domain that is hosted elsewhere; you then point the name at CloudFront. */
  readonly certificate: string | null;
}

const personal: StageSettings = {
  domain: "small",
  existingDomain: null,
  network: null,
  devDomain: process.env["DEV_DOMAIN"] ?? null,
  groups: null,
  refreshSeconds: 1,
  windowSeconds: 1,
  collectors: 2,
  reserved: null,
  requestsPerSecond: 50,
  requestBurst: 100,
  requestsPerAddress: null,
  proxies: [],
  sampledFunctions: ["ingest"],
  logDays: 7,
  archive: null,
  retentionMonths: null,
  keep: false,
  alarmEmail: null,
  alarmOnSilence: false,
  budgetUsd: null,
  budgetByTag: false,
  mailFrom: null,
  openId: null,
  otlp: null,
  tags: {},
  kibana: false,
  customDomain: null,
  certificate: null,
};

const production: StageSettings = {
  ...personal,
  domain: "standard",
  devDomain: null,
  collectors: 10,
  reserved: { ingest: 100, query: 50 },
  requestsPerSecond: 1_000,
  requestBurst: 2_000,
  requestsPerAddress: 10_000,
  logDays: 30,
  archive: "own",
  keep: true,
  budgetUsd: 300,
};

const STAGES: Readonly<Record<string, StageSettings>> = {
  // To try what production will meet, firewall, archive and three nodes included: `{ ...production, keep: false, … }`.
  staging: { ...personal, budgetUsd: 100, requestsPerSecond: 200, requestBurst: 400 },
  production,
};

/** The settings of a stage. */
export function settingsOf(stage: string): StageSettings {
  return STAGES[stage] ?? personal;
}
