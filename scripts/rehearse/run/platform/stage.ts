import type { Account } from "../calls/call.ts";
import {
  functionNamed,
  mappingTo,
  only,
  readDeployment,
  shortName,
  type CorsConfiguration,
  type DeployedFunction,
  type Deployment,
  type Emulator,
} from "../deployed/deployment.ts";
import { createEdge } from "../edge/edge.ts";
import { createAuthorize, roleOf, type Who } from "../gateway/authorize.ts";
import { makeCertificate } from "../gateway/certificate.ts";
import { startGateway } from "../gateway/gateway.ts";
import { createMeter, type Meter } from "../gateway/meter.ts";
import { createUsage, type Usage } from "../gateway/usage.ts";
import type { GatewayRequest } from "../http-api/event.ts";
import { createHttpApi, type HttpAnswer } from "../http-api/http-api.ts";
import { statementsOf, type Statement } from "../iam/statement.ts";
import { createSessions } from "./credentials.ts";
import { createFunctions, type Functions } from "./functions.ts";
import { createMails, type Mails } from "./mails.ts";
import { createMapping, type Batch } from "./mapping.ts";
import { createSignedCall } from "./signed-call.ts";
import { signedFor } from "./signed-for.ts";
import { startSlack, type Slack } from "./slack.ts";
import { createSubscriptions, type Delivered } from "./subscriptions.ts";

export interface StageOptions {
  readonly emulator: Emulator;
  /** Of a real node, without a slash at the end. */
  readonly openSearch: string;
  readonly stage: string;
  /** For zips and certificates; the caller removes it. */
  readonly folder: string;
}

/** A deployed stage that runs: its own zips, environments, roles and routes, and AWS's parts between them. */
export interface Stage {
  readonly deployment: Deployment;
  readonly functions: Functions;
  readonly usage: Usage;
  readonly meter: Meter;
  readonly slack: Slack;
  readonly mails: Pick<Mails, "taken">;
  /** A request at CloudFront. */
  request(request: GatewayRequest): Promise<HttpAnswer>;
  /** The same, with another CORS configuration at the gateway than was deployed; null is none. */
  requestWithCors(cors: CorsConfiguration | null): (request: GatewayRequest) => Promise<HttpAnswer>;
  /** Hands one batch to the collector, in a fresh environment if that is wanted; undefined when nothing waits. */
  deliver(how?: { readonly fresh?: boolean }): Promise<Batch | undefined>;
  /** Sends new lines of the functions' logs to whoever is subscribed. */
  deliverLogs(): Promise<Delivered>;
  /** Hands one batch of lines that were given up before to the forwarder; undefined when nothing waits. */
  deliverLate(): Promise<Batch | undefined>;
  /** Runs the schedule whose name holds `name`, in its role's name. */
  schedule(name: string, how?: Parameters<Functions["invokeFresh"]>[2]): Promise<void>;
  /** CloudWatch tells the topic that an alarm changed its state. */
  alarm(message: object): Promise<void>;
  /** Rights that nothing used, by role. */
  unused(): ReturnType<Usage["unused"]>;
  /** Ends all processes, and writes the logs that are not written yet. Safe to repeat. */
  stop(): Promise<void>;
}

