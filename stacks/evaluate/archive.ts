import { at, ofType, type Graph } from "./graph.ts";
import { statementsOfRole } from "./security.ts";

/** Which of the archive's folders each function writes to. */
const WRITERS = { Collector: "raw/*", Upkeep: "dead/*" } as const;

/** The least that dead letters stay: as long as the ledger counts them. */
const DEAD_LETTER_DAYS = 400;

/**
 * What would make the archive fail, or lose what it has. Where a function was told of the bucket and may not write to it, no
 * message would ever be acknowledged again.
 */
export function archiveFindings(graph: Graph): string[] {
  const kept = ["aws:s3/bucket:Bucket", "sst:existing"].some((type) =>
    ofType(graph, type).some(({ name }) => name.startsWith("Archive")),
  );
  return [
    ...Object.entries(WRITERS).flatMap(([name, folder]) => [
      ...(kept === isTold(graph, name)
        ? []
        : [`${name} ${kept ? "is not told of the archive" : "writes to an archive that is not there"}.`]),
      ...(kept && !mayPut(graph, name, folder) ? [`${name} may not write to ${folder} of the archive.`] : []),
    ]),
    ...(kept && !deadLettersStay(graph) ? [`The archive forgets dead letters before the ledger does.`] : []),
    ...(kept && !rawStays(graph) ? [`The archive forgets messages whose events are kept.`] : []),
  ];
}

function isTold(graph: Graph, name: string): boolean {
  const made = ofType(graph, "aws:lambda/function:Function").find((each) => each.name === `${name}Function`);
  return made !== undefined && at(made, "environment", "variables", "ARCHIVE_BUCKET") !== undefined;
}

function mayPut(graph: Graph, name: string, folder: string): boolean {
  const role = ofType(graph, "aws:iam/role:Role").find((each) => each.name === `${name}Role`);
  return (
    role !== undefined &&
    statementsOfRole(role).some(
      ({ actions, resources }) =>
        actions.includes("s3:PutObject") && resources.some((resource) => resource.endsWith(`/${folder}`)),
    )
  );
}

interface Rule {
  readonly filter?: { readonly prefix?: string };
  readonly expiration?: { readonly days?: number };
}

function rules(graph: Graph): Rule[] {
  return ofType(graph, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
    .filter(({ name }) => name.startsWith("Archive"))
    .flatMap((each) => at(each, "rules") as Rule[]);
}

function deadLettersStay(graph: Graph): boolean {
  return rules(graph).every(
    ({ filter, expiration }) =>
      filter?.prefix === "raw/" || (filter?.prefix === "dead/" && (expiration?.days ?? 0) >= DEAD_LETTER_DAYS),
  );
}

/** Without retention nothing of `raw/` may expire; with it, nothing before its events have. */
function rawStays(graph: Graph): boolean {
  const upkeep = ofType(graph, "aws:lambda/function:Function").find(({ name }) => name === "UpkeepFunction");
  const months = upkeep && at(upkeep, "environment", "variables", "RETENTION_MONTHS");
  const least = months === undefined ? Number.POSITIVE_INFINITY : (Number(months) + 1) * 31;
  return rules(graph)
    .filter(({ filter }) => filter?.prefix !== "dead/")
    .every(({ expiration }) => (expiration?.days ?? Number.POSITIVE_INFINITY) >= least);
}
