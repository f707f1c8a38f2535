import { optionalSetting, setting } from "../config.ts";
import { roleCredentials } from "../role.ts";
import { openBucketAt, type Bucket } from "./bucket.ts";
import { openReaderAt, type BucketReader } from "./reader.ts";
import type { BucketOptions } from "./request.ts";

/** The stage's archive, or undefined where the stage has none. */
export function openArchiveBucket(): Bucket | undefined {
  const name = optionalSetting("ARCHIVE_BUCKET");
  return name === undefined ? undefined : openBucketAt(archiveNamed(name));
}

/** The stage's archive, to read from. */
export function openArchiveReader(): BucketReader {
  return openReaderAt(archiveNamed(setting("ARCHIVE_BUCKET")));
}

/** Where it is. `S3_ENDPOINT` names another server (tests). */
function archiveNamed(name: string): BucketOptions {
  const region = setting("AWS_REGION");
  const endpoint = optionalSetting("S3_ENDPOINT");
  const url = endpoint === undefined ? `https://${name}.s3.${region}.amazonaws.com` : `${endpoint}/${name}`;
  return { url, region, credentials: roleCredentials() };
}
