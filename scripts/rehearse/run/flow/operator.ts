import { only } from "../deployed/deployment.ts";
import { signedFor } from "../platform/signed-for.ts";
import type { Stage } from "../platform/stage.ts";
import type { Operator } from "./step.ts";

/** @param emulator its address, without a slash at the end; so for the search engine */
export function createOperator(
  { deployment }: Pick<Stage, "deployment">,
  emulator: string,
  openSearch: string,
): Operator {
  const { queues, mappings, functions } = deployment;
  const events = only(
    queues.filter(({ arn }) => arn === only(mappings, "mappings").EventSourceArn),
    "queues of events",
  );
  const { deadLetterTargetArn } = JSON.parse(events.attributes["RedrivePolicy"] ?? "{}") as {
    deadLetterTargetArn?: string;
  };
  const dead = only(
    queues.filter(({ arn }) => arn === deadLetterTargetArn),
    "queues of dead letters",
  );
  const bucket = functions.map(({ environment }) => environment["ARCHIVE_BUCKET"]).find((name) => name !== undefined);

  async function sqs(operation: string, body: object): Promise<Record<string, unknown>> {
    const response = await fetch(emulator, {
      method: "POST",
      headers: {
        ...signedFor("sqs"),
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `AmazonSQS.${operation}`,
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${operation}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  }

  const urls = { events: events.url, dead: dead.url };

  return {
    async move(from, to) {
      for (let moved = 0; ; moved++) {
        const { Messages = [] } = (await sqs("ReceiveMessage", {
          QueueUrl: urls[from],
          AttributeNames: ["All"],
          MaxNumberOfMessages: 1,
        })) as { Messages?: { Body: string; ReceiptHandle: string; Attributes: Record<string, string> }[] };
        const [message] = Messages;
        if (!message) return moved;
        const MessageGroupId = message.Attributes["MessageGroupId"];
        await sqs("SendMessage", { QueueUrl: urls[to], MessageBody: message.Body, MessageGroupId });
        await sqs("DeleteMessage", { QueueUrl: urls[from], ReceiptHandle: message.ReceiptHandle });
      }
    },
    async send(MessageBody, MessageGroupId) {
      await sqs("SendMessage", { QueueUrl: events.url, MessageBody, MessageGroupId });
    },
    async depth(queue) {
      const { Attributes } = (await sqs("GetQueueAttributes", {
        QueueUrl: urls[queue],
        AttributeNames: ["All"],
      })) as { Attributes: Record<string, string> };
      return {
        visible: Number(Attributes["ApproximateNumberOfMessages"]),
        hidden: Number(Attributes["ApproximateNumberOfMessagesNotVisible"]),
      };
    },
    async archived(folder) {
      if (bucket === undefined) throw new Error("The stage has no archive.");
      const response = await fetch(`${emulator}/${bucket}?list-type=2&prefix=${folder}/`, { headers: signedFor("s3") });
      return [...(await response.text()).matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key = ""]) => key);
    },
    async search(path) {
      return (await fetch(`${openSearch}${path}`)).json();
    },
    async blockWrites(blocked) {
      const response = await fetch(`${openSearch}/*-events-*/_settings`, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ "index.blocks.write": blocked }),
      });
      if (!response.ok) throw new Error(`The indexes' settings: ${response.status} ${await response.text()}`);
    },
  };
}
