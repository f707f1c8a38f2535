import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { startLambda, type Lambda } from "../../../lambda/lambda.ts";
import { shortName, type Deployment, type DeployedFunction } from "../deployed/deployment.ts";
import type { Sessions, Session } from "./credentials.ts";
import type { SignedCall } from "./signed-call.ts";

export interface FunctionsParts {
  readonly deployment: Deployment;
  readonly sessions: Sessions;
  readonly gateway: { readonly port: number; readonly certificateFile: string };
  readonly signedCall: SignedCall;
}

/** What an environment has that its function was not deployed with. */
interface Special {
  /** How far its clock is ahead, milliseconds. */
  readonly aheadMs?: number;
  /** Settings that another stage would have. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The stage's functions, each run from its zip under its environment and role. */
export interface Functions {
  /** Runs a function in an environment that is free, or in a new one. @throws with the function's own error */
  invoke<T>(name: string, event: unknown): Promise<T>;
  /** Runs it in a new environment, which ends with the run. */
  invokeFresh<T>(name: string, event: unknown, special?: Special): Promise<T>;
  /** What a function wrote to its log so far, in all of its environments. */
  log(name: string): string;
  /** How often each function was called since the last reading. */
  readCalls(): ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

/** An execution environment and the log stream that Lambda keeps for it. */
interface Environment {
  readonly lambda: Lambda;
  readonly session: Session;
  readonly stream: string;
  written: number;
  busy: boolean;
}

const PRELOAD = pathToFileURL(join(import.meta.dirname, "outward.mjs")).href;

export function createFunctions({ deployment, sessions, gateway, signedCall }: FunctionsParts): Functions {
  const byName = new Map(deployment.functions.map((each) => [shortName(each), each]));
  const pools = new Map<string, Environment[]>();
  const logs = new Map<string, string>();
  let calls = new Map<string, number>();

  function deployed(name: string): DeployedFunction {
    const found = byName.get(name);
    if (!found) throw new Error(`The stage has no function ${name}, only ${[...byName.keys()].join(", ")}.`);
    return found;
  }

  async function start(name: string, { aheadMs = 0, env = {} }: Special = {}): Promise<Environment> {
    const made = deployed(name);
    const [group] = made.logGroups;
    if (group === undefined) throw new Error(`There is no log group of ${name}.`);
    const session = sessions.assume(made, "lambda.amazonaws.com", name, aheadMs);
    const stream = `${new Date().toISOString().slice(0, 10).replaceAll("-", "/")}/[$LATEST]${randomUUID().replaceAll("-", "")}`;
    await signedCall(session, {
      service: "logs",
      target: "Logs_20140328.CreateLogStream",
      body: { logGroupName: group, logStreamName: stream },
    });
    const lambda = await startLambda({
      folder: made.folder,
      handler: made.handler,
      timeoutMs: made.timeout * 1000,
      preload: PRELOAD,
      env: {
        ...asOnAws(made.environment, deployment),
        // The emulator is one process in Python; on a busy machine it takes longer than any of AWS's services.
        TIME_BUDGET_FACTOR: "20",
        ...env,
        AWS_REGION: deployment.region,
        AWS_DEFAULT_REGION: deployment.region,
        AWS_ACCESS_KEY_ID: session.accessKeyId,
        AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
        AWS_SESSION_TOKEN: session.sessionToken,
        AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
        AWS_LAMBDA_FUNCTION_NAME: made.name,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(made.memory),
        AWS_LAMBDA_LOG_GROUP_NAME: group,
        AWS_LAMBDA_LOG_STREAM_NAME: stream,
        NODE_EXTRA_CA_CERTS: gateway.certificateFile,
        REHEARSAL_GATEWAY_PORT: String(gateway.port),
        REHEARSAL_CLOCK_AHEAD_MS: String(aheadMs),
      },
    });
    return { lambda, session, stream, written: 0, busy: true };
  }

  /** Ends an environment; what it wrote goes to its stream first, in its role's name. */
  async function end(name: string, environment: Environment): Promise<void> {
    const text = environment.lambda.log();
    logs.set(name, (logs.get(name) ?? "") + text);
    await environment.lambda.stop();
    const lines = text.split("\n").filter((line) => line !== "");
    if (lines.length === 0) return;
    const timestamp = Date.now() + environment.session.aheadMs;
    await signedCall(environment.session, {
      service: "logs",
      target: "Logs_20140328.PutLogEvents",
      body: {
        logGroupName: deployed(name).logGroups[0],
        logStreamName: environment.stream,
        logEvents: lines.map((message) => ({ timestamp, message })),
      },
    });
  }

  function countCall(name: string): void {
    calls.set(name, (calls.get(name) ?? 0) + 1);
  }

  return {
    async invoke<T>(name: string, event: unknown): Promise<T> {
      countCall(name);
      const pool = pools.get(name) ?? [];
      pools.set(name, pool);
      let environment = pool.find(({ busy }) => !busy);
      if (environment) environment.busy = true;
      else pool.push((environment = await start(name)));
      try {
        return await environment.lambda.invoke<T>(event);
      } finally {
        environment.busy = false;
        // As Lambda does: what ran out of time is not asked again.
        if (environment.lambda.isOver()) {
          pool.splice(pool.indexOf(environment), 1);
          await end(name, environment);
        }
      }
    },
    async invokeFresh<T>(name: string, event: unknown, special?: Special): Promise<T> {
      countCall(name);
      const environment = await start(name, special);
      try {
        return await environment.lambda.invoke<T>(event);
      } finally {
        await end(name, environment);
      }
    },
    log: (name) => (logs.get(name) ?? "") + (pools.get(name) ?? []).map(({ lambda }) => lambda.log()).join(""),
    readCalls() {
      const read = calls;
      calls = new Map();
      return read;
    },
    async stop() {
      const all = [...pools].flatMap(([name, pool]) => pool.map((environment) => end(name, environment)));
      const results = await Promise.allSettled(all);
      const failed = results.find((result) => result.status === "rejected");
      if (failed) throw failed.reason;
    },
  };
}

/** The emulator names itself where AWS names a host: in addresses of queues. */
function asOnAws(
  environment: Readonly<Record<string, string>>,
  { queues, region }: Deployment,
): Readonly<Record<string, string>> {
  const hosts = new Map(queues.map(({ url }) => [url, `https://sqs.${region}.amazonaws.com${new URL(url).pathname}`]));
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, hosts.get(value) ?? value]));
}
