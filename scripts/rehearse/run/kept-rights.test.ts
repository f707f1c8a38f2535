import { expect, test } from "vitest";
import { findingsOf } from "./report.ts";

const QUEUE = "arn:aws:sqs:us-east-1:123456789012:millrace-production-EventsQueue-abcdefgh";
const DOMAIN = "arn:aws:es:us-east-1:123456789012:domain/millrace-production-events";
const kept = [
  { actor: "health", action: "es:ESHttpPost", resource: `${DOMAIN}/_search` },
  { actor: "health", action: "es:ESHttpPost", resource: `${DOMAIN}/*/_search/point_in_time` },
  { actor: "health", action: "es:ESHttpDelete", resource: `${DOMAIN}/_search/point_in_time` },
  { actor: "reports", action: "es:ESHttpPost", resource: `${DOMAIN}/_search` },
  { actor: "reports", action: "es:ESHttpPost", resource: `${DOMAIN}/*/_search/point_in_time` },
  { actor: "reports", action: "es:ESHttpDelete", resource: `${DOMAIN}/_search/point_in_time` },
  { actor: "reports", action: "es:ESHttpPost", resource: `${DOMAIN}/*/_field_caps` },
];
const nothing = { results: [], denials: [], unused: kept, granted: 1 };

test("a run in which all was allowed and all was needed has no finding", () => {
  expect(findingsOf(nothing)).toEqual([]);
});

test("a denied call is named by function, action and resource", () => {
  const denials = [{ actor: "ingest", action: "sqs:SendMessage", resource: QUEUE, why: "no statement allows it" }];
  expect(findingsOf({ ...nothing, denials })).toEqual([
    "denied: ingest × sqs:SendMessage × sqs millrace-production-EventsQueue: no statement allows it",
  ]);
});

test("a right that no step needed is a finding, and so is a reason for one that is used", () => {
  const unused = [...kept.slice(1), { actor: "ingest", action: "sqs:DeleteMessage", resource: QUEUE }];
  expect(findingsOf({ ...nothing, unused })).toEqual([
    expect.stringContaining("never used (take it out of stacks/, or show what needs it): ingest × sqs:DeleteMessage"),
    expect.stringContaining("kept-rights.ts names a right that is used or gone: health × es:ESHttpPost × /_search"),
  ]);
});
