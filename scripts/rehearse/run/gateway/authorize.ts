import type { Account, Need } from "../calls/call.ts";
import { evaluate } from "../iam/evaluate.ts";
import { contextOf, type Principal } from "../iam/request.ts";
import type { Statement } from "../iam/statement.ts";
import type { Session } from "../platform/credentials.ts";
import type { Usage } from "./usage.ts";

/** Who asks: a role's session, or a service in its own name, which has no statements. */
export interface Who {
  /** Its name in the report. */
  readonly actor: string;
  readonly principal: Principal;
  readonly statements: readonly Statement[];
}

/** Decides one permission and notes it. Answers why it is denied; undefined: it is granted. */
export type Authorize = (who: Who, need: Need, now: number) => string | undefined;

export interface AuthorizeParts {
  readonly account: Account;
  readonly usage: Usage;
  /** Statements of the resource's own policy. */
  readonly policyOf: (arn: string) => readonly Statement[];
}

export function createAuthorize({ account, usage, policyOf }: AuthorizeParts): Authorize {
  return (who, need, now) => {
    const context = contextOf({ ...everyRequest(who.principal, account, now), ...need.context });
    const policies = { identity: who.statements, resource: policyOf(need.resource) };
    const decision = evaluate(policies, { principal: who.principal, ...need, context });
    if (decision.allowed) {
      usage.granted(need, decision.by, context);
      return undefined;
    }
    const why = decision.by ? `${decision.by.name} denies it` : "no statement allows it";
    usage.denied({ actor: who.actor, action: need.action, resource: named(need), why });
    return why;
  };
}

/** The principal of a session. */
export function roleOf({ role }: Session, { id }: Account): Principal {
  return { kind: "role", arn: role, account: id };
}

/** The resource with what its conditions hang on. */
function named({ resource, context }: Need): string {
  const conditions = Object.entries(context).map(([key, values]) => ` ${key}=${values.join(",")}`);
  return `${resource}${conditions.join("")}`;
}

/** Condition keys that every request has. */
function everyRequest(
  principal: Principal,
  account: Account,
  now: number,
): Readonly<Record<string, readonly string[]>> {
  return {
    "aws:SecureTransport": ["true"],
    ...(principal.kind === "role"
      ? { "aws:PrincipalArn": [principal.arn], "aws:PrincipalAccount": [principal.account] }
      : { "aws:PrincipalServiceName": [principal.name] }),
    "aws:PrincipalIsAWSService": [String(principal.kind === "service")],
    "aws:RequestedRegion": [account.region],
    "aws:CurrentTime": [new Date(now).toISOString()],
    "aws:EpochTime": [String(Math.floor(now / 1000))],
    "aws:ViaAWSService": ["false"],
  };
}
