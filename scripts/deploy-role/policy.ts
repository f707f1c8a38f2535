/** A call of AWS's API as the rehearsal records it, one line of JSON each. */
export interface RecordedCall {
  /** Who made it; `rehearsal`: the rehearsal itself, looking at what is there. */
  readonly actor: string;
  /** Name under which the request was signed, such as `monitoring`. */
  readonly service: string;
  /** AWS's name of the operation, such as `PutMetricAlarm`. */
  readonly action: string;
  /** What was rehearsed; `run`: the functions' own calls, under their own roles; `dev`: live development. Absent: a deploy. */
  readonly step?: string;
}

/** `sst dev` belongs to a developer, with rights of their own. */
const isOfDeploy = ({ actor, step }: RecordedCall): boolean =>
  actor !== "rehearsal" && step !== "run" && step !== "dev";

export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
}

export interface Policy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/** Services whose name in policies is another than the one they sign with. */
const PREFIX: Readonly<Record<string, string>> = { monitoring: "cloudwatch" };

/** Operations that policies know by another name. https://docs.aws.amazon.com/service-authorization */
const RENAMED: Readonly<Record<string, readonly string[]>> = {
  "s3:ListObjectsV2": ["s3:ListBucket"],
  "s3:ListObjects": ["s3:ListBucket"],
  "s3:HeadBucket": ["s3:ListBucket"],
  "s3:HeadObject": ["s3:GetObject"],
  "s3:DeleteObjects": ["s3:DeleteObject"],
  "s3:PutPublicAccessBlock": ["s3:PutBucketPublicAccessBlock"],
  "s3:DeletePublicAccessBlock": ["s3:PutBucketPublicAccessBlock"],
  "s3:PutBucketCors": ["s3:PutBucketCORS"],
  "s3:DeleteBucketCors": ["s3:PutBucketCORS"],
  "s3:PutBucketLifecycleConfiguration": ["s3:PutLifecycleConfiguration"],
  "s3:DeleteBucketLifecycle": ["s3:PutLifecycleConfiguration"],
  "s3:DeleteBucketTagging": ["s3:PutBucketTagging"],
  "lambda:Invoke": ["lambda:InvokeFunction"],
  "cloudfront:CreateDistributionWithTags": ["cloudfront:CreateDistribution", "cloudfront:TagResource"],
  "budgets:CreateBudget": ["budgets:ModifyBudget"],
  "budgets:UpdateBudget": ["budgets:ModifyBudget"],
  "budgets:DeleteBudget": ["budgets:ModifyBudget"],
  "budgets:DescribeBudget": ["budgets:ViewBudget"],
  "budgets:DescribeNotificationsForBudget": ["budgets:ViewBudget"],
  "budgets:DescribeSubscribersForNotification": ["budgets:ViewBudget"],
  "wafv2:CreateWebACL": ["wafv2:CreateWebACL", "wafv2:TagResource"],
};

/** The gateway's and AppSync's policies name the verb of the request. */
const BY_VERB: readonly (readonly [begins: RegExp, verb: string])[] = [
  [/^(Get|List)/, "GET"],
  [/^(Create|Import)/, "POST"],
  [/^Update/, "PATCH"],
  [/^(Delete|Reset)/, "DELETE"],
  [/^(Put|Tag)/, "PUT"],
];

const READS = /^(Get|List|Describe|Head)/;

/** What a policy must allow for a call to pass. */
function actionsFor({ service, action }: Pick<RecordedCall, "service" | "action">): readonly string[] {
  const prefix = PREFIX[service] ?? service;
  if (prefix === "apigateway") {
    const verb = BY_VERB.find(([begins]) => begins.test(action))?.[1];
    if (verb === undefined) throw new Error(`No policy is known for ${service} ${action}.`);
    return [`apigateway:${verb}`];
  }
  return RENAMED[`${prefix}:${action}`] ?? [`${prefix}:${action}`];
}

/** Where a service's resources carry the app's name, only those may be touched. */
const OURS: Readonly<Record<string, readonly string[]>> = {
  apigateway: ["arn:aws:apigateway:*::/apis", "arn:aws:apigateway:*::/apis/*", "arn:aws:apigateway:*::/tags/*"],
  cloudwatch: ["arn:aws:cloudwatch:*:ACCOUNT:alarm:millrace-*", "arn:aws:cloudwatch::ACCOUNT:dashboard/millrace-*"],
  dynamodb: ["arn:aws:dynamodb:*:ACCOUNT:table/millrace-*"],
  ecr: ["arn:aws:ecr:*:ACCOUNT:repository/sst-asset"],
  es: ["arn:aws:es:*:ACCOUNT:domain/millrace-*"],
  iam: ["arn:aws:iam::ACCOUNT:role/millrace-*"],
  // An event-source mapping is named by AWS; its tags are set on it.
  lambda: ["arn:aws:lambda:*:ACCOUNT:function:millrace-*", "arn:aws:lambda:*:ACCOUNT:event-source-mapping:*"],
  s3: ["arn:aws:s3:::millrace-*", "arn:aws:s3:::sst-asset-*", "arn:aws:s3:::sst-state-*"],
  scheduler: ["arn:aws:scheduler:*:ACCOUNT:schedule/*/millrace-*"],
  sns: ["arn:aws:sns:*:ACCOUNT:millrace-*"],
  sqs: ["arn:aws:sqs:*:ACCOUNT:millrace-*"],
  ssm: ["arn:aws:ssm:*:ACCOUNT:parameter/sst/*"],
};

