import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { AdminAnswer, AdminCommand } from "../../packages/functions/src/admin/commands.ts";

/** Where sst.config.ts puts the app. */
const REGION = "us-east-1";

/**
 * Runs a command on a stage, as `aws lambda invoke` does: the account's own identities decide who may.
 * @throws Error for people: what AWS, or the function, says
 */
export async function invoke(stage: string, command: AdminCommand): Promise<AdminAnswer> {
  // LAMBDA_URL: another server than AWS's own (tests).
  const endpoint = process.env["LAMBDA_URL"];
  const client = new LambdaClient({ region: process.env["AWS_REGION"] ?? REGION, ...(endpoint && { endpoint }) });
  try {
    const answer = await client.send(
      new InvokeCommand({ FunctionName: `millrace-${stage}-admin`, Payload: JSON.stringify(command) }),
    );
    const text = Buffer.from(answer.Payload ?? new Uint8Array()).toString();
    if (answer.FunctionError === undefined) return JSON.parse(text) as AdminAnswer;
    const { errorMessage } = JSON.parse(text) as { errorMessage?: string };
    throw new Error(errorMessage ?? answer.FunctionError);
  } finally {
    client.destroy();
  }
}
