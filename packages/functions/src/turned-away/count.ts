import type { TurnedAwayReason } from "@millrace/core";
import type { Metric } from "../cloudwatch/metrics.ts";

/** Whose counts are looked at. */
export interface Counted {
  /** Id of the HTTP API. */
  readonly gateway: string;
  /** Names of all functions behind it. */
  readonly functions: readonly string[];
  /** Name of its metrics; undefined: the stage has none. */
  readonly firewall: string | undefined;
}

/** What is counted of each function, by the name that its sum gets. */
const OF_FUNCTIONS = { invoked: "Invocations", throttled: "Throttles", failed: "Errors" } as const;

/** Of the stage's region: `requests` of the gateway, and `invoked0`, `throttled0`, `failed0`, `invoked1`, … of its functions. */
export function stageMetrics({ gateway, functions }: Counted): Record<string, Metric> {
  const ofFunctions = functions.flatMap((FunctionName, index) =>
    Object.entries(OF_FUNCTIONS).map(([id, name]): [string, Metric] => [
      `${id}${index}`,
      { namespace: "AWS/Lambda", name, dimensions: { FunctionName } },
    ]),
  );
  const requests: Metric = { namespace: "AWS/ApiGateway", name: "Count", dimensions: { ApiId: gateway } };
  return { requests, ...Object.fromEntries(ofFunctions) };
}

/** Of CloudFront, whose counts are in us-east-1 wherever the stage is. */
export function edgeMetrics(firewall: string): Record<string, Metric> {
  return {
    blocked: { namespace: "AWS/WAFV2", name: "BlockedRequests", dimensions: { WebACL: firewall, Rule: "ALL" } },
  };
}

/**
 * What was turned away in an hour. Whatever the gateway counted and did not hand to a function it turned away itself: AWS has no
 * count of its own for that (its 4xx are ours as well). Requests of the hour's last moment may be in one count and not yet in the
 * other, so an hour may show a few too many and the next as many too few; below 0 is none.
 */
export function turnedAwayIn(
  sums: Readonly<Record<string, number>>,
): Readonly<Partial<Record<TurnedAwayReason, number>>> {
  const sumOf = (id: string) =>
    Object.entries(sums).reduce((sum, [name, count]) => (name.replace(/\d+$/, "") === id ? sum + count : sum), 0);
  const throttled = sumOf("throttled");
  return {
    firewall: sumOf("blocked"),
    gateway: Math.max(0, sumOf("requests") - sumOf("invoked") - throttled),
    throttled,
    failed: sumOf("failed"),
  };
}
