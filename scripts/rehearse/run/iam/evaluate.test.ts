import { describe, expect, test } from "vitest";
import { evaluate } from "./evaluate.ts";
import { contextOf, type AccessRequest, type Principal } from "./request.ts";
import { statementsOf } from "./statement.ts";

// Cases of AWS's documentation: policy evaluation logic, condition operators, keys of several values, policy variables.
const ROLE: Principal = { kind: "role", arn: "arn:aws:iam::123456789012:role/collector", account: "123456789012" };
const QUEUE = "arn:aws:sqs:us-east-1:123456789012:events";
const TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/registry";

function statements(given: readonly object[], owner = "role") {
  return statementsOf({ Version: "2012-10-17", Statement: given }, owner);
}

function ask(
  identity: readonly object[],
  request: Partial<Omit<AccessRequest, "context">> & { context?: Record<string, string[]> },
  resource: readonly object[] = [],
): string {
  const { context = {}, ...rest } = request;
  const decision = evaluate(
    { identity: statements(identity), resource: statements(resource, "resource") },
    { principal: ROLE, action: "sqs:SendMessage", resource: QUEUE, ...rest, context: contextOf(context) },
  );
  if (decision.allowed) return `allowed by ${decision.by.name}`;
  return decision.by ? `denied by ${decision.by.name}` : "denied";
}

const allow = (more: object = {}) => ({ Effect: "Allow", Action: "sqs:SendMessage", Resource: QUEUE, ...more });
const deny = (more: object = {}) => ({ ...allow(more), Effect: "Deny" });

describe("the order of the decision", () => {
  test("what no statement allows is denied", () => {
    expect(ask([], {})).toBe("denied");
    expect(ask([allow({ Action: "sqs:ReceiveMessage" })], {})).toBe("denied");
    expect(ask([allow({ Resource: `${QUEUE}-other` })], {})).toBe("denied");
  });

  test("a statement that allows it is named", () => {
    expect(ask([allow({ Action: "s3:*" }), allow()], {})).toBe("allowed by role 2 (sqs:SendMessage)");
  });

  test("an explicit Deny outweighs every Allow, wherever it is written", () => {
    expect(ask([allow(), deny({ Action: "sqs:*" })], {})).toBe("denied by role 2 (sqs:*)");
    const ofQueue = [deny({ Principal: "*" })];
    expect(ask([allow()], {}, ofQueue)).toBe("denied by resource 1 (sqs:SendMessage)");
    expect(ask([allow()], {}, [deny({ Principal: { AWS: "arn:aws:iam::123456789012:root" } })])).toContain("denied by");
    expect(ask([allow()], {}, [deny({ Principal: { AWS: "arn:aws:iam::123456789012:role/other" } })])).toContain(
      "allowed",
    );
  });

  test("a resource's policy allows whom it names; naming the account leaves it to the role", () => {
    expect(ask([], {}, [allow({ Principal: { AWS: ROLE.arn } })])).toBe("allowed by resource 1 (sqs:SendMessage)");
    expect(ask([], {}, [allow({ Principal: { AWS: "arn:aws:iam::123456789012:root" } })])).toBe("denied");
    expect(ask([allow()], {}, [allow({ Principal: { AWS: "arn:aws:iam::123456789012:root" } })])).toContain("by role");
  });

  test("a service that asks in its own name is allowed by the resource alone", () => {
    const principal: Principal = { kind: "service", name: "apigateway.amazonaws.com" };
    const statement = allow({
      Principal: { Service: principal.name },
      Condition: { ArnLike: { "AWS:SourceArn": "arn:aws:execute-api:us-east-1:123456789012:api/*" } },
    });
    const from = (api: string) => ({ "aws:SourceArn": [`arn:aws:execute-api:us-east-1:123456789012:${api}/$default`] });
    expect(ask([], { principal, context: from("api") }, [statement])).toContain("allowed");
    expect(ask([], { principal, context: from("another") }, [statement])).toBe("denied");
    expect(
      ask([], { principal: { kind: "service", name: "sns.amazonaws.com" }, context: from("api") }, [statement]),
    ).toBe("denied");
  });

  test("whom NotPrincipal names is the only one a Deny spares", () => {
    const spare = (role: string) => [deny({ NotPrincipal: { AWS: `arn:aws:iam::123456789012:role/${role}` } })];
    expect(ask([allow()], {}, spare("collector"))).toContain("allowed");
    expect(ask([allow()], {}, spare("other"))).toContain("denied by");
  });
});

