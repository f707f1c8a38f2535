import { kept, stage } from "./stage.ts";

/** Raw messages as they were collected, one gzip object per batch: what a lost domain is rebuilt from. */
export const archive =
  stage.archiveDays === null
    ? undefined
    : new sst.aws.Bucket("Archive", {
        enforceHttps: true,
        cors: false,
        lifecycle: [{ id: "expire", expiresIn: `${stage.archiveDays} days` }],
        transform: { bucket: (_args, options) => void Object.assign(options, kept) },
      });

/** Permission to add objects, and nothing else: who collects cannot read back or delete what was kept. */
export const writeArchive =
  archive === undefined ? [] : [{ actions: ["s3:PutObject"], resources: [$interpolate`${archive.arn}/*`] }];
