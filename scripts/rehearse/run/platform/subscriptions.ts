import { gzipSync } from "node:zlib";
import { shortName, type Deployment, type DeployedFunction } from "../deployed/deployment.ts";
import { logPattern } from "./log-pattern.ts";

export interface SubscriptionsParts {
  readonly deployment: Deployment;
  /** What a function wrote so far. */
  readonly log: (name: string) => string;
  /** CloudWatch Logs calls a function in its own name. @throws the function's error */
  readonly invoke: (group: string, functionArn: string, event: object) => Promise<unknown>;
  /** Lambda leaves an event that it gives up at a destination, in the function's name. */
  readonly leave: (made: DeployedFunction, destination: string, record: object) => Promise<void>;
}

/** What was delivered. */
export interface Delivered {
  readonly lines: number;
  /** Events that Lambda gave up after all tries. */
  readonly givenUp: number;
}

/** Lines of one event. CloudWatch sends what has come within some seconds, a megabyte at most. */
const LINES = 500;

/**
 * The subscriptions of the stage's logs: each line that the deployed filter chooses is sent once, gzip in base64, by an asynchronous call, which Lambda
 * tries as often as was deployed, and then leaves at the function's destination. Driven by hand, without the minutes between the tries.
 */
export function createSubscriptions({ deployment, log, invoke, leave }: SubscriptionsParts): () => Promise<Delivered> {
  const sent = new Set<string>();
  const byArn = new Map(deployment.functions.map((made) => [made.arn, made]));

  async function deliver(group: string, destination: string, event: object): Promise<boolean> {
    const made = byArn.get(destination);
    if (!made) throw new Error(`${group} is subscribed by ${destination}, which is not there.`);
    const { retries, onFailure } = made.async;
    for (let tried = 0; ; tried++) {
      try {
        await invoke(group, destination, event);
        return true;
      } catch (error) {
        if (tried < retries) continue;
        if (onFailure === null) throw error;
        const requestContext = { functionArn: `${made.arn}:$LATEST`, condition: "RetriesExhausted" };
        await leave(made, onFailure, { version: "1.0", requestContext, requestPayload: event });
        return false;
      }
    }
  }

  return async () => {
    let lines = 0;
    let givenUp = 0;
    for (const made of deployment.functions)
      for (const { group, pattern, destination } of made.subscriptions) {
        const wanted = logPattern(pattern);
        const fresh = log(shortName(made))
          .split("\n")
          .slice(0, -1)
          .filter((line) => wanted(line) && !sent.has(line));
        for (let at = 0; at < fresh.length; at += LINES) {
          const some = fresh.slice(at, at + LINES);
          const wasKept = await deliver(group, destination, eventOf(deployment.account, group, some));
          for (const line of some) sent.add(line);
          lines += some.length;
          if (!wasKept) givenUp++;
        }
      }
    return { lines, givenUp };
  };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html */
function eventOf(owner: string, logGroup: string, lines: readonly string[]): object {
  const batch = {
    messageType: "DATA_MESSAGE",
    owner,
    logGroup,
    logStream: "2026/11/29/[$LATEST]00000000000000000000000000000000",
    subscriptionFilters: ["executions"],
    logEvents: lines.map((message, index) => ({
      id: String(index).padStart(56, "0"),
      timestamp: timeOf(message),
      message,
    })),
  };
  return { awslogs: { data: gzipSync(JSON.stringify(batch)).toString("base64") } };
}

function timeOf(line: string): number {
  const { timestamp, time } = JSON.parse(line) as { readonly timestamp?: string; readonly time?: string };
  return Date.parse(timestamp ?? time ?? "") || Date.now();
}
