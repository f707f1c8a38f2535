import { at, ofType, statementsOf, type Graph, type Resource } from "./graph.ts";

/** Everything the public can talk to. A new way in must be added here, where somebody reviews it. */
const PUBLIC = ["aws:apigatewayv2/api:Api ApiApi", "aws:cloudfront/distribution:Distribution RouterCdnDistribution"];

/** Types that are, or can be made, a way in from the internet. */
const ENTRY_TYPES = [
  "aws:apigatewayv2/api:Api",
  "aws:apigateway/restApi:RestApi",
  "aws:cloudfront/distribution:Distribution",
  "aws:lambda/functionUrl:FunctionUrl",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:ec2/instance:Instance",
];

/** Services that may start something here, and the one account principal that only delegates to the account's own roles. */
const TRUSTED = [
  "lambda.amazonaws.com",
  "scheduler.amazonaws.com",
  "apigateway.amazonaws.com",
  "sns.amazonaws.com",
  "cloudfront.amazonaws.com",
  "cloudwatch.amazonaws.com",
  "logs.amazonaws.com",
  "budgets.amazonaws.com",
  "arn:aws:iam::123456789012:root",
];

/** A function's interface in a network, and AWS's counts: AWS knows no resource for these. */
const UNNAMED = [
  "ec2:CreateNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DeleteNetworkInterface",
  "cloudwatch:GetMetricData",
];

const PERSONAL_LOG_FIELDS = ["sourceIp", "userAgent", "queryString", "$context.path", "authorizer"];

/**
 * What is wrong with a stage's security, one sentence each; empty when nothing is.
 * @param secrets values that no function may have in its environment
 */
export function securityFindings(graph: Graph, secrets: readonly string[]): string[] {
  return [
    ...entryPoints(graph),
    ...roles(graph),
    ...resourcePolicies(graph),
    ...environments(graph, secrets),
    ...encryption(graph),
    ...accessLogs(graph),
    ...salts(graph),
  ];
}

/** A table whose items lead from a visitor's id back to an address. */
export function holdsSalts(table: Resource): boolean {
  return table.name.startsWith("Salts");
}

/** Salts must be gone when their time is over: nothing may bring them back, and no other table may get them. */
function salts(graph: Graph): string[] {
  const tables = ofType(graph, "aws:dynamodb/table:Table");
  const elsewhere = ofType(graph, "aws:iam/role:Role").filter((role) =>
    statementsOfRole(role).some(
      ({ conditions, resources }) =>
        conditions.includes('"salts') && resources.some((resource) => !resource.includes("Salts")),
    ),
  );
  return [
    ...(tables.some(holdsSalts) ? [] : ["There is no table of salts."]),
    ...tables
      .filter(holdsSalts)
      .flatMap((table) => [
        ...(at(table, "pointInTimeRecovery", "enabled") === true ? [`${table.name} can be restored.`] : []),
        ...(table.retainOnDelete ? [`${table.name} stays behind with what is in it.`] : []),
        ...(at(table, "ttl", "enabled") === true ? [] : [`${table.name} keeps what upkeep could not delete.`]),
      ]),
    ...elsewhere.map(({ name }) => `${name} may write salts into another table.`),
  ];
}

function entryPoints(graph: Graph): string[] {
  const found = ENTRY_TYPES.flatMap((type) => ofType(graph, type)).map(({ type, name }) => `${type} ${name}`);
  const unblocked = ofType(graph, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").filter((block) =>
    ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].some(
      (flag) => at(block, flag) !== true,
    ),
  );
  const buckets = ofType(graph, "aws:s3/bucket:Bucket").length;
  const blocks = ofType(graph, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").length;
  return [
    ...found.filter((entry) => !PUBLIC.includes(entry)).map((entry) => `${entry} is open to the public.`),
    ...PUBLIC.filter((entry) => !found.includes(entry)).map((entry) => `${entry} is missing.`),
    ...unblocked.map(({ name }) => `${name} lets a bucket become public.`),
    ...(blocks < buckets ? ["A bucket has no public access block."] : []),
    ...ofType(graph, "aws:lambda/permission:Permission")
      .filter(
        (permission) =>
          at(permission, "sourceArn") === undefined || !TRUSTED.includes(String(at(permission, "principal"))),
      )
      .map(({ name }) => `${name} lets more than one named source call a function.`),
  ];
}

