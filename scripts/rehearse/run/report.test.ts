import { expect, test } from "vitest";
import { findingsOf } from "./report.ts";

const denial = (action: string) => ({
  actor: "ingest",
  action,
  resource: "arn:aws:sqs:us-east-1:123456789012:millrace-production-EventsQueue-abcdefgh",
  why: "no statement allows it",
});
const step = (failure: string | undefined) => ({ name: "recording", ms: 1, seen: "", failure });

test("a denied call is named by function, action and resource, once with its number; the steps that it broke follow", () => {
  const denials = [denial("sqs:SendMessage"), denial("sqs:SendMessage"), denial("sqs:DeleteMessage")];
  const findings = findingsOf({ results: [step("503"), step(undefined)], denials, unused: [], granted: 0 });
  expect(findings.slice(0, 3)).toEqual([
    "denied: ingest × sqs:SendMessage × sqs millrace-production-EventsQueue: no statement allows it (2 times)",
    "denied: ingest × sqs:DeleteMessage × sqs millrace-production-EventsQueue: no statement allows it",
    "failed: recording",
  ]);
});