/** Such calls name no resource, or one that AWS has named (an event-source mapping, a log group that is described). */
const NAMELESS = new Set([
  "lambda:CreateEventSourceMapping",
  "lambda:DeleteEventSourceMapping",
  "lambda:UpdateEventSourceMapping",
]);

/** By themselves these change nothing that costs or holds data, and the provider reads back whatever it wrote. */
const READING = ["Get*", "List*", "Describe*"];
/** Where policies name reading in another way. */
const READING_OF: Readonly<Record<string, readonly string[]>> = {
  apigateway: ["GET"],
  budgets: ["ViewBudget", "ListTagsForResource"],
};
/** Of these, only what is ours is read: what a bucket holds, and the gateway's own tree. */
const READ_OURS = new Set(["apigateway", "s3"]);

/**
 * What lets calls pass: what changes something by its exact name and, where a service's resources carry the app's name, on those
 * alone; reading by service, since the real provider reads back more than the rehearsal's stand-in.
 * @param account twelve digits, or a word to be replaced
 */
export function statementsFor(calls: readonly RecordedCall[], account: string): Statement[] {
  const made = calls.filter(isOfDeploy);
  const services = new Map<string, Set<string>>();
  for (const call of made) {
    for (const action of actionsFor(call)) {
      const [prefix = ""] = action.split(":");
      const actions = services.get(prefix) ?? new Set();
      if (!READS.test(call.action)) actions.add(action);
      services.set(prefix, actions);
    }
  }
  return [...services]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([prefix, writes]): Statement[] => {
      const named = (OURS[prefix] ?? ["*"]).map((arn) => arn.replace("ACCOUNT", account));
      const withObjects = prefix === "s3" ? named.flatMap((arn) => [arn, `${arn}/*`]) : named;
      const sid = prefix.replaceAll(/\W/g, "");
      const statement = (Sid: string, Action: string[], Resource: string | string[]): Statement[] =>
        Action.length === 0 ? [] : [{ Sid, Effect: "Allow", Action, Resource }];
      const sorted = [...writes].sort();
      const where = withObjects[0] === "*" ? "*" : withObjects;
      return [
        ...statement(
          `${sid}Change`,
          sorted.filter((action) => !NAMELESS.has(action)),
          where,
        ),
        ...statement(
          `${sid}Nameless`,
          sorted.filter((action) => NAMELESS.has(action)),
          "*",
        ),
        ...statement(
          `${sid}Read`,
          (READING_OF[prefix] ?? READING).map((name) => `${prefix}:${name}`),
          READ_OURS.has(prefix) ? where : "*",
        ),
      ];
    });
}

/** Hands the app's own roles over to the services that take them. */
export function passing(sid: string, account: string, services: readonly string[]): Statement {
  return {
    Sid: sid,
    Effect: "Allow",
    Action: ["iam:PassRole"],
    Resource: `arn:aws:iam::${account}:role/millrace-*`,
    Condition: { StringEquals: { "iam:PassedToService": services } },
  };
}

/**
 * The least that a deploy needs, from the calls that a rehearsed one made.
 * @param account twelve digits, or a word to be replaced
 */
export function deployPolicy(calls: readonly RecordedCall[], account: string): Policy {
  return {
    Version: "2012-10-17",
    Statement: [
      ...statementsFor(calls, account),
      passing("HandRolesOver", account, ["lambda.amazonaws.com", "scheduler.amazonaws.com"]),
      {
        // AWS makes these itself on the first use of a service in an account.
        Sid: "RolesOfServices",
        Effect: "Allow",
        Action: ["iam:CreateServiceLinkedRole"],
        Resource: `arn:aws:iam::${account}:role/aws-service-role/*`,
      },
    ],
  };
}

/**
 * Calls that a policy would refuse, each once, as `service:Action`. It compares names alone: a right that is there on another resource
 * counts as there, since the record does not say of every call what it is about.
 */
export function refusedBy(policy: Policy, calls: readonly RecordedCall[]): string[] {
  const allowed = policy.Statement.flatMap(({ Action }) => Action).map(
    (action) => new RegExp(`^${action.replaceAll("*", ".*")}$`),
  );
  const refused = calls
    .filter(isOfDeploy)
    .flatMap(actionsFor)
    .filter((action) => !allowed.some((pattern) => pattern.test(action)));
  return [...new Set(refused)].sort();
}