function roles(graph: Graph): string[] {
  return ofType(graph, "aws:iam/role:Role").flatMap((role) => {
    const managed = at(role, "managedPolicyArns");
    return [
      ...statementsOf(at(role, "assumeRolePolicy"))
        .flatMap(({ principals }) => principals)
        .filter((principal) => !/^(lambda|scheduler)\.amazonaws\.com$/.test(principal))
        .map((principal) => `${role.name} can be assumed by ${principal}.`),
      ...(Array.isArray(managed) && managed.length > 0
        ? [`${role.name} has a managed policy: ${managed.join(", ")}.`]
        : []),
      ...statementsOfRole(role).flatMap((statement) => [
        ...statement.actions
          .filter((action) => action.includes("*"))
          .map((action) => `${role.name} may do ${action}: name the actions.`),
        ...statement.resources
          .filter(() => !statement.actions.every((action) => UNNAMED.includes(action)))
          .filter((resource) => resource === "*" || !/^arn:aws:[a-z0-9-]+:[a-z0-9-]*:\d*:[^*]/.test(resource))
          .map((resource) => `${role.name} may reach ${resource}: name the resource.`),
      ]),
    ];
  });
}

/** Every statement of a role's own policies. */
export function statementsOfRole(role: Resource) {
  const policies = at(role, "inlinePolicies");
  return Array.isArray(policies) ? policies.flatMap((each: { policy: unknown }) => statementsOf(each.policy)) : [];
}

function resourcePolicies(graph: Graph): string[] {
  const policies = [
    ...ofType(graph, "aws:opensearch/domain:Domain").map((each) => [each, at(each, "accessPolicies")] as const),
    ...ofType(graph, "aws:sqs/queuePolicy:QueuePolicy").map((each) => [each, at(each, "policy")] as const),
    ...ofType(graph, "aws:sns/topicPolicy:TopicPolicy").map((each) => [each, at(each, "policy")] as const),
    ...ofType(graph, "aws:s3/bucketPolicy:BucketPolicy").map((each) => [each, at(each, "policy")] as const),
  ];
  return policies.flatMap(([resource, policy]) =>
    statementsOf(policy)
      .filter(({ effect }) => effect === "Allow")
      .flatMap(({ principals }) => principals)
      .filter((principal) => !TRUSTED.includes(principal))
      .map((principal) => `${resource.name} lets ${principal} in.`),
  );
}

function environments(graph: Graph, secrets: readonly string[]): string[] {
  return ofType(graph, "aws:lambda/function:Function").flatMap((made) => {
    const environment = JSON.stringify(at(made, "environment") ?? {});
    return secrets
      .filter((secret) => environment.includes(secret))
      .map(() => `${made.name} has a secret in its environment.`);
  });
}

function encryption(graph: Graph): string[] {
  const queues = ofType(graph, "aws:sqs/queue:Queue").filter((queue) => at(queue, "sqsManagedSseEnabled") !== true);
  const domains = ofType(graph, "aws:opensearch/domain:Domain").filter(
    (domain) =>
      at(domain, "encryptAtRest", "enabled") !== true ||
      at(domain, "nodeToNodeEncryption", "enabled") !== true ||
      at(domain, "domainEndpointOptions", "enforceHttps") !== true ||
      !String(at(domain, "domainEndpointOptions", "tlsSecurityPolicy")).startsWith("Policy-Min-TLS-1-2"),
  );
  const users = ofType(graph, "aws:opensearch/domain:Domain").filter((domain) =>
    at(domain, "advancedSecurityOptions", "masterUserOptions"),
  );
  return [
    ...[...queues, ...domains].map(({ name }) => `${name} is not encrypted everywhere.`),
    ...users.map(({ name }) => `${name} has a master user.`),
  ];
}

function accessLogs(graph: Graph): string[] {
  return ofType(graph, "aws:apigatewayv2/stage:Stage").flatMap((stage) => {
    const format = String(at(stage, "accessLogSettings", "format"));
    return PERSONAL_LOG_FIELDS.filter((field) => format.includes(field)).map((field) => `${stage.name} logs ${field}.`);
  });
}
