import { BlockList, isIP } from "node:net";
import { literal, matches } from "./pattern.ts";
import type { Context } from "./request.ts";
import type { Condition } from "./statement.ts";

/** True when a value of the request is as a value of the policy says. */
type Test = (value: string, wanted: string, context: Context) => boolean;

const equals: Test = (value, wanted, context) => value === literal(wanted, context);
const equalsAnyCase: Test = (value, wanted, context) => value.toLowerCase() === literal(wanted, context)?.toLowerCase();
const like: Test = (value, wanted, context) => matches(wanted, value, context);
const bool: Test = (value, wanted) => value.toLowerCase() === wanted.toLowerCase();

/** Of an ARN each of the six parts is compared by itself, so that no wildcard reaches over a colon; the last keeps its own. */
const arn: Test = (value, wanted, context) => {
  const parts = (text: string) => {
    const [head, rest] = [text.split(":").slice(0, 5), text.split(":").slice(5).join(":")];
    return [...head, rest];
  };
  const [given, patterns] = [parts(value), parts(wanted)];
  return (
    given.length === 6 && patterns.length === 6 && patterns.every((each, at) => matches(each, given[at] ?? "", context))
  );
};

const number =
  (holds: (value: number, wanted: number) => boolean): Test =>
  (value, wanted) =>
    holds(Number(value), Number(wanted));
/** Dates are ISO 8601 or seconds since 1970. */
const date =
  (holds: (value: number, wanted: number) => boolean): Test =>
  (value, wanted) =>
    holds(instant(value), instant(wanted));
const instant = (text: string) => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const address: Test = (value, wanted) => {
  const [network = "", bits] = wanted.split("/");
  const family = isIP(network) === 6 ? "ipv6" : "ipv4";
  const block = new BlockList();
  block.addSubnet(network, Number(bits ?? (family === "ipv6" ? 128 : 32)), family);
  return block.check(value, isIP(value) === 6 ? "ipv6" : "ipv4");
};

/** The operators by name; a negated one is true when none of its values match. */
const OPERATORS: Readonly<Record<string, { readonly test: Test; readonly negated?: true }>> = {
  StringEquals: { test: equals },
  StringNotEquals: { test: equals, negated: true },
  StringEqualsIgnoreCase: { test: equalsAnyCase },
  StringNotEqualsIgnoreCase: { test: equalsAnyCase, negated: true },
  StringLike: { test: like },
  StringNotLike: { test: like, negated: true },
  ArnEquals: { test: arn },
  ArnLike: { test: arn },
  ArnNotEquals: { test: arn, negated: true },
  ArnNotLike: { test: arn, negated: true },
  Bool: { test: bool },
  NumericEquals: { test: number((a, b) => a === b) },
  NumericNotEquals: { test: number((a, b) => a === b), negated: true },
  NumericLessThan: { test: number((a, b) => a < b) },
  NumericLessThanEquals: { test: number((a, b) => a <= b) },
  NumericGreaterThan: { test: number((a, b) => a > b) },
  NumericGreaterThanEquals: { test: number((a, b) => a >= b) },
  DateEquals: { test: date((a, b) => a === b) },
  DateNotEquals: { test: date((a, b) => a === b), negated: true },
  DateLessThan: { test: date((a, b) => a < b) },
  DateLessThanEquals: { test: date((a, b) => a <= b) },
  DateGreaterThan: { test: date((a, b) => a > b) },
  DateGreaterThanEquals: { test: date((a, b) => a >= b) },
  IpAddress: { test: address },
  NotIpAddress: { test: address, negated: true },
};

/**
 * True when the request's context fulfils a condition. A key the request does not have: false, unless the operator is negated or
 * ends with IfExists; with `ForAllValues` true, as all of no values match.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * @throws Error for an operator this evaluation does not know, and for one without a set prefix on a key of several values, whose
 *   meaning AWS leaves open
 */
export function fulfils({ operator, set, ifExists, key, values }: Condition, context: Context): boolean {
  const given = context.get(key);
  if (operator === "Null") return values.every((wanted) => (given === undefined) === (wanted.toLowerCase() === "true"));
  const known = OPERATORS[operator];
  if (!known) throw new Error(`The condition operator ${operator} is not known here.`);
  const { test, negated = false } = known;
  const holds = (value: string) => values.some((wanted) => test(value, wanted, context)) !== negated;
  if (set === "ForAllValues") return (given ?? []).every(holds);
  if (given === undefined) return ifExists || (negated && set === undefined);
  if (set === "ForAnyValue") return given.some(holds);
  if (given.length !== 1)
    throw new Error(`${operator} on ${key}, which has ${given.length} values, needs ForAllValues or ForAnyValue.`);
  return given.every(holds);
}
