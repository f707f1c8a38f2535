import { MillraceError, span, TIME_BUDGETS, within } from "@millrace/core";
import { AwsClient } from "aws4fetch";
import { optionalSetting } from "../config.ts";
import { roleCredentials } from "../role.ts";

/** Asks CloudWatch for an operation. @throws MillraceError `ServiceUnavailable` when it refuses, or does not answer in time */
export type AskCloudWatch = (operation: string, input: object) => Promise<unknown>;

/**
 * CloudWatch of a region, asked over plain `fetch`: Amazon's client is a hundred operations for the two that are used here.
 * `CLOUDWATCH_URL` names another server (tests).
 */
export function openCloudWatch(region: string): AskCloudWatch {
  const client = new AwsClient({ ...roleCredentials(), region, service: "monitoring", retries: 0 });
  const url = optionalSetting("CLOUDWATCH_URL") ?? `https://monitoring.${region}.amazonaws.com`;
  return (operation, input) =>
    span(`cloudwatch.${operation}`, undefined, () =>
      within(TIME_BUDGETS.metrics, "CloudWatch", async (signal) => {
        const response = await client.fetch(url, {
          method: "POST",
          headers: {
            "content-type": "application/x-amz-json-1.0",
            "x-amz-target": `GraniteServiceVersion20100801.${operation}`,
          },
          body: JSON.stringify(input),
          signal,
        });
        const text = await response.text();
        if (response.ok) return JSON.parse(text) as unknown;
        throw new MillraceError("ServiceUnavailable", "CloudWatch does not tell what it knows.", {
          context: { operation, status: response.status, answer: text.slice(0, 500) },
        });
      }),
    );
}