export async function startStage({ emulator, openSearch, stage, folder }: StageOptions): Promise<Stage> {
  const deployment = await readDeployment(emulator, stage, folder);
  const account = accountOf(deployment);
  const sessions = createSessions(account.id);
  const usage = createUsage();
  const meter = createMeter();
  const slack = startSlack();
  const mails = createMails();
  const authorize = createAuthorize({ account, usage, policyOf: policiesOf(deployment) });
  const certificate = await makeCertificate(folder, [
    `*.${account.region}.amazonaws.com`,
    `*.s3.${account.region}.amazonaws.com`,
    ...deployment.domains.map(({ endpoint }) => endpoint),
    slack.host,
  ]);
  const gateway = await startGateway({
    certificate,
    account,
    sessions,
    authorize,
    usage,
    meter,
    mails,
    emulator: emulator.url,
    openSearch,
    others: new Map([[slack.host, slack.answer]]),
  });
  const signedCall = createSignedCall({ port: gateway.port, ca: certificate.cert }, account.region);
  const functions = createFunctions({
    deployment,
    sessions,
    gateway: { port: gateway.port, certificateFile: certificate.file },
    signedCall,
  });
  const nameOf = (arn: string) => shortName({ name: arn.split(":function:")[1]?.split(":")[0] ?? arn });

  /** A service of AWS calls a function in its own name, if the function's policy lets it. */
  async function serviceInvokes(service: string, source: string, functionArn: string, event: object): Promise<unknown> {
    const arn = plainArn(functionArn);
    const who: Who = { actor: service, principal: { kind: "service", name: service }, statements: [] };
    const context = { "aws:SourceArn": [source], "aws:SourceAccount": [account.id] };
    const why = authorize(who, { action: "lambda:InvokeFunction", resource: arn, context }, Date.now());
    if (why !== undefined) throw new Error(`${service} may not call ${arn}: ${why}`);
    return functions.invoke(nameOf(arn), event);
  }

  const api = only(deployment.apis, "HTTP APIs");
  const readObject = createObjects(emulator);
  const requestWithCors: Stage["requestWithCors"] = (cors) => {
    const source = `arn:aws:execute-api:${account.region}:${account.id}:${api.id}`;
    const gatewayAnswers = createHttpApi({
      api: { ...api, cors },
      invoke: (arn, end, event) => serviceInvokes("apigateway.amazonaws.com", `${source}/${end}`, arn, event),
    });
    const askApi = (request: GatewayRequest) => {
      meter.count("edge", { service: "apigateway", operation: "request" }, request, 0);
      return gatewayAnswers(request);
    };
    return createEdge({
      edge: deployment.edge,
      origins: new Map([[new URL(api.endpoint).host, askApi]]),
      meter,
      readObject,
    });
  };

  const assume = (made: DeployedFunction) => sessions.assume(made, "lambda.amazonaws.com", shortName(made));
  const queueAt = (queueArn: string) =>
    only(
      deployment.queues.filter(({ arn }) => arn === queueArn),
      `queues ${queueArn}`,
    );
  const mappingOf = (name: string) => {
    const mapping = mappingTo(deployment, name);
    const made = functionNamed(deployment, name);
    return createMapping({
      mapping,
      queue: queueAt(mapping.EventSourceArn),
      session: assume(made),
      signedCall,
      region: account.region,
      invoke: (event, fresh) => functions[fresh ? "invokeFresh" : "invoke"](name, event),
    });
  };
  const deliverLogs = createSubscriptions({
    deployment,
    log: (name) => functions.log(name),
    invoke: (group, arn, event) =>
      serviceInvokes(
        "logs.amazonaws.com",
        `arn:aws:logs:${account.region}:${account.id}:log-group:${group}:*`,
        arn,
        event,
      ),
    async leave(made, destination, record) {
      const QueueUrl = `https://sqs.${account.region}.amazonaws.com${new URL(queueAt(destination).url).pathname}`;
      const body = { QueueUrl, MessageBody: JSON.stringify(record) };
      await signedCall(assume(made), { service: "sqs", target: "AmazonSQS.SendMessage", body });
    },
  });

  let stopping: Promise<void> | undefined;
  async function end(): Promise<void> {
    try {
      await functions.stop();
    } finally {
      await gateway.close();
    }
  }

  return {
    deployment,
    functions,
    usage,
    meter,
    slack,
    mails,
    request: requestWithCors(api.cors),
    requestWithCors,
    deliver: mappingOf("collector"),
    deliverLogs,
    deliverLate: mappingOf("executions"),
    async schedule(name, how) {
      const schedule = only(
        deployment.schedules.filter((each) => each.name.includes(name)),
        `schedules named ${name}`,
      );
      const session = sessions.assume(schedule, "scheduler.amazonaws.com", scheduleName(schedule.name));
      const need = { action: "lambda:InvokeFunction", resource: plainArn(schedule.target), context: {} };
      const who = { actor: session.actor, principal: roleOf(session, account), statements: session.statements };
      const why = authorize(who, need, Date.now());
      if (why !== undefined) throw new Error(`The schedule ${schedule.name} may not call its function: ${why}`);
      const event: unknown = JSON.parse(schedule.input ?? "{}");
      const target = nameOf(schedule.target);
      await (how ? functions.invokeFresh(target, event, how) : functions.invoke(target, event));
    },
    async alarm(message) {
      const topic = only(deployment.topics, "topics");
      const service = "cloudwatch.amazonaws.com";
      const who: Who = { actor: service, principal: { kind: "service", name: service }, statements: [] };
      const context = { "aws:SourceAccount": [account.id] };
      const why = authorize(who, { action: "sns:Publish", resource: topic.arn, context }, Date.now());
      if (why !== undefined) throw new Error(`CloudWatch may not report to ${topic.arn}: ${why}`);
      const Sns = { TopicArn: topic.arn, Subject: null, Message: JSON.stringify(message) };
      for (const { Protocol, Endpoint } of topic.subscriptions)
        if (Protocol === "lambda")
          await serviceInvokes("sns.amazonaws.com", topic.arn, Endpoint, { Records: [{ Sns }] });
    },
    unused() {
      const roles = [
        ...deployment.functions.map((role) => ({ role, actor: shortName(role) })),
        ...deployment.schedules.map((role) => ({ role, actor: scheduleName(role.name) })),
      ];
      return roles.flatMap(({ role, actor }) => usage.unused(actor, sessions.statementsOf(role, actor)));
    },
    stop: () => (stopping ??= end()),
  };
}

