import { span } from "@millrace/core";
import { openS3, type BucketOptions } from "./request.ts";

/** An object of a bucket, not yet read. */
export interface StoredObject {
  readonly key: string;
  /** Bytes as they are stored. */
  readonly size: number;
}

/** A bucket as replay sees it. */
export interface BucketReader {
  /**
   * All objects whose key begins with `prefix` and comes after `after`, in the order of their keys (S3's ListObjectsV2).
   * @throws MillraceError `ServiceUnavailable`
   */
  list(prefix: string, after: string): Promise<StoredObject[]>;
  /** @throws MillraceError `ServiceUnavailable` */
  get(key: string): Promise<Buffer>;
}

/** A bucket to read from. Keys hold nothing that XML would write otherwise: they are ours. */
export function openReaderAt(options: BucketOptions): BucketReader {
  const ask = openS3(options);
  const failure = "The bucket cannot be read now.";
  return {
    async list(prefix, after) {
      const found: StoredObject[] = [];
      let token: string | undefined;
      do {
        const query = {
          "list-type": "2",
          prefix,
          ...(after !== "" && { "start-after": after }),
          ...(token !== undefined && { "continuation-token": token }),
        };
        const page = (
          await span("s3.list", undefined, () => ask({ method: "GET", key: "", query, failure }))
        ).toString();
        for (const [, entry = ""] of page.matchAll(/<Contents>(.*?)<\/Contents>/gs))
          found.push({ key: element(entry, "Key") ?? "", size: Number(element(entry, "Size")) });
        token = element(page, "NextContinuationToken");
      } while (token !== undefined);
      return found;
    },
    get: (key) => span("s3.get", undefined, () => ask({ method: "GET", key, failure })),
  };
}

function element(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>(.*?)</${name}>`, "s").exec(xml)?.[1];
}
