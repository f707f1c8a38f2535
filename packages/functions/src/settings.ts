/**
 * Every setting of the functions, once: the stacks must give it (their type check says so), the functions may read no other, and
 * the gate of the bundles, the rehearsal and the tests start functions with exactly these. A setting that one of them did not know
 * was a deploy that failed half way.
 */

interface Setting {
  readonly means: string;
  /** A value with which a function can start; no address in it leads anywhere. */
  readonly example: string;
}

export const SETTINGS = {
  REGISTRY_TABLE: { means: "name of the registry's table", example: "none" },
  SALTS_TABLE: { means: "name of the table of salts", example: "none" },
  SQS_QUEUE_URL: { means: "address of the events' queue", example: "http://127.0.0.1:1/000000000000/none" },
  SQS_DEAD_LETTER_URL: { means: "address of the dead letters", example: "http://127.0.0.1:1/000000000000/none" },
  OPENSEARCH_URL: { means: "address of the store", example: "https://none.us-east-1.es.amazonaws.com" },
  OPENSEARCH_PREFIX: { means: "what the names of all indexes begin with; default: nothing", example: "none" },
  OPENSEARCH_SHARDS: { means: "primaries of each month's index", example: "1" },
  OPENSEARCH_GROUPS: { means: "groups of projects that a month has at least", example: "1" },
  OPENSEARCH_REPLICAS: { means: "copies of each primary", example: "0" },
  OPENSEARCH_REFRESH_SECONDS: { means: "seconds until a written event is visible", example: "1" },
  OPENSEARCH_BULK_BYTES: { means: "largest bulk request, bytes", example: "4194304" },
  EXECUTIONS_GB: { means: "what executions may take of the store, in full months; the newest stays", example: "1" },
  OTEL_EXPORTER_OTLP_ENDPOINT: { means: "receiver of traces; default: none", example: "https://none.example" },
  OTEL_TRACES_SAMPLER_ARG: { means: "share of the traces begun here that is sent; default: all", example: "1" },
  EXECUTIONS_SAMPLED: {
    means: "functions of which one ordinary run in a hundred is kept, by comma",
    example: "ingest",
  },
  RETENTION_MONTHS: { means: "months kept besides the current one; default: all", example: "12" },
  ARCHIVE_BUCKET: { means: "name of the archive; default: none is kept", example: "none" },
  GATEWAY_ID: { means: "id of the HTTP API, whose refusals are counted", example: "none" },
  GATEWAY_FUNCTIONS: { means: "names of the functions behind it, by comma", example: "none" },
  FIREWALL: { means: "name of the firewall's metrics; default: there is none", example: "none" },
  OPENID_ISSUER: { means: "provider that says who people are; default: none", example: "https://none.example" },
  OPENID_CLIENT_ID: { means: "what the provider calls us", example: "none" },
  OPENID_NAME: { means: "what people call the provider", example: "none" },
  MAIL_FROM: {
    means: "who mail is from, of an identity of SES; default: no mail is sent",
    example: "reports@none.example",
  },
  PUBLIC_URL: { means: "what people open, for links in messages", example: "https://none.example" },
  STAGE_SHAPE: { means: "what the stage is that costs something; default: the smallest", example: "nodes=1" },
  BUDGET_USD: { means: "what a month may cost, US dollars; default: nobody said", example: "300" },
  ORIGIN_CHECK: { means: "on: only what CloudFront passed on is believed", example: "on" },
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof SETTINGS;

/** For tests and the rehearsal: other servers than AWS's own, and more time for slow ones. No stack gives them. */
export type TestSetting =
  "SQS_ENDPOINT" | "DYNAMODB_URL" | "S3_ENDPOINT" | "CLOUDWATCH_URL" | "SES_URL" | "TIME_BUDGET_FACTOR";

/** Of what Lambda itself puts into the environment, that which is read. */
export type LambdaVariable =
  | "AWS_REGION"
  | "AWS_ACCESS_KEY_ID"
  | "AWS_SECRET_ACCESS_KEY"
  | "AWS_SESSION_TOKEN"
  | "AWS_LAMBDA_FUNCTION_NAME"
  | "AWS_LAMBDA_FUNCTION_MEMORY_SIZE";

/** What is linked and lies encrypted in the bundle, with a value to start with. */
export const SECRETS = {
  OriginSecret: "none",
  SlackWebhook: "off",
  OpenIdSecret: "off",
  SmtpUrl: "off",
  OtlpHeaders: "off",
} as const;

interface Needs {
  /** Without one of these the function does not start. */
  readonly needs: readonly SettingName[];
  /** Those that some stages give. */
  readonly may: readonly SettingName[];
  readonly secrets: readonly (keyof typeof SECRETS)[];
}

const STORE = [
  "OPENSEARCH_URL",
  "OPENSEARCH_SHARDS",
  "OPENSEARCH_GROUPS",
  "OPENSEARCH_REPLICAS",
  "OPENSEARCH_REFRESH_SECONDS",
  "OPENSEARCH_BULK_BYTES",
] as const;
const QUEUES = ["SQS_QUEUE_URL", "SQS_DEAD_LETTER_URL"] as const;

/** The query API, whoever serves it. */
const API = {
  needs: ["REGISTRY_TABLE", ...QUEUES, ...STORE, "ORIGIN_CHECK"],
  may: ["OPENSEARCH_PREFIX", "MAIL_FROM"],
  secrets: ["OriginSecret"],
} as const;

/** Every function there is: its entry point is `packages/functions/src/NAME.ts`. */
export const FUNCTIONS = {
  admin: { needs: ["REGISTRY_TABLE"], may: [], secrets: [] },
  alarm: { needs: [], may: [], secrets: ["SlackWebhook"] },
  collector: {
    needs: ["REGISTRY_TABLE", ...QUEUES, ...STORE],
    may: ["ARCHIVE_BUCKET", "OPENSEARCH_PREFIX"],
    secrets: [],
  },
  console: {
    needs: ["REGISTRY_TABLE", "ORIGIN_CHECK"],
    may: ["OPENID_ISSUER", "OPENID_CLIENT_ID", "OPENID_NAME"],
    secrets: ["OriginSecret", "OpenIdSecret"],
  },
  executions: {
    needs: ["OPENSEARCH_URL", "EXECUTIONS_SAMPLED"],
    may: ["OPENSEARCH_PREFIX", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_SAMPLER_ARG"],
    secrets: ["OtlpHeaders"],
  },
  health: {
    needs: ["REGISTRY_TABLE", ...QUEUES, ...STORE, "GATEWAY_ID", "GATEWAY_FUNCTIONS"],
    may: ["OPENSEARCH_PREFIX", "FIREWALL", "STAGE_SHAPE", "BUDGET_USD"],
    secrets: [],
  },
  ingest: {
    needs: ["REGISTRY_TABLE", "SALTS_TABLE", "SQS_QUEUE_URL", "ORIGIN_CHECK"],
    may: [],
    secrets: ["OriginSecret"],
  },
  manage: API,
  query: { ...API, may: [...API.may, "STAGE_SHAPE", "BUDGET_USD"] },
  refresh: { needs: ["REGISTRY_TABLE", ...STORE], may: ["OPENSEARCH_PREFIX"], secrets: [] },
  reports: {
    needs: ["REGISTRY_TABLE", ...STORE, "PUBLIC_URL"],
    may: ["OPENSEARCH_PREFIX", "MAIL_FROM"],
    secrets: ["SmtpUrl"],
  },
  replay: { needs: ["ARCHIVE_BUCKET", "SQS_QUEUE_URL"], may: [], secrets: [] },
  upkeep: {
    needs: ["REGISTRY_TABLE", "SALTS_TABLE", "SQS_DEAD_LETTER_URL", "EXECUTIONS_GB", ...STORE],
    may: ["RETENTION_MONTHS", "ARCHIVE_BUCKET", "OPENSEARCH_PREFIX"],
    secrets: [],
  },
} as const satisfies Readonly<Record<string, Needs>>;

export type FunctionName = keyof typeof FUNCTIONS;

/** The environment of one function: all that it needs, some of what it may have, nothing else. */
export type EnvironmentOf<Name extends FunctionName, Value = string> = {
  readonly [Needed in (typeof FUNCTIONS)[Name]["needs"][number]]: Value;
} & { readonly [Possible in (typeof FUNCTIONS)[Name]["may"][number]]?: Value };

/** An environment with which a function starts and reaches nothing: what it needs and no more, its secrets, and Lambda's own. */
export function exampleEnvironment(name: FunctionName): Record<string, string> {
  const { needs, secrets }: Needs = FUNCTIONS[name];
  return {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "none",
    AWS_SECRET_ACCESS_KEY: "none",
    AWS_SESSION_TOKEN: "none",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
    ...Object.fromEntries(needs.map((setting) => [setting, SETTINGS[setting].example])),
    SST_RESOURCE_App: JSON.stringify({ name: "millrace", stage: "none" }),
    ...Object.fromEntries(
      secrets.map((secret) => [`SST_RESOURCE_${secret}`, JSON.stringify({ value: SECRETS[secret] })]),
    ),
  };
}