/** `UpkeepDaily` of `millrace-production-UpkeepDailySchedule-hmnmtvvr`. */
function scheduleName(name: string): string {
  return name.split("-").at(-2) ?? name;
}

/** Without the version that some name at its end, and without the way an API writes it. */
function plainArn(arn: string): string {
  return /arn:aws:lambda:[^:]+:\d+:function:[^:/]+/.exec(arn)?.[0] ?? arn;
}

function accountOf({ account, region, tables, domains }: Deployment): Account {
  return {
    id: account,
    region,
    partitionKey(table) {
      const schema = tables.find(({ TableName }) => TableName === table)?.KeySchema;
      const key = schema?.find(({ KeyType }) => KeyType === "HASH")?.AttributeName;
      if (key === undefined) throw new Error(`The stage has no table ${table}.`);
      return key;
    },
    domainAt: (host) => domains.find(({ endpoint }) => endpoint === host)?.arn,
  };
}

/** The policies of what can be asked: a resource's own, and those of what it is part of. */
function policiesOf(deployment: Deployment): (arn: string) => readonly Statement[] {
  const { functions, topics, buckets, domains, queues } = deployment;
  const owners: readonly (readonly [string, unknown])[] = [
    ...functions.map(({ arn, policy }) => [arn, policy] as const),
    ...topics.map(({ arn, policy }) => [arn, policy] as const),
    ...buckets.map(({ name, policy }) => [`arn:aws:s3:::${name}`, policy] as const),
    ...domains.map(({ arn, policy }) => [arn, policy] as const),
    ...queues.map(({ arn, attributes }) => [arn, attributes["Policy"]] as const),
  ];
  const read = owners
    .filter(([, policy]) => policy !== null && policy !== undefined && policy !== "")
    .map(([arn, policy]) => ({ arn, statements: statementsOf(policy, `policy of ${arn.split(":").at(-1) ?? arn}`) }));
  return (arn) =>
    read.filter((each) => arn === each.arn || arn.startsWith(`${each.arn}/`)).flatMap(({ statements }) => statements);
}

/** What of an object's own description a viewer is sent. */
const SENT = ["content-type", "cache-control", "etag"] as const;

/** The objects of the stage's buckets, each fetched once: nothing is uploaded while a stage runs, and CloudFront keeps them, too. */
function createObjects({ url }: Emulator): (bucket: string, key: string) => Promise<HttpAnswer | undefined> {
  const kept = new Map<string, Promise<HttpAnswer | undefined>>();
  async function read(path: string): Promise<HttpAnswer | undefined> {
    const response = await fetch(`${url}/${path}`, { headers: signedFor("s3") });
    if (!response.ok) return undefined;
    const headers = Object.fromEntries(
      SENT.flatMap((name) => {
        const value = response.headers.get(name);
        return value === null ? [] : [[name, value] as const];
      }),
    );
    return { status: 200, headers, cookies: [], body: Buffer.from(await response.arrayBuffer()) };
  }
  return (bucket, key) => {
    const path = `${bucket}/${key}`;
    const object = kept.get(path) ?? read(path);
    kept.set(path, object);
    return object;
  };
}
