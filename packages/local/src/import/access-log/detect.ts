import { alb, elb, s3 } from "./aws.ts";
import { combined } from "./combined.ts";
import { envoy } from "./envoy.ts";
import { formatString } from "./format-string.ts";
import { haproxy } from "./haproxy.ts";
import { jsonLog } from "./json.ts";
import { isBad, NOT_A_REQUEST, type LogFormat } from "./record.ts";
import { cloudFrontRealTime, w3c } from "./w3c.ts";

/** The strictest first: a line of S3 has a time in brackets too. */
const FORMATS: readonly LogFormat[] = [jsonLog, w3c, s3, alb, elb, haproxy, envoy, cloudFrontRealTime(), combined];

const OTHER_NAMES: Readonly<Record<string, string>> = {
  common: "combined",
  clf: "combined",
  apache: "combined",
  nginx: "combined",
  vhost: "combined",
  vhost_combined: "combined",
  // GoAccess's names.
  vcombined: "combined",
  vcommon: "combined",
  traefikclf: "combined",
  awselb: "elb",
  awsalb: "alb",
  awss3: "s3",
  iis: "w3c",
  cloudfront: "w3c",
  caddy: "json",
  traefik: "json",
  istio: "envoy",
};

/** The names that `--format` takes beside a format string. */
export const FORMAT_NAMES = [...FORMATS.map(({ name }) => name), ...Object.keys(OTHER_NAMES)];

/**
 * @param text a name of {@link FORMAT_NAMES}, `cloudfront-realtime:COLUMN,COLUMN…`, or a format string
 * @throws RangeError that says what there is
 */
export function formatNamed(text: string): LogFormat {
  if (/[%$]/.test(text)) return formatString(text);
  const [name = "", columns] = text.toLowerCase().split(/:(.*)/s, 2);
  if (name === "cloudfront-realtime" && columns) return cloudFrontRealTime(columns);
  const found = FORMATS.find((format) => format.name === (OTHER_NAMES[name] ?? name));
  if (!found || columns !== undefined)
    throw new RangeError(
      `"${text}" is no format. There are ${FORMAT_NAMES.join(", ")}, and format strings of Apache, nginx and GoAccess.`,
    );
  return found;
}

export interface Detected {
  readonly format: LogFormat;
  /** How many of the sample's lines it reads, and of how many. */
  readonly read: number;
  readonly of: number;
}

/**
 * Finds the format that reads most of the first lines. One bad line in a good file is usual, so not all have to be read; at least
 * half must be, or the file is something else.
 * @param sample the first lines of a file that are not blank
 */
export function detectFormat(sample: readonly string[]): Detected | undefined {
  let best: Detected | undefined;
  for (const format of FORMATS) {
    const read = format.open();
    const results = sample.map((line) => read(line)).filter((result) => result !== NOT_A_REQUEST);
    const good = results.filter((result) => !isBad(result)).length;
    if (good > 0 && good * 2 >= results.length && (best === undefined || good / results.length > best.read / best.of))
      best = { format, read: good, of: results.length };
  }
  return best;
}
