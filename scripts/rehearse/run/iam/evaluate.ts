import { fulfils } from "./condition.ts";
import { matches } from "./pattern.ts";
import type { AccessRequest, Principal } from "./request.ts";
import type { Match, Statement } from "./statement.ts";

/** What the answer hangs on. */
export interface Policies {
  /** Of the role that asks; a service that asks in its own name has none. */
  readonly identity: readonly Statement[];
  /** Of the resource that is asked: a bucket's, a domain's, a function's, a topic's, a role's trust. */
  readonly resource: readonly Statement[];
}

export type Decision =
  | { readonly allowed: true; readonly by: Statement }
  /** `by` is the statement that forbids it; without one, none allows it. */
  | { readonly allowed: false; readonly by: Statement | undefined };

/**
 * Decides a request inside one account, as AWS documents it: a Deny that matches ends it, wherever it is written; else an Allow of
 * the role or of the resource is enough; else it is denied.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * @throws Error for a condition that cannot be judged
 */
export function evaluate({ identity, resource }: Policies, request: AccessRequest): Decision {
  const own = identity.filter((statement) => concerns(statement, request));
  const its = resource.filter((statement) => concerns(statement, request));
  const forbids = [
    ...own,
    ...its.filter(({ principals }) => includes(principals, (pattern) => covers(pattern, request.principal))),
  ].find(({ effect }) => effect === "Deny");
  if (forbids) return { allowed: false, by: forbids };
  const allows = [
    ...own,
    ...its.filter(({ principals }) => includes(principals, (pattern) => names(pattern, request.principal))),
  ].find(({ effect }) => effect === "Allow");
  return allows ? { allowed: true, by: allows } : { allowed: false, by: undefined };
}

/** True when a statement speaks of this action, resource and circumstances, whoever asks. */
function concerns({ actions, resources, conditions }: Statement, request: AccessRequest): boolean {
  const { action, resource, context } = request;
  return (
    includes(actions, (pattern) => matches(pattern, action, context, true)) &&
    (resources === undefined || includes(resources, (pattern) => matches(pattern, resource, context))) &&
    conditions.every((condition) => fulfils(condition, context))
  );
}

function includes(match: Match | undefined, test: (pattern: string) => boolean): boolean {
  return match !== undefined && match.patterns.some(test) !== match.not;
}

/** True when a resource's policy names the one who asks. Naming the account only delegates: the role must allow it itself. */
function names(pattern: string, principal: Principal): boolean {
  if (pattern === "*") return true;
  return principal.kind === "service" ? pattern === `Service:${principal.name}` : pattern === `AWS:${principal.arn}`;
}

/** True when a Deny is meant for the one who asks: naming the account means everybody in it. */
function covers(pattern: string, principal: Principal): boolean {
  if (names(pattern, principal)) return true;
  if (principal.kind === "service") return false;
  return pattern === `AWS:${principal.account}` || pattern === `AWS:arn:aws:iam::${principal.account}:root`;
}
