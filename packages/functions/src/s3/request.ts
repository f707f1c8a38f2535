import { MillraceError, TIME_BUDGETS } from "@millrace/core";
import { AwsClient } from "aws4fetch";
import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { RoleCredentials } from "../role.ts";

export interface BucketOptions {
  /** Without a slash at the end, such as `https://NAME.s3.us-east-1.amazonaws.com`. */
  readonly url: string;
  readonly region: string;
  readonly credentials: RoleCredentials;
  /** Milliseconds before the second try; twice that before the third. Default 200. */
  readonly firstWaitMs?: number;
}

interface S3Request {
  readonly method: "GET" | "PUT";
  /** Of the object; empty for the bucket itself. */
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
  /** What the error says when it cannot be done. */
  readonly failure: string;
}

/** Asks a bucket. @throws MillraceError `ServiceUnavailable` when S3 refuses, or does not answer in three tries */
export type AskBucket = (request: S3Request) => Promise<Buffer>;

const TRIES = 3;

/**
 * S3 over plain `fetch`, signed by a library of 7 KB: Amazon's client for S3 brings a hundred operations, whose weight every cold
 * start of the collector would carry for one of them.
 */
export function openS3({ url, region, credentials, firstWaitMs = 200 }: BucketOptions): AskBucket {
  // Its own repeats are off: they do not cover a connection that breaks.
  const client = new AwsClient({ ...credentials, region, service: "s3", retries: 0 });

  async function askOnce({ method, key, query, body }: S3Request): Promise<Buffer | Failure> {
    try {
      const response = await client.fetch(`${url}/${key}${query ? `?${new URLSearchParams(query).toString()}` : ""}`, {
        method,
        ...(body && { body }),
        // Part of the signature: S3 refuses an object that was damaged or cut on its way.
        headers: {
          "x-amz-content-sha256": createHash("sha256")
            .update(body ?? "")
            .digest("hex"),
        },
        signal: AbortSignal.timeout(TIME_BUDGETS.archive),
      });
      const answer = Buffer.from(await response.arrayBuffer());
      if (response.ok) return answer;
      const code = /<Code>(\w+)<\/Code>/.exec(answer.toString())?.[1] ?? "";
      return { reason: `${response.status} ${code}`, mayPass: response.status >= 500 || response.status === 429 };
    } catch (cause) {
      return { reason: String(cause), mayPass: true, cause };
    }
  }

  return async (request) => {
    for (let attempt = 1; ; attempt++) {
      const answer = await askOnce(request);
      if (Buffer.isBuffer(answer)) return answer;
      if (!answer.mayPass || attempt === TRIES) {
        const { cause, reason } = answer;
        throw new MillraceError("ServiceUnavailable", request.failure, {
          cause,
          context: { key: request.key, reason },
        });
      }
      await delay(firstWaitMs * 2 ** (attempt - 1));
    }
  };
}

interface Failure {
  readonly reason: string;
  /** Another try may do. */
  readonly mayPass: boolean;
  readonly cause?: unknown;
}
