import { SQSClient } from "@aws-sdk/client-sqs";
import { optionalSetting } from "../config.ts";

/** The SQS client as a function needs it, in its own region. `SQS_ENDPOINT` names another server (tests). */
export function openSqs(region?: string): SQSClient {
  const endpoint = optionalSetting("SQS_ENDPOINT");
  return new SQSClient({ ...(endpoint !== undefined && { endpoint }), ...(region !== undefined && { region }) });
}
