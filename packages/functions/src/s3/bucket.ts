import { AwsClient } from "aws4fetch";
import { MillraceError, span, TIME_BUDGETS } from "@millrace/core";
import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { RoleCredentials } from "../role.ts";

/** A bucket as functions see it: they add objects, and can neither read nor list what is there. */
export interface Bucket {
  /**
   * Resolves when S3 has the whole object durably. The same key again replaces the object.
   * @throws MillraceError `ServiceUnavailable` when S3 refuses, or does not answer in three tries
   */
  put(key: string, body: Uint8Array<ArrayBuffer>): Promise<void>;
}

export interface BucketOptions {
  /** Without a slash at the end, such as `https://NAME.s3.us-east-1.amazonaws.com`. */
  readonly url: string;
  readonly region: string;
  readonly credentials: RoleCredentials;
  /** Milliseconds before the second try; twice that before the third. Default 200. */
  readonly firstWaitMs?: number;
}

const TRIES = 3;

/**
 * S3's PutObject over plain `fetch`, signed by a library of 7 KB: Amazon's client for S3 brings a hundred operations, whose weight
 * every cold start of the collector would carry for this one.
 */
export function openBucketAt({ url, region, credentials, firstWaitMs = 200 }: BucketOptions): Bucket {
  // Its own repeats are off: they do not cover a connection that breaks.
  const client = new AwsClient({ ...credentials, region, service: "s3", retries: 0 });

  async function putOnce(key: string, body: Uint8Array<ArrayBuffer>): Promise<Failure | undefined> {
    try {
      const response = await client.fetch(`${url}/${key}`, {
        method: "PUT",
        body,
        // Part of the signature: S3 refuses an object that was damaged or cut on its way.
        headers: { "x-amz-content-sha256": createHash("sha256").update(body).digest("hex") },
        signal: AbortSignal.timeout(TIME_BUDGETS.archive),
      });
      if (response.ok) return undefined;
      const text = await response.text();
      const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? "";
      return { reason: `${response.status} ${code}`, mayPass: response.status >= 500 || response.status === 429 };
    } catch (cause) {
      return { reason: String(cause), mayPass: true, cause };
    }
  }

  return {
    put: (key, body) =>
      span("s3.put", { "s3.object.size": body.length }, async () => {
        for (let attempt = 1; ; attempt++) {
          const failure = await putOnce(key, body);
          if (failure === undefined) return;
          if (!failure.mayPass || attempt === TRIES) {
            const { cause, reason } = failure;
            throw new MillraceError("ServiceUnavailable", "The bucket does not take objects now.", {
              cause,
              context: { key, reason },
            });
          }
          await delay(firstWaitMs * 2 ** (attempt - 1));
        }
      }),
  };
}

interface Failure {
  readonly reason: string;
  /** Another try may do. */
  readonly mayPass: boolean;
  readonly cause?: unknown;
}