describe("names of actions and resources", () => {
  test.each([
    ["sqs:*", true],
    ["SQS:sendmessage", true],
    ["sqs:Send*", true],
    ["sqs:SendMessag?", true],
    ["*", true],
    ["sqs:Send", false],
    ["s?s:SendMessages", false],
    // A dot is a dot, not any character.
    ["sqs.SendMessage", false],
  ])("the action %s", (Action, expected) => {
    expect(ask([allow({ Action })], {}).startsWith("allowed")).toBe(expected);
  });

  test("NotAction allows everything else, and denies everything else", () => {
    const all = { Effect: "Allow", NotAction: ["iam:*", "sqs:Delete*"], Resource: "*" };
    expect(ask([all], {})).toContain("allowed");
    expect(ask([all], { action: "sqs:DeleteQueue" })).toBe("denied");
    expect(ask([allow(), { Effect: "Deny", NotAction: "sqs:ReceiveMessage", Resource: "*" }], {})).toContain(
      "denied by",
    );
  });

  test.each([
    [["arn:aws:sqs:*:*:events"], true],
    [["arn:aws:sqs:us-east-?:123456789012:e*"], true],
    [["arn:aws:s3:::x", "*"], true],
    [["arn:aws:sqs:us-east-1:123456789012:EVENTS"], false],
  ])("the resources %j", (Resource, expected) => {
    expect(ask([allow({ Resource })], {}).startsWith("allowed")).toBe(expected);
  });

  test("NotResource denies all but one", () => {
    const rest = { Effect: "Deny", Action: "*", NotResource: QUEUE };
    expect(ask([allow({ Resource: "*" }), rest], {})).toContain("allowed");
    expect(ask([allow({ Resource: "*" }), rest], { resource: `${QUEUE}-2` })).toContain("denied by");
  });
});

describe("leading keys: an item of another kind is out of reach", () => {
  const write = {
    Effect: "Allow",
    Action: "dynamodb:PutItem",
    Resource: TABLE,
    Condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["claim", "claim:*"] } },
  };
  const put = (...keys: string[]) =>
    ask([write], { action: "dynamodb:PutItem", resource: TABLE, context: { "dynamodb:LeadingKeys": keys } });

  test("all keys must match", () => {
    expect(put("claim:shop")).toContain("allowed");
    expect(put("claim", "claim:a")).toContain("allowed");
    expect(put("keys")).toBe("denied");
    expect(put("claim:a", "keys")).toBe("denied");
    expect(put("claims")).toBe("denied");
  });

  test("ForAllValues is true of no values and of a missing key, as AWS warns", () => {
    expect(put()).toContain("allowed");
    expect(ask([write], { action: "dynamodb:PutItem", resource: TABLE })).toContain("allowed");
  });
});

