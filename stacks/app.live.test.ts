import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { commandFindings } from "./evaluate/commands.ts";
import { atEdge } from "./evaluate/edge.ts";
import { runResponseFunction } from "./evaluate/edge-function.ts";
import { evaluate, WEBHOOK } from "./evaluate/evaluate.ts";
import { FUNCTIONS } from "../packages/functions/src/settings.ts";
import type { StageSettings } from "./stages.ts";
import { at, changed, ofType, without, type Graph } from "./evaluate/graph.ts";
import { inventory } from "./evaluate/inventory.ts";
import { operationsFindings, retentionFindings } from "./evaluate/operations.ts";
import { securityFindings, statementsOfRole } from "./evaluate/security.ts";

const STAGES = ["production", "staging", "anna"] as const;
const SECRETS = [WEBHOOK, "generated-OriginPassword"];
const graphs = new Map<string, Graph>();

// The first evaluation on a machine installs SST's platform, which takes a minute.
beforeAll(async () => {
  for (const stage of STAGES) graphs.set(stage, await evaluate(stage));
}, 300_000);

function graphOf(stage: string): Graph {
  const graph = graphs.get(stage);
  if (!graph) throw new Error(`${stage} was not evaluated.`);
  return graph;
}

test("type-checks against SST's own components", () => {
  const root = join(import.meta.dirname, "..");
  const { stdout, status } = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", "stacks"], {
    cwd: root,
    encoding: "utf8",
  });
  expect(stdout).toBe("");
  expect(status).toBe(0);
});

describe.each(STAGES)("stage %s", (stage) => {
  test("creates exactly the resources of the checked-in inventory", async () => {
    await expect(inventory(graphOf(stage))).toMatchFileSnapshot(`inventory/${stage}.txt`);
  });

  test("opens nothing beyond its two entry points, and gives no role more than named actions on named resources", () => {
    expect(securityFindings(graphOf(stage), SECRETS)).toEqual([]);
  });

  test("starts only commands that are there, and deploys what the size gate measures", () => {
    expect(commandFindings(graphOf(stage))).toEqual([]);
  });

  test("has an alarm for every loss, and timeouts and limits that fit each other", () => {
    expect(operationsFindings(graphOf(stage))).toEqual([]);
  });

  test("tells its functions what it is that costs something", () => {
    const alarms = ofType(graphOf(stage), "aws:cloudwatch/metricAlarm:MetricAlarm").length;
    const made = ofType(graphOf(stage), "aws:lambda/function:Function");
    const shapes = made.flatMap((each) => {
      const shape = at(each, "environment", "variables", "STAGE_SHAPE");
      return typeof shape === "string" ? [[each.name, new URLSearchParams(shape).get("alarms")] as const] : [];
    });
    expect(Object.fromEntries(shapes)).toEqual({ HealthFunction: String(alarms), QueryFunction: String(alarms) });
  });

  test("names its resources after itself, so that two stages never meet in one account", () => {
    const named = [
      ...ofType(graphOf(stage), "aws:lambda/function:Function"),
      ...ofType(graphOf(stage), "aws:opensearch/domain:Domain"),
      ...ofType(graphOf(stage), "aws:cloudwatch/metricAlarm:MetricAlarm"),
    ];
    for (const { inputs } of named)
      expect(String(inputs["name"] ?? inputs["domainName"])).toMatch(`millrace-${stage}-`);
  });
});

