import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import type { Queue } from "@millrace/core";
import { createSqsQueue } from "@millrace/queue/sqs";
import { openSqs } from "../../packages/functions/src/sqs/open-sqs.ts";

/** Where sst.config.ts puts the app. */
const REGION = "us-east-1";

/** A stage as an operator reaches it, with their own rights: AWS's identities decide who may, and CloudTrail keeps who did. */
export interface Stage {
  /** Calls a function. @throws Error for people: what AWS, or the function, says */
  invoke<Answer>(name: string, payload: object): Promise<Answer>;
  /** The events' queue, and that of dead letters. */
  queues(): Promise<{ readonly events: Queue; readonly dead: Queue }>;
  /** Lets the queue feed the collector, or not. Answers what it was before. */
  feed(enabled: boolean): Promise<{ readonly was: string }>;
  close(): void;
}

export function openAwsStage(stage: string): Stage {
  const region = process.env["AWS_REGION"] ?? REGION;
  // Another server than AWS's own (tests).
  const endpoint = process.env["LAMBDA_URL"];
  const lambda = new LambdaClient({ region, ...(endpoint && { endpoint }) });
  const sqs = openSqs(region);
  const named = (name: string) => `millrace-${stage}-${name}`;
  return {
    async invoke<Answer>(name: string, payload: object) {
      const answer = await lambda.send(
        new InvokeCommand({ FunctionName: named(name), Payload: JSON.stringify(payload) }),
      );
      const text = Buffer.from(answer.Payload ?? new Uint8Array()).toString();
      const said: unknown = text === "" ? undefined : JSON.parse(text);
      if (answer.FunctionError === undefined) return said as Answer;
      const { errorMessage } = said as { errorMessage?: string };
      throw new Error(errorMessage ?? answer.FunctionError);
    },
    async queues() {
      // The collector knows both: their names end with what nobody can guess.
      const { Environment } = await lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: named("collector") }),
      );
      const { SQS_QUEUE_URL: url, SQS_DEAD_LETTER_URL: deadLetterUrl } = Environment?.Variables ?? {};
      if (url === undefined || deadLetterUrl === undefined)
        throw new Error(`${named("collector")} does not say where its queues are.`);
      return {
        events: createSqsQueue({ client: sqs, url, deadLetterUrl }),
        dead: createSqsQueue({ client: sqs, url: deadLetterUrl }),
      };
    },
    async feed(enabled) {
      const { EventSourceMappings: [mapping, ...more] = [] } = await lambda.send(
        new ListEventSourceMappingsCommand({ FunctionName: named("collector") }),
      );
      if (mapping?.UUID === undefined || more.length > 0)
        throw new Error(`${named("collector")} is fed by ${mapping ? more.length + 1 : 0} queues; it should be one.`);
      await lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping.UUID, Enabled: enabled }));
      return { was: mapping.State ?? "unknown" };
    },
    close() {
      lambda.destroy();
      sqs.destroy();
    },
  };
}
