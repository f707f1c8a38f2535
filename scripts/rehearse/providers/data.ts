import type { Fields, Json } from "./grpc.ts";
import type { Context } from "./kind.ts";
import { run } from "./kinds/local.ts";
import { list, scalar, text } from "./values.ts";

/** What the provider's data sources answer. @throws Error for one that the stand-in has not */
export async function lookUp(token: string, args: Fields, { aws, region, account }: Context): Promise<Fields> {
  switch (token) {
    case "aws:index/getRegion:getRegion":
      return { id: region, name: region, region, description: region, endpoint: `ec2.${region}.amazonaws.com` };
    case "aws:index/getCallerIdentity:getCallerIdentity": {
      const { Account, Arn, UserId } = await aws("sts", "GetCallerIdentity");
      return { id: account, accountId: text({ Account }, "Account"), arn: Arn, userId: UserId };
    }
    case "aws:index/getPartition:getPartition":
      return { id: "aws", partition: "aws", dnsSuffix: "amazonaws.com", reverseDnsPrefix: "com.amazonaws" };
    case "aws:iam/getPolicyDocument:getPolicyDocument": {
      const json = policyDocument(args);
      return { ...args, id: "rehearsal", json, minifiedJson: json };
    }
    case "aws:opensearch/getDomain:getDomain": {
      const { DomainStatus } = await aws("opensearch", "DescribeDomain", { DomainName: args["domainName"] });
      const endpoint = `search-${text(args, "domainName")}-rehearsal.${region}.es.amazonaws.com`;
      return { ...args, id: text(DomainStatus, "ARN"), arn: text(DomainStatus, "ARN"), endpoint };
    }
    // A preview runs the site's build, to see what it would upload.
    case "command:local:run": {
      const command = text(args, "command");
      return { ...args, ...(await run({ ...args, create: command })) };
    }
    default:
      throw new Error(`The stand-in has no data source ${token}: scripts/rehearse/providers/data.ts.`);
  }
}

/** The policy that the provider would write: its own spelling of statements in IAM's. */
function policyDocument(args: Fields): string {
  const Statement = list(args["statements"]).map((statement) => {
    const { sid, effect, actions, notActions, resources, notResources, principals, conditions, ...unknown } = statement;
    const [name] = Object.entries(unknown).find(([, value]) => value !== undefined) ?? [];
    if (name !== undefined) throw new Error(`The stand-in knows no ${name} in a statement.`);
    return {
      ...(sid !== undefined && { Sid: sid }),
      Effect: effect ?? "Allow",
      ...(principals !== undefined && { Principal: principalsOf(list(principals)) }),
      ...(actions !== undefined && { Action: one(actions) }),
      ...(notActions !== undefined && { NotAction: one(notActions) }),
      ...(resources !== undefined && { Resource: one(resources) }),
      ...(notResources !== undefined && { NotResource: one(notResources) }),
      ...(conditions !== undefined && { Condition: conditionsOf(list(conditions)) }),
    };
  });
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

function principalsOf(principals: readonly Fields[]): Json {
  if (principals.some(({ type }) => type === "*")) return "*";
  return Object.fromEntries(principals.map(({ type, identifiers }) => [scalar(type), one(identifiers)]));
}

function conditionsOf(conditions: readonly Fields[]): Json {
  const tests: Record<string, Record<string, Json>> = {};
  for (const { test, variable, values } of conditions) (tests[scalar(test)] ??= {})[scalar(variable)] = one(values);
  return tests;
}

/** A list of one is written without its brackets, as the provider does. */
function one(value: Json | undefined): Json {
  return (Array.isArray(value) && value.length === 1 ? value[0] : value) ?? null;
}