describe("at CloudFront", () => {
  const production = () => graphOf("production");

  test.each([
    ["a browser that opens the front door", "/", { accept: "text/html,application/xhtml+xml" }, "s3", "/index.html"],
    ["a client that asks for Keen's versions", "/", { accept: "application/json" }, "apiapi.test", "/"],
    ["a client that does not say what it wants", "/", {}, "apiapi.test", "/"],
    ["a page of the dashboard, whatever is accepted", "/shop/visitors", {}, "s3", "/index.html"],
    ["a file of the dashboard", "/assets/app-1a2b3c.js", { accept: "*/*" }, "s3", "/assets/app-1a2b3c.js"],
    ["the tracker's script", "/t.js", { accept: "*/*" }, "s3", "/t.js"],
    ["the tracker's events", "/v1/e", { accept: "*/*" }, "apiapi.test", "/v1/e"],
    ["a question of a browser", "/3.0/projects", { accept: "text/html" }, "apiapi.test", "/3.0/projects"],
    ["a path that only begins like the API's", "/3.0x", { accept: "*/*" }, "s3", "/index.html"],
  ])("%s", async (_who, path, headers, origin, uri) => {
    expect(await atEdge(production(), path, headers)).toMatchObject({ origin, uri });
  });

  test("the viewer's address and the secret are CloudFront's, whatever the viewer sends", async () => {
    const forged = { "x-millrace-origin": "guess", "x-millrace-address": "198.51.100.1:0" };
    const { headers } = await atEdge(production(), "/v1/e", forged);
    expect(headers["x-millrace-origin"]?.value).toBe("generated-OriginPassword");
    expect(headers["x-millrace-address"]?.value).toBe("203.0.113.7:0");
  });

  test("the path is passed on as the viewer wrote it, since the gateway decodes it", async () => {
    const path = "/3.0/projects/p/events/a%2Fb%3Fc";
    const { headers } = await atEdge(production(), path, { "x-millrace-path": "/v1/e" });
    expect(headers["x-millrace-path"]?.value).toBe(path);
    expect((await atEdge(production(), "/")).headers["x-millrace-path"]?.value).toBe("/");
  });
});

/** What a viewer gets of an answer's headers, after the function that CloudFront runs for it. */
function answered(uri: string, headers: Record<string, string>): Promise<Record<string, string>> {
  const [edge] = ofType(graphOf("production"), "aws:cloudfront/function:Function").filter(({ inputs }) =>
    String(inputs["code"]).includes("access-control-allow-origin"),
  );
  return runResponseFunction(String(edge?.inputs["code"]), uri, headers);
}

test.each([
  ["/t.js", "*"],
  ["/t.scroll.widgets.1a2b3c4d.js", "*"],
  ["/t.mjs", "*"],
  ["/index.html", undefined],
  ["/v1/t.js", undefined],
])("a page of another origin may read %s: %s", async (uri, allowed) => {
  expect((await answered(uri, {}))["access-control-allow-origin"]).toBe(allowed);
});

test("pages of ours load nothing from elsewhere and are framed by nobody; an embed's page has rules of its own", async () => {
  const html = { "content-type": "text/html; charset=utf-8" };
  const page = await answered("/index.html", html);
  const onOneMachine = readFileSync(join(import.meta.dirname, "../packages/local/src/static-files.ts"), "utf8");
  expect(onOneMachine).toContain(`"${page["content-security-policy"]}"`);
  expect(page).toMatchObject({
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "strict-transport-security": expect.stringMatching(/^max-age=\d+$/),
  });
  const embed = { ...html, "content-security-policy": "frame-ancestors https://shop.example" };
  expect(await answered("/embed", embed)).toMatchObject(embed);
  expect(await answered("/3.0/projects", { "content-type": "application/json" })).not.toHaveProperty("referrer-policy");
});

