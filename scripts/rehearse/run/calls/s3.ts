import { UnknownCall, type Account, type Call, type Incoming } from "./call.ts";

/** Headers that ask for no permission of their own; any other (an ACL, tags, a lock) would. */
const PLAIN =
  /^x-amz-(date|security-token|content-sha256|user-agent|checksum-.+|sdk-checksum-algorithm|checksum-mode|expected-bucket-owner)$/;
const ACTIONS: Readonly<Record<string, string>> = {
  PUT: "PutObject",
  GET: "GetObject",
  HEAD: "GetObject",
  DELETE: "DeleteObject",
};
/** What the SDK adds to name the operation. */
const PLAIN_QUERY = new Set(["x-id"]);

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
export function s3Call({ host, method, target, headers }: Incoming, { region }: Account): Call {
  const url = new URL(target, "http://s3");
  const virtual = `.s3.${region}.amazonaws.com`;
  const path = url.pathname.slice(1);
  const bucket = host.endsWith(virtual) ? host.slice(0, -virtual.length) : (path.split("/")[0] ?? "");
  const key = decodeURIComponent(host.endsWith(virtual) ? path : path.slice(bucket.length + 1));
  for (const name of Object.keys(headers))
    if (name.startsWith("x-amz-") && !PLAIN.test(name)) throw new UnknownCall(`S3's ${name} is not known here.`);
  const parameters = [...url.searchParams.keys()].filter((name) => !PLAIN_QUERY.has(name));
  if (key === "" && method === "GET" && url.searchParams.get("list-type") === "2") {
    const prefix = url.searchParams.get("prefix");
    const context = { ...(prefix !== null && { "s3:prefix": [prefix] }) };
    const needs = [{ action: "s3:ListBucket", resource: `arn:aws:s3:::${bucket}`, context }];
    return { service: "s3", operation: "ListObjectsV2", needs, target: `bucket/${bucket}` };
  }
  const action = ACTIONS[method];
  if (key === "" || action === undefined || parameters.length > 0)
    throw new UnknownCall(
      `S3's ${method} ${url.pathname} with ${parameters.join(", ") || "no parameters"} is not known here.`,
    );
  const needs = [{ action: `s3:${action}`, resource: `arn:aws:s3:::${bucket}/${key}`, context: {} }];
  return { service: "s3", operation: action, needs, target: `bucket/${bucket}/${key.split("/")[0] ?? ""}` };
}
