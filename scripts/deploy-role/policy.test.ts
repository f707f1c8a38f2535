import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BEYOND_RECORD } from "./beyond-record.ts";
import { NEEDY_SETTINGS, policyOfSettings } from "./of-settings.ts";
import { deployPolicy, refusedBy, type Policy, type RecordedCall } from "./policy.ts";

const ACCOUNT = "123456789012";
const call = (service: string, action: string, actor = "urn:pulumi:production"): RecordedCall => ({
  actor,
  service,
  action,
});
const calls = [
  call("monitoring", "PutMetricAlarm"),
  call("apigateway", "CreateRoute"),
  call("apigateway", "GetApis"),
  call("lambda", "CreateFunction"),
  call("lambda", "CreateEventSourceMapping"),
  call("lambda", "Invoke"),
  call("s3", "ListObjectsV2"),
  call("s3", "PutBucketCors"),
  call("cloudfront", "CreateDistributionWithTags"),
  call("dynamodb", "ListTables", "rehearsal"),
];

test("what the functions call under their own roles is nothing that a deploy needs", () => {
  const run = [{ ...call("kinesis", "PutRecord"), step: "run" }];
  expect(deployPolicy([...calls, ...run], ACCOUNT)).toEqual(deployPolicy(calls, ACCOUNT));
  expect(refusedBy(deployPolicy(calls, ACCOUNT), run)).toEqual([]);
});

test("every recorded call passes, by the names that policies know", () => {
  const policy = deployPolicy(calls, ACCOUNT);
  expect(refusedBy(policy, calls)).toEqual([]);
  const actions = policy.Statement.flatMap(({ Action }) => Action);
  expect(actions).toEqual(
    expect.arrayContaining([
      "cloudwatch:PutMetricAlarm",
      "apigateway:POST",
      "lambda:InvokeFunction",
      "s3:PutBucketCORS",
      "cloudfront:CreateDistribution",
    ]),
  );
  // What the rehearsal itself looked at is no part of a deploy.
  expect(actions.join()).not.toContain("dynamodb");
});

test("what changes something is named, and where resources carry the app's name, on those alone", () => {
  const { Statement } = deployPolicy(calls, ACCOUNT);
  for (const { Sid, Action, Resource } of Statement.filter(({ Sid }) => Sid.endsWith("Change"))) {
    for (const action of Action) expect(action, Sid).not.toContain("*");
    if (Sid !== "cloudfrontChange") expect(Resource, Sid).not.toBe("*");
  }
  expect(Statement.find(({ Sid }) => Sid === "lambdaChange")?.Resource).toEqual([
    `arn:aws:lambda:*:${ACCOUNT}:function:millrace-*`,
    `arn:aws:lambda:*:${ACCOUNT}:event-source-mapping:*`,
  ]);
});

test("a call that the policy lacks is named", () => {
  const policy = deployPolicy(calls, ACCOUNT);
  expect(refusedBy(policy, [...calls, call("sqs", "CreateQueue")])).toEqual(["sqs:CreateQueue"]);
});

test("the checked-in policy is AWS's to take: below its 6,144 characters of a managed policy, two of them at most", () => {
  const policy = JSON.parse(readFileSync(join(import.meta.dirname, "../../docs/deploy-role.json"), "utf8")) as Policy;
  expect(refusedBy(policy, [...calls, ...BEYOND_RECORD])).toEqual([]);
  expect(JSON.stringify(policy).replaceAll(/\s/g, "").length).toBeLessThan(6_144 * 2);
  expect(new Set(policy.Statement.map(({ Sid }) => Sid)).size).toBe(policy.Statement.length);
});

test("reading is named as policies name it", () => {
  const { Statement } = deployPolicy(
    [call("budgets", "CreateBudget"), call("budgets", "DescribeBudget"), call("logs", "CreateLogGroup")],
    ACCOUNT,
  );
  const read = (sid: string) => Statement.find(({ Sid }) => Sid === sid)?.Action;
  expect(read("budgetsRead")).toEqual(["budgets:ViewBudget", "budgets:ListTagsForResource"]);
  expect(read("logsRead")).toEqual(["logs:Get*", "logs:List*", "logs:Describe*"]);
});

test("the checked-in policy lets the gateway have an access log, a reservation be taken back, a mapping be tagged", () => {
  const policy = JSON.parse(readFileSync(join(import.meta.dirname, "../../docs/deploy-role.json"), "utf8")) as Policy;
  const actions = policy.Statement.flatMap(({ Action }) => Action);
  expect(actions).toEqual(
    expect.arrayContaining([
      "budgets:ViewBudget",
      "lambda:DeleteFunctionConcurrency",
      "logs:CreateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:PutResourcePolicy",
      "logs:UpdateLogDelivery",
    ]),
  );
  expect(JSON.stringify(policy)).toContain(":event-source-mapping:*");
});

test("what a setting needs on top is named, and changes nothing that it names no action for", () => {
  for (const name of NEEDY_SETTINGS)
    for (const { Sid, Action } of policyOfSettings([name], ACCOUNT).Statement)
      for (const action of Action) if (!Sid.endsWith("Read")) expect(action, Sid).not.toContain("*");
  const kibana = policyOfSettings(["kibana"], ACCOUNT).Statement;
  expect(kibana.find(({ Sid }) => Sid === "HandRolesToKibana")?.Condition).toEqual({
    StringEquals: { "iam:PassedToService": ["es.amazonaws.com", "cognito-identity.amazonaws.com"] },
  });
});
