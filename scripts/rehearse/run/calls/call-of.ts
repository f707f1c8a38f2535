import { UnknownCall, type Account, type Call, type Incoming } from "./call.ts";
import { cloudWatchCall } from "./cloudwatch.ts";
import { dynamoDbCall } from "./dynamodb.ts";
import { lambdaCall } from "./lambda.ts";
import { logsCall } from "./logs.ts";
import { openSearchCall } from "./opensearch.ts";
import { s3Call } from "./s3.ts";
import { sesCall } from "./ses.ts";
import { snsCall } from "./sns.ts";
import { sqsCall } from "./sqs.ts";

/** By the first part of the service's own host, `NAME.REGION.amazonaws.com`. */
const SERVICES: Readonly<Record<string, (request: Incoming, account: Account) => Call>> = {
  sqs: sqsCall,
  dynamodb: dynamoDbCall,
  s3: s3Call,
  logs: logsCall,
  lambda: lambdaCall,
  monitoring: cloudWatchCall,
  email: sesCall,
  sns: snsCall,
};

/**
 * What a request asks of AWS: the permissions it needs and on what.
 * @throws UnknownCall for a host, an operation or a parameter that is not known here
 */
export function callOf(request: Incoming, account: Account): Call {
  const service = serviceAt(request.host, account);
  if (service === "es") return openSearchCall(request, account);
  const read = SERVICES[service];
  if (!read) throw new UnknownCall(`${request.host} is not known here.`);
  return read(request, account);
}

/** The service at a host, by its signing name; empty for a host that is none of AWS's in this region. */
export function serviceAt(host: string, { region, domainAt }: Account): string {
  if (domainAt(host) !== undefined) return "es";
  const end = `.${region}.amazonaws.com`;
  return host.endsWith(end) ? (host.slice(0, -end.length).split(".").at(-1) ?? "") : "";
}