describe("under sst dev", () => {
  const SHARED = "millrace-staging-events";
  let local: Graph;
  let shared: Graph;
  beforeAll(async () => {
    local = await evaluate("anna", "dev");
    shared = await evaluate("anna", "dev", { env: { DEV_DOMAIN: SHARED } });
  }, 300_000);
  const collector = (graph: Graph) => {
    const made = ofType(graph, "aws:lambda/function:Function").find(({ name }) => name === "CollectorFunction");
    if (!made) throw new Error("There is no collector.");
    return made;
  };
  const variables = (graph: Graph) => at(collector(graph), "environment", "variables") as Record<string, string>;
  const onDomains = (graph: Graph) =>
    ofType(graph, "aws:iam/role:Role")
      .flatMap(statementsOfRole)
      .filter(({ actions }) => actions.some((action) => action.startsWith("es:")))
      .flatMap(({ resources }) => resources);

  test("creates exactly the resources of the checked-in inventory", async () => {
    await expect(inventory(local)).toMatchFileSnapshot("inventory/anna-dev.txt");
  });

  test("makes nothing that takes half an hour or costs money by the hour, and wakes nobody", () => {
    for (const graph of [local, shared]) {
      expect(ofType(graph, "aws:opensearch/domain:Domain")).toEqual([]);
      expect(ofType(graph, "aws:cloudfront/distribution:Distribution")).toEqual([]);
      expect(ofType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm")).toEqual([]);
      expect(ofType(graph, "aws:lambda/invocation:Invocation")).toEqual([]);
    }
  });

  test("starts the dashboard's own server, and tells it where the stage's API is", () => {
    expect(ofType(local, "sst:pane")).toMatchObject([
      { inputs: { command: "npm run dev", directory: "web", environment: { MILLRACE_URL: "https://ApiApi.test" } } },
    ]);
    expect(commandFindings(local)).toEqual([]);
  });

  test("uses the OpenSearch on this machine, in indexes of its own, and no role reaches a domain", () => {
    expect(variables(local)).toMatchObject({
      OPENSEARCH_URL: "http://127.0.0.1:9200",
      OPENSEARCH_PREFIX: "dev-anna",
    });
    expect(onDomains(local)).toEqual([]);
  });

  test("or a shared domain, in indexes of its own, and roles reach that domain alone", () => {
    expect(variables(shared)).toMatchObject({
      OPENSEARCH_URL: `https://${SHARED}.us-east-1.es.amazonaws.com`,
      OPENSEARCH_PREFIX: "dev-anna",
    });
    expect(onDomains(shared).length).toBeGreaterThan(0);
    for (const resource of onDomains(shared)) expect(resource).toContain(`:domain/${SHARED}/`);
  });
});

test("deploys every function of the table of settings, and no other", () => {
  const names = ofType(graphOf("production"), "aws:lambda/function:Function").map(({ name }) => name);
  expect(names).toEqual(
    Object.keys(FUNCTIONS)
      .map((name) => `${name.charAt(0).toUpperCase()}${name.slice(1)}Function`)
      .sort(),
  );
});

test.each([
  ["standard, as it is", {}, "4"],
  ["large: it begins with room for many tenants", { domain: "large" }, "8"],
  ["as many as the stage says", { domain: "large", groups: 16 }, "16"],
] as const)(
  "groups of projects: %s",
  async (_name, settings, groups) => {
    const graph = await evaluate("production", "deploy", { settings });
    const told = ofType(graph, "aws:lambda/function:Function").flatMap((made) => {
      const value = at(made, "environment", "variables", "OPENSEARCH_GROUPS");
      return value === undefined ? [] : [value];
    });
    // Whoever writes, asks or makes months must agree.
    expect(told.length).toBeGreaterThan(3);
    expect(new Set(told)).toEqual(new Set([groups]));
  },
  60_000,
);

test("an existing domain and an existing bucket are used, and neither is made, changed or lost sight of", async () => {
  const settings = { existingDomain: "company-search", archive: { existing: "company-archive" } };
  const graph = await evaluate("production", "deploy", { settings });
  expect([...securityFindings(graph, SECRETS), ...operationsFindings(graph)]).toEqual([]);
  expect(ofType(graph, "aws:opensearch/domain:Domain")).toEqual([]);
  expect(ofType(graph, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")).toEqual([]);
  const collector = ofType(graph, "aws:lambda/function:Function").find(({ name }) => name === "CollectorFunction");
  expect(collector && at(collector, "environment", "variables")).toMatchObject({
    OPENSEARCH_URL: "https://company-search.us-east-1.es.amazonaws.com",
    ARCHIVE_BUCKET: "company-archive",
  });
  const alarms = ofType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm").filter(({ name }) => name === "StoreRedAlarm");
  expect(alarms.map((alarm) => at(alarm, "dimensions", "DomainName"))).toEqual(["company-search"]);
});

describe("with every switch on that the table has off", () => {
  const network = {
    vpc: "vpc-1",
    subnets: ["subnet-1", "subnet-2", "subnet-3"],
    securityGroup: "sg-1",
    routeTables: ["rtb-1"],
  };
  let graph: Graph;
  const one = (type: string) => {
    const [resource] = ofType(graph, type);
    if (!resource) throw new Error(`There is no ${type}.`);
    return resource;
  };
  beforeAll(async () => {
    const settings: Partial<StageSettings> = {
      network,
      kibana: true,
      customDomain: "stats.example.com",
      certificate: "arn:aws:acm:us-east-1:123456789012:certificate/1",
      alarmEmail: "ops@example.com",
      mailFrom: { name: "Usage", address: "reports@example.com" },
      windowSeconds: 5,
      budgetByTag: true,
      proxies: ["203.0.113.0/24", "2001:db8::/32"],
      retentionMonths: 4,
      alarmOnSilence: true,
    };
    graph = await evaluate("production", "deploy", { settings });
  });

  test("nothing fits less well; only Dashboards' two roles are left for a reviewer", () => {
    expect(operationsFindings(graph)).toEqual([]);
    for (const finding of securityFindings(graph, SECRETS)) expect(finding).toContain("Kibana");
  });

  test("mail is sent from one address, and by one function", () => {
    const senders = ofType(graph, "aws:iam/role:Role").filter((role) => JSON.stringify(role.inputs).includes("ses:"));
    expect(senders.map(({ name }) => name)).toEqual(["ReportsRole"]);
    expect(JSON.stringify(senders[0]?.inputs)).toContain("reports@example.com");
  });

  test("what reaches the store runs in the network, with ways to queue, registry and archive", () => {
    const inside = ofType(graph, "aws:lambda/function:Function").filter((made) => at(made, "vpcConfig") !== undefined);
    expect(inside.map(({ name }) => name)).toEqual([
      "CollectorFunction",
      "ExecutionsFunction",
      "HealthFunction",
      "ManageFunction",
      "QueryFunction",
      "RefreshFunction",
      "ReportsFunction",
      "UpkeepFunction",
    ]);
    expect(at(one("aws:opensearch/domain:Domain"), "vpcOptions")).toEqual({
      subnetIds: network.subnets,
      securityGroupIds: ["sg-1"],
    });
    expect(ofType(graph, "aws:ec2/vpcEndpoint:VpcEndpoint").map((way) => at(way, "serviceName"))).toEqual([
      "com.amazonaws.us-east-1.s3",
      "com.amazonaws.us-east-1.monitoring",
      "com.amazonaws.us-east-1.sqs",
      "com.amazonaws.us-east-1.dynamodb",
    ]);
  });

  test("the deploy runs upkeep only when the ways are there", () => {
    const undone = graph.map((each) => (each.name === "UpkeepOnDeploy" ? { ...each, dependsOn: ["QueueWay"] } : each));
    expect(operationsFindings(undone)).toEqual([
      expect.stringContaining("(RegistryWay)"),
      expect.stringContaining("(ArchiveWay)"),
      expect.stringContaining("(MetricsWay)"),
    ]);
  });

  test("a name hosted elsewhere, an e-mail address, a window of five seconds, a budget by tag, declared proxies", () => {
    expect(inventory(graph)).toContain("window 5 s");
    expect(at(one("aws:cloudfront/distribution:Distribution"), "aliases")).toEqual(["stats.example.com"]);
    const mail = ofType(graph, "aws:sns/topicSubscription:TopicSubscription").find(({ name }) => name === "ToEmail");
    expect(mail?.inputs).toMatchObject({ protocol: "email", endpoint: "ops@example.com" });
    expect(at(one("aws:budgets/budget:Budget"), "costFilters")).toEqual([
      { name: "TagKeyValue", values: ["user:sst:stage$production"] },
    ]);
    const forwarded = at(one("aws:wafv2/webAcl:WebAcl"), "rules", 1, "statement", "rateBasedStatement");
    expect(forwarded).toMatchObject({ aggregateKeyType: "FORWARDED_IP" });
    // AWS refuses a set with addresses of the other version.
    expect(
      ofType(graph, "aws:wafv2/ipSet:IpSet").map((set) => [at(set, "ipAddressVersion"), at(set, "addresses")]),
    ).toEqual([
      ["IPV4", ["203.0.113.0/24"]],
      ["IPV6", ["2001:db8::/32"]],
    ]);
    const scope = JSON.stringify(at(one("aws:wafv2/webAcl:WebAcl"), "rules"));
    expect(scope.match(/orStatement/g)).toHaveLength(2);
  });

  test("Dashboards: the domain waits for the sign-in page, whose name holds the account", () => {
    expect(at(one("aws:cognito/userPoolDomain:UserPoolDomain"), "domain")).toBe(
      "millrace-production-kibana-123456789012",
    );
    const undone = graph.map((each) => (each.name === "Store" ? { ...each, dependsOn: [] } : each));
    expect(operationsFindings(undone).join()).toContain("sign-in page");
  });
});

test("production keeps what holds events, whatever is removed from the configuration", () => {
  expect(retentionFindings(graphOf("production"))).toEqual([]);
});

test("a personal stage disappears completely", () => {
  expect(graphOf("anna").filter((resource) => resource.protect || resource.retainOnDelete)).toEqual([]);
});

test("the tracker's scripts are cached for an hour, not for the year that files get whose name pins their content", () => {
  const [upload] = graphOf("production").filter(({ name }) => name.startsWith("WebAssetFiles"));
  const files = upload?.inputs["files"] as { key: string; cacheControl: string }[];
  expect(Object.fromEntries(files.map(({ key, cacheControl }) => [key, cacheControl.split(",")[0]]))).toEqual({
    "t.js": "max-age=3600",
    "t.mjs": "max-age=3600",
    "t.scroll.js": "max-age=3600",
    "t.scroll.1a2b3c4d.js": "max-age=31536000",
    "t.1a2b3c4d.js": "max-age=31536000",
    "index.html": "max-age=0",
    "assets/app-1a2b3c.js": "max-age=31536000",
  });
});

describe("a careless edit is found", () => {
  const role = (statement: object) => ({
    inlinePolicies: [{ name: "inline", policy: JSON.stringify({ statements: [statement] }) }],
  });
  const events = "arn:aws:sqs:us-east-1:123456789012:EventsQueue";
  const production = () => graphOf("production");

  test.each([
    [
      "a role with all actions of a service",
      () => changed(production(), "IngestRole", role({ actions: ["sqs:*"], resources: [events] })),
      "sqs:*",
    ],
    [
      "a role with all resources",
      () => changed(production(), "QueryRole", role({ actions: ["dynamodb:GetItem"], resources: ["*"] })),
      "QueryRole",
    ],
    [
      "a managed policy",
      () =>
        changed(production(), "CollectorRole", { managedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"] }),
      "managed",
    ],
    [
      "a role others may assume",
      () => changed(production(), "IngestRole", { assumeRolePolicy: { Statement: [{ Principal: { AWS: "*" } }] } }),
      "assumed by *",
    ],
    [
      "a domain for everybody",
      () =>
        changed(production(), "Store", {
          accessPolicies: { Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }] },
        }),
      "lets * in",
    ],
    [
      "a domain with a master user",
      () =>
        changed(production(), "Store", { advancedSecurityOptions: { masterUserOptions: { masterUserName: "admin" } } }),
      "master user",
    ],
    [
      "a queue without encryption",
      () => changed(production(), "EventsQueue", { sqsManagedSseEnabled: false }),
      "encrypted",
    ],
    [
      "a bucket that may become public",
      () => changed(production(), "ArchivePublicAccessBlock", { blockPublicPolicy: false }),
      "public",
    ],
    [
      "salts that can be restored",
      () => changed(production(), "SaltsTable", { pointInTimeRecovery: { enabled: true } }),
      "SaltsTable can be restored",
    ],
    [
      "salts among what is kept",
      () =>
        changed(
          production(),
          "IngestRole",
          role({
            actions: ["dynamodb:PutItem"],
            resources: ["arn:aws:dynamodb:us-east-1:123456789012:table/RegistryTable"],
            conditions: [{ test: "ForAllValues:StringLike", variable: "dynamodb:LeadingKeys", values: ["salts"] }],
          }),
        ),
      "IngestRole may write salts into another table",
    ],
    [
      "a function with a public address",
      () => [...production(), { type: "aws:lambda/functionUrl:FunctionUrl", name: "QueryUrl", inputs: {} }],
      "QueryUrl",
    ],
    [
      "a secret in an environment",
      () => changed(production(), "AlarmFunction", { environment: { variables: { KEY: WEBHOOK } } }),
      "secret",
    ],
    [
      "an access log with addresses",
      () => changed(production(), "ApiStage", { accessLogSettings: { format: "$context.identity.sourceIp" } }),
      "sourceIp",
    ],
  ])("%s", (_name, edit, says) => {
    expect(securityFindings(edit(), SECRETS).join("\n")).toContain(says);
  });

  test.each([
    [
      "a queue without dead letters",
      () => changed(production(), "EventsQueue", { redrivePolicy: undefined }),
      "no dead-letter queue",
    ],
    [
      "a log that is not forwarded",
      () => without(production(), "CollectorExecutions"),
      "The executions of CollectorFunction cannot be searched",
    ],
    [
      "a forwarder that sets itself off",
      () => {
        const [filter] = ofType(production(), "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter");
        if (!filter) throw new Error("No log is subscribed.");
        const inputs = { ...filter.inputs, logGroup: "/millrace/production/executions" };
        return [...production(), { ...filter, name: "ExecutionsExecutions", inputs }];
      },
      "forwards its own log",
    ],
    ["a missing alarm on dead letters", () => without(production(), "DeadLettersAlarm"), "Nobody hears"],
    ["a missing alarm on errors", () => without(production(), "HealthErrorsAlarm"), "no alarm on Errors"],
    ["no partial responses", () => changed(production(), mapping(), { functionResponseTypes: [] }), "whole batch"],
    [
      "no maximum concurrency",
      () => changed(production(), mapping(), { scalingConfig: undefined }),
      "maximum concurrency",
    ],
    [
      "less concurrency reserved than fed",
      () => changed(production(), "CollectorFunction", { reservedConcurrentExecutions: 5 }),
      "end up dead",
    ],
    [
      "a timeout beyond the visibility",
      () => changed(production(), "CollectorFunction", { timeout: 120 }),
      "while CollectorFunction works",
    ],
    [
      "messages of the old size",
      () => changed(production(), "EventsQueue", { maxMessageSize: 262_144 }),
      "refuses messages",
    ],
    [
      "half a throttle",
      () => changed(production(), "ApiStage", { defaultRouteSettings: { throttlingRateLimit: 10 } }),
      "every request",
    ],
    [
      "an archive that the collector may not write to",
      () =>
        changed(
          production(),
          "CollectorRole",
          role({ actions: ["s3:PutObject"], resources: ["arn:aws:s3:::x/dead/*"] }),
        ),
      "Collector may not write to raw/*",
    ],
    [
      "a collector that is not told of the archive",
      () => changed(production(), "CollectorFunction", { environment: { variables: {} }, timeout: 60 }),
      "Collector is not told of the archive",
    ],
    [
      "an archive that forgets everything after a month",
      () =>
        changed(production(), "ArchiveLifecycle", { rules: [{ filter: { prefix: "" }, expiration: { days: 30 } }] }),
      "forgets dead letters",
    ],
    [
      "a gateway that answers preflights itself",
      () => changed(production(), "ApiApi", { corsConfiguration: {} }),
      "takes the CORS headers away",
    ],
    [
      "a collector that does not wait for the templates",
      () => production().map((each) => (each.name === "Collector" ? { ...each, dependsOn: [] } : each)),
      "before the store has templates",
    ],
    [
      "a budget that comes too early",
      () => production().map((each) => (each.name === "Budget" ? { ...each, dependsOn: [] } : each)),
      "does not let it in",
    ],
    ["two nodes", () => changed(production(), "Store", { clusterConfig: { instanceCount: 2 } }), "no quorum"],
    [
      "a visibility without the window",
      () => changed(production(), "EventsQueue", { visibilityTimeoutSeconds: 360 }),
      "while CollectorFunction works",
    ],
    [
      "metrics of each route",
      () => changed(production(), "ApiStage", { defaultRouteSettings: { detailedMetricsEnabled: true } }),
      "metrics of each route",
    ],
    [
      "the platform's own lines",
      () => changed(production(), "IngestFunction", { loggingConfig: { logFormat: "JSON" } }),
      "the platform's lines",
    ],
    [
      "an alarm that never ends",
      () =>
        changed(production(), "StoreRejectionsAlarm", {
          namespace: "AWS/ES",
          metricName: "PrimaryWriteRejected",
          metricQueries: undefined,
        }),
      "never ends",
    ],
    [
      "an alarm on the young generation",
      () => changed(production(), "StoreMemoryFullAlarm", { threshold: 80 }),
      "cries without need",
    ],
    [
      "an archive shorter than the events' life",
      () =>
        changed(production(), "ArchiveLifecycle", {
          rules: [{ filter: { prefix: "raw/" }, expiration: { days: 30 } }],
        }),
      "forgets messages whose events are kept",
    ],
    [
      "a viewer's place that stays at CloudFront",
      () => changed(production(), cachePolicy(), { parametersInCacheKeyAndForwardedToOrigin: {} }),
      "CloudFront-Viewer-Country on",
    ],
    [
      "answers that nobody packs",
      () => changed(production(), cachePolicy(), { parametersInCacheKeyAndForwardedToOrigin: {} }),
      "enableAcceptEncodingGzip is not set",
    ],
    [
      "files that nobody packs",
      () => changed(production(), "RouterCdnDistribution", { defaultCacheBehavior: { compress: false } }),
      "none of the site's files",
    ],
    [
      "errors that are kept",
      () => changed(production(), "RouterCdnDistribution", { customErrorResponses: undefined }),
      "503 to everybody",
    ],
    [
      "a function that AWS refuses",
      () => changed(production(), edgeFunction(), { code: "x".repeat(10_300) }),
      "AWS refuses more",
    ],
    [
      "a firewall that says never again",
      () => changed(production(), "RouterWaf", { rules: [{ name: "limit", action: { block: {} } }] }),
      "do not repeat after a 403",
    ],
    [
      "a firewall that counts servers",
      () => changed(production(), "RouterWaf", { rules: [{ name: "limit", statement: { rateBasedStatement: {} } }] }),
      "cuts servers off",
    ],
    ["no IPv6", () => changed(production(), "RouterCdnDistribution", { isIpv6Enabled: false }), "IPv6"],
    ["a log without an end", () => changed(production(), "IngestLogs", { retentionInDays: 0 }), "for ever"],
  ])("%s", (_name, edit, says) => {
    expect(operationsFindings(edit()).join("\n")).toContain(says);
  });

  test.each([
    ["a build that is no script", () => changed(production(), "WebBuilder", { create: "npm run nothing" }), "nothing"],
    [
      "a deploy that also measures the bundles",
      () => changed(production(), "WebBuilder", { create: "npm run build" }),
      "builds more than the site",
    ],
    [
      "a pane that names the workspace it is in",
      () => [
        ...production(),
        { type: "sst:pane", name: "Web", inputs: { command: "npm run dev -w web", directory: "web" } },
      ],
      "npm run dev -w web",
    ],
    [
      "bundles other than those measured",
      () => production().map((each) => (each.type === "sst:build" ? { ...each, inputs: { properties: {} } } : each)),
      "is not minified",
    ],
  ])("%s", (_name, edit, says) => {
    expect(commandFindings(edit()).join("\n")).toContain(says);
  });

  test("a queue that the next deploy may delete", () => {
    const graph = production().map((each) =>
      each.name === "EventsQueue" ? { ...each, protect: false, retainOnDelete: false } : each,
    );
    expect(retentionFindings(graph)).toEqual([
      "EventsQueue is not protected.",
      "EventsQueue would be deleted with its line.",
    ]);
  });

  test("an alarm on credits, which burstable nodes of today do not tell of", () => {
    const edit = changed(graphOf("staging"), "StoreCpuAlarm", { metricName: "CPUCreditBalance" });
    expect(operationsFindings(edit).join()).toContain("never comes");
  });

  function cachePolicy(): string {
    return ofType(production(), "aws:cloudfront/cachePolicy:CachePolicy")[0]?.name ?? "";
  }

  function edgeFunction(): string {
    return ofType(production(), "aws:cloudfront/function:Function")[0]?.name ?? "";
  }

  function mapping(): string {
    return ofType(production(), "aws:lambda/eventSourceMapping:EventSourceMapping")[0]?.name ?? "";
  }
});
