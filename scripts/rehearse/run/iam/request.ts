/** Condition keys of a request, in lower case (IAM does not tell their cases apart), with their values. */
export type Context = ReadonlyMap<string, readonly string[]>;

/** Who asks: a role's session, or a service of AWS in its own name. */
export type Principal =
  | { readonly kind: "role"; readonly arn: string; readonly account: string }
  | { readonly kind: "service"; readonly name: string };

/** One action on one resource, as IAM decides it. */
export interface AccessRequest {
  readonly principal: Principal;
  /** Such as `sqs:SendMessage`. */
  readonly action: string;
  /** An ARN. */
  readonly resource: string;
  readonly context: Context;
}

/** A context of keys as they are written in the documentation. */
export function contextOf(keys: Readonly<Record<string, readonly string[]>>): Context {
  return new Map(Object.entries(keys).map(([key, values]) => [key.toLowerCase(), values]));
}
