import { kept, stage } from "./stage.ts";

/**
 * Raw messages as they were collected (`raw/`), one gzip object per batch: what a lost domain is rebuilt from. And dead letters
 * (`dead/`) older than a day, which SQS would drop after two weeks: they stay as long as the ledger counts them.
 */
export const archive =
  stage.archiveDays === null
    ? undefined
    : new sst.aws.Bucket("Archive", {
        enforceHttps: true,
        cors: false,
        lifecycle: [
          { id: "expire", prefix: "raw/", expiresIn: `${stage.archiveDays} days` },
          { id: "expire-dead-letters", prefix: "dead/", expiresIn: "400 days" },
        ],
        transform: { bucket: (_args, options) => void Object.assign(options, kept) },
      });

/** Permission to add objects below one folder, and nothing else: who collects cannot read back or delete what was kept. */
export function writeArchive(folder: "raw" | "dead") {
  return archive === undefined
    ? []
    : [{ actions: ["s3:PutObject"], resources: [$interpolate`${archive.arn}/${folder}/*`] }];
}

/** Where functions find it; nothing where the stage has none. */
export const archiveEnvironment = archive === undefined ? {} : { ARCHIVE_BUCKET: archive.name };
