import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { randomUUID } from "node:crypto";
import { serverUrl } from "./server-url.ts";

/** Queues of this test file on the SQS server of the test run; nobody else's, and gone at the end. */
export interface SqsServer {
  readonly endpoint: string;
  readonly client: SQSClient;
  createQueues(options: { readonly maxReceiveCount: number }): Promise<{ url: string; deadLetterUrl: string }>;
  /** The bodies of the next `count` messages, which stay hidden for a while. Waits up to 20 s for each ten. */
  bodies(url: string, count: number): Promise<string[]>;
  close(): Promise<void>;
}

export function openSqsServer(): SqsServer {
  const endpoint = serverUrl("SQS_ENDPOINT_URL");
  const client = new SQSClient({ endpoint, region: "us-east-1" });
  const created: string[] = [];

  async function create(attributes: Record<string, string>): Promise<string> {
    const command = new CreateQueueCommand({ QueueName: `functions-${randomUUID()}`, Attributes: attributes });
    const { QueueUrl = "" } = await client.send(command);
    created.push(QueueUrl);
    return QueueUrl;
  }

  return {
    endpoint,
    client,
    async createQueues({ maxReceiveCount }) {
      const deadLetterUrl = await create({});
      const { Attributes } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl: deadLetterUrl, AttributeNames: ["QueueArn"] }),
      );
      const redrive = { deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount };
      return { url: await create({ RedrivePolicy: JSON.stringify(redrive) }), deadLetterUrl };
    },
    async bodies(url, count) {
      const bodies: string[] = [];
      while (bodies.length < count) {
        const command = new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 });
        const { Messages = [] } = await client.send(command);
        if (Messages.length === 0) break;
        bodies.push(...Messages.map(({ Body = "" }) => Body));
      }
      return bodies;
    },
    async close() {
      await Promise.all(created.map((QueueUrl) => client.send(new DeleteQueueCommand({ QueueUrl }))));
      client.destroy();
    },
  };
}
