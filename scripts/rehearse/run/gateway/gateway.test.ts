import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Account } from "../calls/call.ts";
import { createSessions } from "../platform/credentials.ts";
import { createSignedCall } from "../platform/signed-call.ts";
import { createAuthorize } from "./authorize.ts";
import { makeCertificate } from "./certificate.ts";
import { startGateway } from "./gateway.ts";
import { createMails } from "../platform/mails.ts";
import { createMeter } from "./meter.ts";
import { createUsage } from "./usage.ts";

const QUEUE = "arn:aws:sqs:us-east-1:123456789012:events";
const ACCOUNT: Account = {
  id: "123456789012",
  region: "us-east-1",
  partitionKey: () => "pk",
  domainAt: () => undefined,
};
const SEND = {
  service: "sqs",
  target: "AmazonSQS.SendMessage",
  body: { QueueUrl: "https://sqs.us-east-1.amazonaws.com/123456789012/events", MessageBody: "x" },
};
const trust = {
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
};

/** A role with one statement, and a gateway in front of an emulator that answers everything. */
async function open(statement: object) {
  const folder = await mkdtemp(join(tmpdir(), "millrace-gateway-"));
  const passed: string[] = [];
  const emulator = createServer((request, response) => {
    passed.push(String(request.headers["x-amz-target"]));
    response.writeHead(200, { "content-type": "application/json" }).end('{"MessageId":"1"}');
  });
  await new Promise<void>((ready) => emulator.listen(0, "127.0.0.1", ready));
  const sessions = createSessions(ACCOUNT.id);
  const usage = createUsage();
  const certificate = await makeCertificate(folder, ["*.us-east-1.amazonaws.com"]);
  const gateway = await startGateway({
    certificate,
    account: ACCOUNT,
    sessions,
    authorize: createAuthorize({ account: ACCOUNT, usage, policyOf: () => [] }),
    usage,
    meter: createMeter(),
    mails: createMails(),
    emulator: `http://127.0.0.1:${(emulator.address() as AddressInfo).port}`,
    openSearch: "http://127.0.0.1:1",
    others: new Map(),
  });
  onTestFinished(async () => {
    await gateway.close();
    await new Promise((closed) => emulator.close(closed));
    await rm(folder, { recursive: true });
  });
  const rolePolicies = { inline: { Version: "2012-10-17", Statement: statement } };
  const role = { role: "arn:aws:iam::123456789012:role/ingest", rolePolicies, trust };
  const session = sessions.assume(role, "lambda.amazonaws.com", "ingest");
  const call = createSignedCall({ port: gateway.port, ca: certificate.cert }, ACCOUNT.region);
  return { call, session, usage, passed, sessions, role };
}

const allowed = { Effect: "Allow", Action: ["sqs:SendMessage", "sqs:DeleteMessage"], Resource: QUEUE };

test("a signed call that the role allows is passed on, and its right is used", async () => {
  const { call, session, usage, passed } = await open(allowed);
  expect(await call(session, SEND)).toEqual({ MessageId: "1" });
  expect(passed).toEqual(["AmazonSQS.SendMessage"]);
  expect(usage.denials).toEqual([]);
  expect(usage.unused("ingest", session.statements)).toEqual([
    { actor: "ingest", action: "sqs:DeleteMessage", resource: QUEUE },
  ]);
});

test("without the statement the call is denied, named, and goes nowhere", async () => {
  const { call, session, usage, passed } = await open({ ...allowed, Resource: `${QUEUE}-other` });
  await expect(call(session, SEND)).rejects.toThrow("AccessDeniedException");
  expect(passed).toEqual([]);
  expect(usage.denials).toEqual([
    { actor: "ingest", action: "sqs:SendMessage", resource: QUEUE, why: "no statement allows it" },
  ]);
});

test("a signature by another secret, and an operation nobody knows, are denied too", async () => {
  const { call, session, usage, passed } = await open({ Effect: "Allow", Action: "*", Resource: "*" });
  await expect(call({ ...session, secretAccessKey: "guess" }, SEND)).rejects.toThrow("signature");
  await expect(call(session, { ...SEND, target: "AmazonSQS.PurgeQueue" })).rejects.toThrow("PurgeQueue");
  expect(usage.denials).toHaveLength(2);
  expect(passed).toEqual([]);
});

test("a role is taken on only by the service that it trusts", async () => {
  const { sessions, role } = await open(allowed);
  expect(() => sessions.assume(role, "scheduler.amazonaws.com", "x")).toThrow("does not trust scheduler");
});
