import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { decodeEnvelope } from "@millrace/core";
import type { FunctionName } from "../src/settings.ts";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { ORIGIN_SECRET, viaCloudFront } from "./cloudfront.ts";
import { httpEvent, type HttpResponse } from "./http-event.ts";
import type { Lambda } from "../../../scripts/lambda/lambda.ts";
import { linkedAsDeployed } from "./linked.ts";
import { serverUrl } from "./server-url.ts";
import { openSqsServer } from "./sqs-server.ts";
import { startFunction, type FunctionEnvironment } from "./start-function.ts";
import { createTables } from "./tables.ts";

async function start(name: FunctionName, env: FunctionEnvironment): Promise<Lambda> {
  const lambda = await startFunction(name, env);
  onTestFinished(() => lambda.stop());
  return lambda;
}

interface Made {
  readonly project: { readonly id: string };
  readonly writeKey: string;
  readonly readKey: string;
}

describe("admin and ingest, as bundled for Lambda", () => {
  const sqs = openSqsServer();
  afterAll(() => sqs.close());
  const trusted = viaCloudFront("198.51.100.4");

  async function startBoth() {
    const tables = await createTables();
    onTestFinished(() => tables.remove());
    const { url: QueueUrl } = await sqs.createQueues({ maxReceiveCount: 100 });
    const registry = {
      ...tables.environment,
      DYNAMODB_URL: serverUrl("DYNAMODB_URL"),
      TIME_BUDGET_FACTOR: "20",
    };
    const admin = await start("admin", registry);
    const made = await admin.invoke<Made>({ action: "create-project", name: "Shop" });
    const ingest = await start("ingest", {
      ...registry,
      SQS_QUEUE_URL: QueueUrl,
      SQS_ENDPOINT: sqs.endpoint,
      ORIGIN_CHECK: "on",
      SST_RESOURCE_OriginSecret: JSON.stringify({ value: ORIGIN_SECRET }),
    });
    return { ingest, made, QueueUrl };
  }

  test("a project made by invoke records events through the HTTP API's protocol into SQS", async () => {
    const { ingest, made, QueueUrl } = await startBoth();
    const response = await ingest.invoke<HttpResponse>(
      httpEvent({
        method: "POST",
        path: `/3.0/projects/${made.project.id}/events/purchases`,
        headers: { ...trusted, authorization: made.writeKey, "content-type": "application/json" },
        body: JSON.stringify({ price: 12.5, buyer: "Ägir" }),
      }),
    );
    expect(response).toMatchObject({ statusCode: 201, body: '{"created":true}' });
    expect(response.headers["access-control-allow-origin"]).toBe("*");

    const { Messages = [] } = await sqs.client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
    expect(Messages).toHaveLength(1);
    const envelope = decodeEnvelope(Messages[0]?.Body ?? "");
    expect(envelope).toMatchObject({ project: made.project.id, accepted: 1 });
    expect(JSON.stringify(envelope)).toContain("Ägir");
    expect(JSON.stringify(envelope)).not.toContain("198.51.100.4");
    expect(ingest.log()).toContain('"faas.name":"ingest"');
    expect(ingest.log()).not.toContain(made.writeKey);
  });

  test("a request that did not come through CloudFront is refused and queues nothing", async () => {
    const { ingest, made, QueueUrl } = await startBoth();
    const response = await ingest.invoke<HttpResponse>(
      httpEvent({
        method: "POST",
        path: `/3.0/projects/${made.project.id}/events/purchases`,
        headers: { authorization: made.writeKey },
        body: "{}",
      }),
    );
    expect(response.statusCode).toBe(403);
    expect((await sqs.client.send(new ReceiveMessageCommand({ QueueUrl }))).Messages ?? []).toEqual([]);
  });

  test("a preflight is answered by the app, and the collection's schema by a read key", async () => {
    const { ingest, made } = await startBoth();
    const path = `/3.0/projects/${made.project.id}/events/purchases`;
    const preflight = await ingest.invoke<HttpResponse>(
      httpEvent({ method: "OPTIONS", path, headers: { ...trusted, origin: "https://a.test" } }),
    );
    expect(preflight.statusCode).toBe(204);
    const schema = await ingest.invoke<HttpResponse>(
      httpEvent({ method: "GET", path, headers: { ...trusted, authorization: made.readKey } }),
    );
    expect(schema).toMatchObject({ statusCode: 404 });
    expect(schema.body).toContain("ResourceNotFoundError");
    // CloudFront's cache does not know keys: whatever it kept of this one, the next one would read.
    expect(schema.headers["cache-control"]).toBe("no-store");
  });
});

describe("alarm, as bundled for Lambda", () => {
  const event = {
    Records: [{ Sns: { Subject: null, Message: JSON.stringify({ AlarmName: "lag", NewStateValue: "ALARM" }) } }],
  };

  test("a Slack that cannot be reached is tried again, and the webhook never shows", async () => {
    // A name that leads nowhere: the failure must be one that SNS tries again, and must not name the webhook.
    const value = "https://hooks.invalid/hook";
    const alarm = await start("alarm", { SST_RESOURCE_SlackWebhook: JSON.stringify({ value }) });
    await expect(alarm.invoke(event)).rejects.toThrow("SlackUnavailable");
    expect(alarm.log()).not.toContain("/hook");
  });

  test("without a webhook the alarm is in the log", async () => {
    const alarm = await start("alarm", { SST_RESOURCE_SlackWebhook: JSON.stringify({ value: "off" }) });
    await alarm.invoke(event);
    expect(alarm.log()).toContain("lag is critical");
  });

  test("a secret in the encrypted file of a deploy is found, and is in no environment", async () => {
    const environment = await linkedAsDeployed({ SlackWebhook: { type: "sst.sst.Secret", value: "off" } });
    expect(JSON.stringify(environment)).not.toContain("SlackWebhook");
    const alarm = await start("alarm", environment);
    await alarm.invoke(event);
    expect(alarm.log()).toContain("lag is critical");
  });

  test("a function whose secret is not linked does not start, and says which", async () => {
    const alarm = await start("alarm", {});
    await expect(alarm.invoke(event)).rejects.toThrow("SlackWebhook");
  });
});
