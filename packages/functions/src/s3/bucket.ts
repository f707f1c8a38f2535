import { span } from "@millrace/core";
import { openS3, type BucketOptions } from "./request.ts";

/** A bucket as most functions see it: they add objects, and can neither read nor list what is there. */
export interface Bucket {
  /**
   * Resolves when S3 has the whole object durably. The same key again replaces the object.
   * @throws MillraceError `ServiceUnavailable` when S3 refuses, or does not answer in three tries
   */
  put(key: string, body: Uint8Array<ArrayBuffer>): Promise<void>;
}

/** A bucket to add to. */
export function openBucketAt(options: BucketOptions): Bucket {
  const ask = openS3(options);
  return {
    put: (key, body) =>
      span("s3.put", { "s3.object.size": body.length }, async () => {
        await ask({ method: "PUT", key, body, failure: "The bucket does not take objects now." });
      }),
  };
}
