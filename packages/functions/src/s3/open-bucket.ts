import { optionalSetting, setting } from "../config.ts";
import { roleCredentials } from "../role.ts";
import { openBucketAt, type Bucket } from "./bucket.ts";

/** The stage's archive, or undefined where the stage has none. `S3_ENDPOINT` names another server (tests). */
export function openArchiveBucket(): Bucket | undefined {
  const name = optionalSetting("ARCHIVE_BUCKET");
  if (name === undefined) return undefined;
  const region = setting("AWS_REGION");
  const endpoint = optionalSetting("S3_ENDPOINT");
  const url = endpoint === undefined ? `https://${name}.s3.${region}.amazonaws.com` : `${endpoint}/${name}`;
  return openBucketAt({ url, region, credentials: roleCredentials() });
}