describe("condition operators", () => {
  const holds = (condition: object, context: Record<string, string[]>) =>
    ask([allow({ Condition: condition })], { context }).startsWith("allowed");

  test.each([
    [{ StringEquals: { "aws:SourceAccount": ["1", "2"] } }, { "aws:SourceAccount": ["2"] }, true],
    [{ StringEquals: { "aws:SourceAccount": "1" } }, { "AWS:sourceaccount": ["1"] }, true],
    [{ StringEquals: { "aws:SourceAccount": "1*" } }, { "aws:SourceAccount": ["11"] }, false],
    [{ StringEquals: { "aws:SourceAccount": "1" } }, {}, false],
    [{ StringEqualsIfExists: { "aws:SourceAccount": "1" } }, {}, true],
    [{ StringNotEquals: { "aws:SourceAccount": ["1", "2"] } }, { "aws:SourceAccount": ["2"] }, false],
    [{ StringNotEquals: { "aws:SourceAccount": "1" } }, {}, true],
    [{ StringEqualsIgnoreCase: { "aws:x": "ABC" } }, { "aws:x": ["abc"] }, true],
    [{ StringNotLike: { "aws:x": "a*" } }, { "aws:x": ["abc"] }, false],
    [{ Bool: { "aws:SecureTransport": "false" } }, { "aws:SecureTransport": ["true"] }, false],
    [{ Bool: { "aws:SecureTransport": false } }, { "aws:SecureTransport": ["false"] }, true],
    [{ Null: { "aws:x": "true" } }, {}, true],
    [{ Null: { "aws:x": "true" } }, { "aws:x": ["1"] }, false],
    [{ NumericLessThanEquals: { "s3:max-keys": "10" } }, { "s3:max-keys": ["9"] }, true],
    [{ NumericGreaterThan: { "s3:max-keys": "10" } }, { "s3:max-keys": ["10"] }, false],
    [
      { DateLessThan: { "aws:CurrentTime": "2026-12-01T00:00:00Z" } },
      { "aws:CurrentTime": ["2026-11-30T23:59:59Z"] },
      true,
    ],
    [{ IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }, { "aws:SourceIp": ["203.0.113.9"] }, true],
    [{ NotIpAddress: { "aws:SourceIp": ["203.0.113.0/24"] } }, { "aws:SourceIp": ["203.0.113.9"] }, false],
    [{ IpAddress: { "aws:SourceIp": "2001:db8::/32" } }, { "aws:SourceIp": ["2001:db8::1"] }, true],
    [
      { ArnEquals: { "aws:SourceArn": "arn:aws:sns:*:1:alarms" } },
      { "aws:SourceArn": ["arn:aws:sns:us-east-1:1:alarms"] },
      true,
    ],
    // No wildcard reaches over a colon.
    [
      { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:alarms" } },
      { "aws:SourceArn": ["arn:aws:sns:us-east-1:1:alarms"] },
      false,
    ],
    [{ "ForAnyValue:StringEquals": { "aws:TagKeys": ["a"] } }, { "aws:TagKeys": ["b", "a"] }, true],
    [{ "ForAnyValue:StringEquals": { "aws:TagKeys": ["a"] } }, {}, false],
    [{ "ForAllValues:StringNotEquals": { "aws:TagKeys": ["a"] } }, { "aws:TagKeys": ["b", "a"] }, false],
    // Two operators, and two keys of one: all must hold.
    [{ Bool: { a: "true" }, StringEquals: { b: "1" } }, { a: ["true"], b: ["2"] }, false],
    [{ StringEquals: { a: "1", b: "1" } }, { a: ["1"], b: ["1"] }, true],
  ] as [object, Record<string, string[]>, boolean][])("%j of %j", (condition, context, expected) => {
    expect(holds(condition, context)).toBe(expected);
  });

  test("one that is not known is an error, never true or false", () => {
    expect(() => holds({ BinaryEquals: { a: "1" } }, { a: ["1"] })).toThrow("BinaryEquals");
    expect(() => holds({ StringEquals: { a: "1" } }, { a: ["1", "2"] })).toThrow("2 values");
  });
});

describe("policy variables", () => {
  const folder = "arn:aws:s3:::kept/${aws:PrincipalTag/team}/*";
  const get = (resource: string, context: Record<string, string[]>) =>
    ask([allow({ Resource: folder })], { resource, context });

  test("stand for the request's own value, as plain text", () => {
    expect(get("arn:aws:s3:::kept/a/1", { "aws:PrincipalTag/team": ["a"] })).toContain("allowed");
    expect(get("arn:aws:s3:::kept/b/1", { "aws:PrincipalTag/team": ["a"] })).toBe("denied");
    expect(get("arn:aws:s3:::kept/b/1", { "aws:PrincipalTag/team": ["*"] })).toBe("denied");
  });

  test("without a value match nothing, or stand for their default", () => {
    expect(get("arn:aws:s3:::kept//1", {})).toBe("denied");
    const Resource = "arn:aws:s3:::kept/${aws:PrincipalTag/team, 'all'}/*";
    expect(ask([allow({ Resource })], { resource: "arn:aws:s3:::kept/all/1" })).toContain("allowed");
  });

  test("${*} is a star", () => {
    expect(ask([allow({ Resource: "a${*}" })], { resource: "a*" })).toContain("allowed");
    expect(ask([allow({ Resource: "a${*}" })], { resource: "ab" })).toBe("denied");
  });
});

test.each([
  [{ Effect: "Allow", Action: "*", Resource: "*", Ressource: "x" }, "Ressource"],
  [{ Effect: "allow", Action: "*", Resource: "*" }, "Effect"],
  [{ Effect: "Allow", Resource: "*" }, "Action"],
  [{ Effect: "Allow", Action: "*", Principal: { Federated: "x" } }, "Federated"],
])("a statement that is not understood is refused: %j", (statement, name) => {
  expect(() => statements([statement])).toThrow(name);
});

test("a policy of before variables is refused", () => {
  expect(() => statementsOf({ Statement: [] }, "old")).toThrow("version");
});
