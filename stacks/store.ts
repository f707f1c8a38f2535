import { cognito, kibana } from "./kibana.ts";
import { domainSize, kept, shortlyNamed, stage } from "./stage.ts";

const { accountId } = await aws.getCallerIdentity();
const { region } = await aws.getRegion();

/** OpenSearch takes 28 characters. */
const ownName = shortlyNamed("events", 28);
/** Undefined: the OpenSearch on the developer's machine. */
const domainName = $dev ? (stage.devDomain ?? undefined) : (stage.existingDomain ?? ownName);
const domainArn = `arn:aws:es:${region}:${accountId}:domain/${domainName}`;
const replicated = domainSize.nodes > 1;

/**
 * The event store's own domain. Undefined under `sst dev`, which makes none: it would cost money and half an hour per developer;
 * and where the stage uses one that is there.
 */
const domain = $dev || stage.existingDomain !== null ? undefined : createDomain();

/** What alarms look at: the domain's name, once there is one. Undefined under `sst dev`. */
export const watchedDomain: $util.Input<string> | undefined = $dev
  ? undefined
  : (domain?.domainName ?? stage.existingDomain ?? undefined);

/**
 * Not SST's component: that one opens the domain to every principal and hands each function the master user's password. Here
 * there is no user at all; requests are signed, and each function's role names the paths it may call.
 */
function createDomain() {
  return new aws.opensearch.Domain(
    "Store",
    {
      domainName: ownName,
      engineVersion: "OpenSearch_3.7",
      clusterConfig: {
        instanceType: `${domainSize.instance}.search`,
        instanceCount: domainSize.nodes,
        zoneAwarenessEnabled: replicated,
        ...(replicated && { zoneAwarenessConfig: { availabilityZoneCount: domainSize.nodes } }),
      },
      ebsOptions: { ebsEnabled: true, volumeType: "gp3", volumeSize: domainSize.diskGb },
      encryptAtRest: { enabled: true },
      nodeToNodeEncryption: { enabled: true },
      domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
      // Burstable nodes have no auto-tune.
      autoTuneOptions: { desiredState: domainSize.instance.startsWith("t3") ? "DISABLED" : "ENABLED" },
      offPeakWindowOptions: { enabled: true },
      softwareUpdateOptions: { autoSoftwareUpdateEnabled: true },
      ...(cognito && { cognitoOptions: cognito }),
      ...(stage.network && {
        vpcOptions: {
          // One for each node's zone, no more: AWS refuses a domain with another number.
          subnetIds: stage.network.subnets.slice(0, domainSize.nodes),
          securityGroupIds: [stage.network.securityGroup],
        },
      }),
      // Who may come: identities of this account whose own role says so. Naming the account delegates to its roles; it grants
      // nothing by itself. Part of the domain: a policy of its own is minutes late, and functions ask before it is there.
      accessPolicies: JSON.stringify({
        Version: "2012-10-17",
        Statement: {
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${accountId}:root` },
          Action: "es:ESHttp*",
          Resource: `${domainArn}/*`,
        },
      }),
    },
    // Without its sign-in page AWS refuses the pool.
    { ...kept, ...(kibana && { dependsOn: [kibana.signIn] }) },
  );
}

// Signed-in users of Dashboards reach its own paths; the domain's API, past it, stays closed to them.
if (kibana && domain) {
  new aws.iam.RolePolicy("KibanaOperatorPolicy", {
    role: kibana.operator.id,
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: {
        Effect: "Allow",
        Action: ["es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost", "es:ESHttpPut", "es:ESHttpDelete"],
        Resource: `${domainArn}/_dashboards/*`,
      },
    }),
  });
}

interface Statement {
  readonly actions: string[];
  readonly resources: string[];
}

/** A statement on paths of the domain; none where there is no domain. */
function on(list: readonly string[], ...actions: string[]): Statement[] {
  return domainName === undefined ? [] : [{ actions, resources: list.map((path) => `${domainArn}/${path}`) }];
}

/** Permission to write documents and to add names to mappings; not to search, and not to drop an index. */
export const writeStore = [
  ...on(["_bulk", "_mget"], "es:ESHttpPost"),
  ...on(["*/_mapping"], "es:ESHttpGet", "es:ESHttpPut"),
];

/** Permission to ask questions: plain ones of an alias, and those of a snapshot, which the engine wants without a name. */
export const readStore = [
  ...on(["*/_search", "_search", "*/_search/point_in_time"], "es:ESHttpPost"),
  ...on(["_search/point_in_time"], "es:ESHttpDelete"),
];

/** Permission to ask which indexes hold events of a time: a question that needs a snapshot makes it of those. */
export const findEvents = on(["*/_field_caps"], "es:ESHttpPost");

/** Permission to ask how many events each index has: how full the fullest shard is. */
export const listIndexes = on(["_cat/indices/*"], "es:ESHttpGet");

/** Permission to delete events: to find them, to note that they were deleted, and to take them out; not to drop an index. */
export const eraseEvents = on(["_bulk", "*/_refresh", "*/_delete_by_query"], "es:ESHttpPost");

/** Permission to write executions, beside the events and past them, and to make the template of their months. */
export const writeExecutions = [
  ...on(["*-executions-*/_bulk"], "es:ESHttpPost"),
  ...on(["_index_template/*-executions"], "es:ESHttpPut"),
];

/** Permission to search executions. Whoever may ask the store anything has it already. */
export const findExecutions = on(["*-executions-*/_search"], "es:ESHttpPost");

/** Permission to make templates and the months ahead, and to drop months whose time is over. */
export const keepStore = on(["*"], "es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPut", "es:ESHttpPost", "es:ESHttpDelete");

function address(): $util.Input<string> {
  if (domain) return $interpolate`https://${domain.endpoint}`;
  if (domainName === undefined) return "http://127.0.0.1:9200";
  return $interpolate`https://${aws.opensearch.getDomainOutput({ domainName }).endpoint}`;
}

/** Where the store is. On a shared domain every developer has indexes of their own. */
export const storeAddress = {
  OPENSEARCH_URL: address(),
  ...($dev && { OPENSEARCH_PREFIX: `dev-${$app.stage.toLowerCase()}` }),
};

/** Where functions find the store and how to use it. */
export const storeEnvironment = {
  ...storeAddress,
  OPENSEARCH_SHARDS: String(domainSize.shards),
  OPENSEARCH_GROUPS: String(stage.groups ?? domainSize.groups),
  OPENSEARCH_REPLICAS: replicated ? "1" : "0",
  OPENSEARCH_REFRESH_SECONDS: String(stage.refreshSeconds),
  OPENSEARCH_BULK_BYTES: String(domainSize.bulkBytes),
};
