import type { SourceSummary } from "./record.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * What set a Lambda function off, read from its event: API Gateway (HTTP and REST APIs, function URLs, load balancers), SQS, SNS, S3,
 * streams, EventBridge and its schedules. Anything else is a command. Nothing but names, sizes and counts is taken.
 * @param now milliseconds UTC, for the age of messages
 */
export function sourceOf(event: unknown, now: number): SourceSummary {
  const fields = fieldsOf(event);
  const context = fieldsOf(fields["requestContext"]);
  const http = fieldsOf(context["http"]);
  if (typeof http["method"] === "string")
    return httpSource(http["method"], textOf(fields["routeKey"]).replace(/^[A-Z]+ /, ""), fields["body"]);
  if (typeof fields["httpMethod"] === "string")
    return httpSource(fields["httpMethod"], textOf(fields["resource"]), fields["body"]);
  const records: unknown = fields["Records"];
  if (Array.isArray(records) && records.length > 0) return recordsSource(records.map(fieldsOf), now);
  if (fields["detail-type"] === "Scheduled Event")
    return {
      kind: "schedule",
      name: lastPart(Array.isArray(fields["resources"]) ? fields["resources"][0] : undefined),
    };
  if (typeof fields["detail-type"] === "string")
    return { kind: "event", name: `${textOf(fields["source"])} ${fields["detail-type"]}` };
  return { kind: "command", name: "invoke" };
}

function httpSource(method: string, route: string, body: unknown): SourceSummary {
  return { kind: "http", method, route, bytes: typeof body === "string" ? body.length : null };
}

function recordsSource(records: readonly Fields[], now: number): SourceSummary {
  const [first = {}] = records;
  const arn = first["eventSourceARN"] ?? fieldsOf(first["Sns"])["TopicArn"];
  const bucket = fieldsOf(fieldsOf(first["s3"])["bucket"])["name"];
  if (typeof bucket === "string") return { kind: "bucket", name: bucket, objects: records.length };
  const sent = records.map(sentAt).filter((time) => time > 0);
  return {
    kind: "queue",
    // A stream's ARN ends with the time it was made: …:table/NAME/stream/2026-…
    name: /(?:table|stream)\/([^/]+)/.exec(textOf(arn))?.[1] ?? lastPart(arn),
    messages: records.length,
    oldestAgeMs: sent.length > 0 ? Math.max(0, now - Math.min(...sent)) : null,
    maxReceiveCount: Math.max(
      1,
      ...records.map(({ attributes }) => numberOf(fieldsOf(attributes)["ApproximateReceiveCount"])),
    ),
  };
}

function sentAt({ attributes, Sns, kinesis, dynamodb }: Fields): number {
  const seconds = fieldsOf(kinesis)["approximateArrivalTimestamp"] ?? fieldsOf(dynamodb)["ApproximateCreationDateTime"];
  if (seconds !== undefined) return numberOf(seconds) * 1000;
  const published = Date.parse(textOf(fieldsOf(Sns)["Timestamp"]));
  return numberOf(fieldsOf(attributes)["SentTimestamp"]) || (Number.isNaN(published) ? 0 : published);
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function numberOf(value: unknown): number {
  const number = Number(value);
  return Number.isFinite(number) ? number : 0;
}

/** `arn:aws:sqs:…:NAME`, `arn:aws:events:…:rule/NAME`. */
function lastPart(arn: unknown): string {
  return textOf(arn).split(/[:/]/).at(-1) ?? "";
}
