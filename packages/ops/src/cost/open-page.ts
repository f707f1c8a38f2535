import { HOURS_PER_MONTH, PRICES } from "./prices.ts";

/** A dashboard that stays open, in front, for a month: what it asks. */
export interface OpenPage {
  /** Requests a minute for the project's version; nearly all are answered 304. */
  readonly beatsPerMinute: number;
  /** Batches of questions a minute: none while nothing is stored. */
  readonly batchesPerMinute: number;
  /** Mean time of a batch in the query function, seconds. */
  readonly batchSeconds: number;
}

/** One that shows a site with visitors around the clock. The page's rules: web/src/state/renewal.ts and web/src/panels/use-renewal.ts. */
export const BUSIEST_PAGE: OpenPage = { beatsPerMinute: 3, batchesPerMinute: 1.5, batchSeconds: 0.15 };

const QUERY_GB = 1;
const BEAT_SECONDS = 0.01;
/** One execution's line and the gateway's, as measured for ordinary requests. */
const LOG_GB = 1.3e-6;
/** WAF inspects what CloudFront passes on. */
const WAF_REQUEST = 0.6e-6;
/** Of a batch: the version, and the project's share read once and written twice. */
const BATCH_READS = 2;
const BATCH_WRITES = 2;
/** Most notes of a new version that one collector makes a minute for one project, whoever looks at it. */
const NOTES_PER_MINUTE = 6;

/** Dollars a month for one open page, the store's own time left out: its nodes are paid anyway. */
export function openPageCost({ beatsPerMinute, batchesPerMinute, batchSeconds }: OpenPage): number {
  const { lambda, dynamoDb, cloudFront, cloudWatch, httpApi } = PRICES;
  const minutes = HOURS_PER_MONTH * 60;
  const request =
    cloudFront.request + WAF_REQUEST + (httpApi[0]?.price ?? 0) + lambda.request + LOG_GB * cloudWatch.logGb;
  const beat = request + BEAT_SECONDS * QUERY_GB * lambda.gbSecond + dynamoDb.read;
  const batch =
    request + batchSeconds * QUERY_GB * lambda.gbSecond + BATCH_READS * dynamoDb.read + BATCH_WRITES * dynamoDb.write;
  return minutes * (beatsPerMinute * beat + batchesPerMinute * batch);
}

/** Dollars a month that noting versions costs for a project with events around the clock and so many collectors. */
export function versionsCost(collectors: number): number {
  return HOURS_PER_MONTH * 60 * NOTES_PER_MINUTE * collectors * PRICES.dynamoDb.write;
}
