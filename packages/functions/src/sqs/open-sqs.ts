import { SQSClient } from "@aws-sdk/client-sqs";

/** The SQS client as a function needs it. `SQS_ENDPOINT` names another server (tests). */
export function openSqs(): SQSClient {
  const endpoint = process.env["SQS_ENDPOINT"];
  return new SQSClient(endpoint === undefined ? {} : { endpoint });
}
