import { mappingTo, only } from "../deployed/deployment.ts";
import { signedFor } from "../platform/signed-for.ts";
import type { Stage } from "../platform/stage.ts";
import type { Operator } from "./step.ts";

/** @param emulator its address, without a slash at the end; so for the search engine */
export function createOperator(
  { deployment }: Pick<Stage, "deployment">,
  emulator: string,
  openSearch: string,
): Operator {
  const { queues, functions } = deployment;
  const events = only(
    queues.filter(({ arn }) => arn === mappingTo(deployment, "collector").EventSourceArn),
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

  async function ask(service: string, target: string, body: object): Promise<Record<string, unknown>> {
    const response = await fetch(emulator, {
      method: "POST",
      headers: { ...signedFor(service), "content-type": "application/x-amz-json-1.0", "x-amz-target": target },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${target}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  }
  const cloudWatch = (operation: string, body: object) =>
    ask("monitoring", `GraniteServiceVersion20100801.${operation}`, body);
  const sqs = (operation: string, body: object) => ask("sqs", `AmazonSQS.${operation}`, body);

  const urls = { events: events.url, dead: dead.url };

  return {
    async move(from, to, change = (body) => body) {
      for (let moved = 0; ; moved++) {
        const { Messages = [] } = (await sqs("ReceiveMessage", {
          QueueUrl: urls[from],
          AttributeNames: ["All"],
          MaxNumberOfMessages: 1,
        })) as { Messages?: { Body: string; ReceiptHandle: string; Attributes: Record<string, string> }[] };
        const [message] = Messages;
        if (!message) return moved;
        const MessageGroupId = message.Attributes["MessageGroupId"];
        await sqs("SendMessage", { QueueUrl: urls[to], MessageBody: change(message.Body), MessageGroupId });
        await sqs("DeleteMessage", { QueueUrl: urls[from], ReceiptHandle: message.ReceiptHandle });
      }
    },
    async spoil(change) {
      const changed = (body: string) => JSON.stringify({ ...(JSON.parse(body) as object), ...change });
      await this.move("events", "dead");
      await this.move("dead", "events", changed);
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
    async saltedDays() {
      const table = functions.map(({ environment }) => environment["SALTS_TABLE"]).find((name) => name !== undefined);
      const { Items } = (await ask("dynamodb", "DynamoDB_20120810.Scan", { TableName: table })) as {
        Items: { sk: { S: string } }[];
      };
      return Items.map(({ sk }) => sk.S).sort();
    },
    async count(Namespace, MetricName, dimensions, Value) {
      const Dimensions = Object.entries(dimensions).map(([Name, value]) => ({ Name, Value: value }));
      const datum = { MetricName, Dimensions, Value, Timestamp: Math.floor(Date.now() / 1000) };
      await cloudWatch("PutMetricData", { Namespace, MetricData: [datum] });
    },
    async verifySender(EmailAddress) {
      const body = new URLSearchParams({ Action: "VerifyEmailIdentity", Version: "2010-12-01", EmailAddress });
      const response = await fetch(emulator, { method: "POST", headers: signedFor("ses"), body });
      if (!response.ok) throw new Error(`VerifyEmailIdentity: ${response.status} ${await response.text()}`);
    },
    async setAlarm(AlarmName, StateValue, StateReason) {
      await cloudWatch("SetAlarmState", { AlarmName, StateValue, StateReason });
    },
    async alarms() {
      const { MetricAlarms } = await cloudWatch("DescribeAlarms", {});
      return MetricAlarms as Awaited<ReturnType<Operator["alarms"]>>;
    },
    async archived(folder) {
      if (bucket === undefined) throw new Error("The stage has no archive.");
      const response = await fetch(`${emulator}/${bucket}?list-type=2&prefix=${folder}/`, { headers: signedFor("s3") });
      return [...(await response.text()).matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key = ""]) => key);
    },
    async search(path) {
      return (await fetch(`${openSearch}${path}`)).json();
    },
    async blockWrites(blocked, of = "events") {
      const response = await fetch(`${openSearch}/*-${of}-*/_settings`, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ "index.blocks.write": blocked }),
      });
      if (!response.ok) throw new Error(`The indexes' settings: ${response.status} ${await response.text()}`);
    },
  };
}
