import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** A policy as its owner has it: JSON, read by `iam/statement.ts`. */
type Policy = object | string;

/** A function as it was deployed. */
export interface DeployedFunction {
  readonly name: string;
  readonly arn: string;
  /** Module and export. */
  readonly handler: string;
  /** Seconds. */
  readonly timeout: number;
  /** MB. */
  readonly memory: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroups: readonly string[];
  /** Who gets which lines of its log. */
  readonly subscriptions: readonly {
    readonly group: string;
    readonly pattern: string;
    readonly destination: string;
  }[];
  /** What Lambda does with an asynchronous call that fails. */
  readonly async: { readonly retries: number; readonly onFailure: string | null };
  readonly role: string;
  readonly rolePolicies: Readonly<Record<string, Policy>>;
  readonly trust: Policy;
  /** Who else may call it. */
  readonly policy: Policy | null;
  /** Where its zip lies open. */
  readonly folder: string;
}

/** How SQS feeds a function, in AWS's words. */
export interface DeployedMapping {
  readonly EventSourceArn: string;
  readonly FunctionArn: string;
  readonly BatchSize: number;
  /** Seconds. */
  readonly MaximumBatchingWindowInSeconds?: number;
  readonly ScalingConfig?: { readonly MaximumConcurrency?: number };
  readonly FunctionResponseTypes?: readonly string[];
}

export interface CorsConfiguration {
  readonly AllowOrigins?: readonly string[];
  readonly AllowMethods?: readonly string[];
  readonly AllowHeaders?: readonly string[];
  readonly ExposeHeaders?: readonly string[];
  readonly MaxAge?: number;
  readonly AllowCredentials?: boolean;
}

export interface DeployedApi {
  readonly id: string;
  /** `https://ID.execute-api.REGION.amazonaws.com` */
  readonly endpoint: string;
  /** Null: none. An empty one is one that allows nothing. */
  readonly cors: CorsConfiguration | null;
  /** `POST /path/{parameter}` or `$default`, and the function's ARN. */
  readonly routes: readonly { readonly key: string; readonly integration: string }[];
}

export interface DeployedQueue {
  readonly url: string;
  readonly arn: string;
  readonly attributes: Readonly<Record<string, string>>;
}

interface DeployedTopic {
  readonly arn: string;
  readonly policy: Policy;
  readonly subscriptions: readonly { readonly Protocol: string; readonly Endpoint: string }[];
}

interface DeployedSchedule {
  readonly name: string;
  readonly target: string;
  readonly input: string | null;
  readonly role: string;
  readonly rolePolicies: Readonly<Record<string, Policy>>;
  readonly trust: Policy;
}

/** Everything of a stage that its run depends on, as the emulator has it after a deploy. */
export interface Deployment {
  readonly account: string;
  readonly region: string;
  readonly functions: readonly DeployedFunction[];
  readonly mappings: readonly DeployedMapping[];
  readonly apis: readonly DeployedApi[];
  readonly queues: readonly DeployedQueue[];
  readonly topics: readonly DeployedTopic[];
  readonly schedules: readonly DeployedSchedule[];
  readonly tables: readonly {
    readonly TableName: string;
    readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
  }[];
  readonly buckets: readonly { readonly name: string; readonly policy: Policy | null }[];
  readonly domains: readonly { readonly arn: string; readonly endpoint: string; readonly policy: Policy | null }[];
  /** What CloudFront runs for each request and for each answer, and the values it looks up. */
  readonly edge: readonly {
    readonly name: string;
    readonly code: string;
    readonly values: Readonly<Record<string, string>>;
  }[];
}

/** An emulator with a stage in it. */
export interface Emulator {
  /** Without a slash at the end. */
  readonly url: string;
  /** CloudFront's KeyValueStore, which the emulator lacks. */
  readonly keyValueStoreUrl: string;
  /** A Python that has boto3. */
  readonly python: string;
}

/**
 * Reads a stage from the emulator, and unpacks its zips.
 * @param folder gets a folder for each function
 */
export async function readDeployment(emulator: Emulator, stage: string, folder: string): Promise<Deployment> {
  const { stdout } = await promisify(execFile)(
    emulator.python,
    [join(import.meta.dirname, "read.py"), `millrace-${stage}-`, folder],
    {
      maxBuffer: 64 * 1024 * 1024,
      env: {
        PATH: process.env["PATH"],
        AWS_ACCESS_KEY_ID: "rehearsal",
        AWS_SECRET_ACCESS_KEY: "rehearsal",
        AWS_DEFAULT_REGION: "us-east-1",
        AWS_ENDPOINT_URL: emulator.url,
        AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE: emulator.keyValueStoreUrl,
      },
    },
  );
  return withEndpoints(JSON.parse(stdout) as Deployment);
}

/** The functions know a domain by the address that the deploy gave them, which need not be the one that the emulator makes up. */
function withEndpoints(read: Deployment): Deployment {
  const hosts = read.functions
    .map(({ environment }) => environment["OPENSEARCH_URL"])
    .filter((url) => url !== undefined)
    .map((url) => new URL(url).hostname);
  const domains = read.domains.map((domain) => {
    const name = domain.arn.split("/").at(-1) ?? "";
    return { ...domain, endpoint: hosts.find((host) => host.startsWith(`search-${name}-`)) ?? domain.endpoint };
  });
  return { ...read, domains };
}

/** The last part of a function's name: `ingest`. */
export function shortName(deployed: { readonly name: string }): string {
  return deployed.name.split("-").at(-1) ?? deployed.name;
}

/** The only one of a kind. @throws Error when there are more or fewer: the run would then not be about the stage */
export function only<T>(list: readonly T[], what: string): T {
  const [one, ...others] = list;
  if (one === undefined || others.length > 0) throw new Error(`The stage has ${list.length} of ${what}, not one.`);
  return one;
}

/** @throws Error when the stage has none of that name */
export function functionNamed({ functions }: Deployment, name: string): DeployedFunction {
  return only(
    functions.filter((each) => shortName(each) === name),
    `functions named ${name}`,
  );
}

/** The mapping that feeds a function. @throws Error when there is none, or more than one */
export function mappingTo(deployment: Deployment, name: string): DeployedMapping {
  const { arn } = functionNamed(deployment, name);
  return only(
    deployment.mappings.filter(({ FunctionArn }) => FunctionArn === arn || FunctionArn.startsWith(`${arn}:`)),
    `mappings to ${name}`,
  );
}
