import { kept, stage } from "./stage.ts";

/** A month after the last event of an object left the store, if events ever do. */
const rawDays = stage.retentionMonths === null ? undefined : (stage.retentionMonths + 2) * 31;

/**
 * Raw messages as they were collected (`raw/`), one gzip object per batch: what a lost domain is rebuilt from, so they stay as long
 * as events do. And dead letters (`dead/`) older than a day, which SQS would drop after two weeks: they stay as long as the ledger
 * counts them.
 */
export const archive = archiveOf(stage.archive);

function archiveOf(setting: typeof stage.archive): sst.aws.Bucket | undefined {
  if (setting === null) return undefined;
  if (setting !== "own") return sst.aws.Bucket.get("Archive", setting.existing);
  return new sst.aws.Bucket("Archive", {
    enforceHttps: true,
    cors: false,
    lifecycle: [
      ...(rawDays === undefined ? [] : [{ id: "expire", prefix: "raw/", expiresIn: `${rawDays} days` as const }]),
      { id: "expire-dead-letters", prefix: "dead/", expiresIn: "400 days" },
    ],
    transform: { bucket: (_args, options) => void Object.assign(options, kept) },
  });
}

/** Permission to add objects below one folder, and nothing else: who collects cannot read back or delete what was kept. */
export function writeArchive(folder: "raw" | "dead") {
  return archive === undefined
    ? []
    : [{ actions: ["s3:PutObject"], resources: [$interpolate`${archive.arn}/${folder}/*`] }];
}

/** Permission to read back what was collected, which replay alone has. */
export function readArchive() {
  return archive === undefined
    ? []
    : [
        { actions: ["s3:GetObject"], resources: [$interpolate`${archive.arn}/raw/*`] },
        { actions: ["s3:ListBucket"], resources: [archive.arn] },
      ];
}

/** Where functions find it; nothing where the stage has none. */
export const archiveEnvironment = archive === undefined ? {} : { ARCHIVE_BUCKET: archive.name };
