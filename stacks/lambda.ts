import type { EnvironmentOf, FunctionName } from "../packages/functions/src/settings.ts";
import { NODEJS } from "./nodejs.ts";
import { named, stage } from "./stage.ts";

type FunctionArgs = sst.aws.FunctionArgs;

interface Permission {
  readonly actions: string[];
  readonly resources: $util.Input<string>[];
  readonly conditions?: { readonly test: string; readonly variable: string; readonly values: string[] }[];
}

interface LambdaOptions<Name extends FunctionName> {
  readonly memory: `${number} MB`;
  readonly timeout: `${number} seconds`;
  /** Every statement of the function's role, apart from writing its own log. */
  readonly permissions: readonly Permission[];
  /** What the function needs, all of it, and some of what it may have. */
  readonly environment: EnvironmentOf<Name, $util.Input<string>>;
  /** Secrets. Queues and tables are not linked: SST's link would allow every action on them. */
  readonly link?: FunctionArgs["link"];
  /** Concurrency set aside for this function, and its ceiling. */
  readonly reserved?: number;
  /** Runs in the stage's network, if it has one: those that reach the store. */
  readonly inNetwork?: true;
  /** Made, and changed by an upgrade, only when this is done. */
  readonly after?: $util.Resource | undefined;
}

/** How a function gets its interface in a network. AWS knows no narrower resource for these. */
const INTERFACES: Permission = {
  actions: ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"],
  resources: ["*"],
};

/** Every function of this app, in the order made: the alarms go over it. */
export const functions: { name: string; timeoutSeconds: number; function: sst.aws.Function }[] = [];

/**
 * A Lambda function as all of this app's are: arm64 (a fifth cheaper), JSON logs in a group with a readable name and an end, and a
 * role that holds only what is listed. AWS's managed logging policy, which SST attaches, reaches every log group of the account;
 * it is replaced by a statement on this function's own group.
 * @param name that of its entry point, with a capital
 */
export function lambda<Name extends Capitalize<FunctionName>>(
  name: Name,
  options: LambdaOptions<Uncapitalize<Name> & FunctionName>,
): sst.aws.Function {
  const logs = new aws.cloudwatch.LogGroup(`${name}Logs`, {
    name: `/${$app.name}/${$app.stage}/${name.toLowerCase()}`,
    retentionInDays: stage.logDays,
  });
  const network = options.inNetwork && !$dev ? stage.network : null;
  const args: FunctionArgs = {
    name: named(name.toLowerCase()),
    handler: `packages/functions/src/${name.toLowerCase()}.handler`,
    runtime: "nodejs24.x",
    architecture: "arm64",
    memory: options.memory,
    timeout: options.timeout,
    nodejs: { ...NODEJS },
    logging: { format: "json", logGroup: logs.name },
    permissions: [
      ...options.permissions,
      ...(network ? [INTERFACES] : []),
      { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [$interpolate`${logs.arn}:*`] },
    ],
    ...(network && { vpc: { privateSubnets: [...network.subnets], securityGroups: [network.securityGroup] } }),
    environment: { ...options.environment } as Record<string, $util.Input<string>>,
    ...(options.link && { link: options.link }),
    ...(options.reserved !== undefined && { concurrency: { reserved: options.reserved } }),
    transform: {
      function: (made) => {
        // The platform's own lines on each start and end are a quarter of the log's bytes and say what our execution line says.
        made.loggingConfig = $output(made.loggingConfig).apply((logging) => ({
          logFormat: "JSON",
          ...logging,
          systemLogLevel: "WARN",
        }));
      },
      role: (role) => {
        role.managedPolicyArns = [];
        // SST lets the whole account assume the role, as live development needs it.
        if (!$dev) role.assumeRolePolicy = aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" });
      },
    },
  };
  const result = new sst.aws.Function(name, args, options.after ? { dependsOn: [options.after] } : {});
  functions.push({ name, timeoutSeconds: Number.parseInt(options.timeout, 10), function: result });
  return result;
}
