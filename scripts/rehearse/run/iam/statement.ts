/** What a statement names, or names all but. */
export interface Match {
  readonly patterns: readonly string[];
  /** From `NotAction`, `NotResource`, `NotPrincipal`. */
  readonly not: boolean;
}

export interface Condition {
  /** Without its prefix and suffix, such as `StringLike`. */
  readonly operator: string;
  readonly set: "ForAllValues" | "ForAnyValue" | undefined;
  readonly ifExists: boolean;
  /** In lower case. */
  readonly key: string;
  readonly values: readonly string[];
}

/** One statement of a policy, in one form. */
export interface Statement {
  /** Where it is written, for people: `collector 3 (sqs:SendMessage)`. */
  readonly name: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: Match;
  /** Absent in a role's trust policy, which is about the role itself. */
  readonly resources: Match | undefined;
  /** `*`, `AWS:arn` and `Service:name`; absent in a role's own policy, which is about the role. */
  readonly principals: Match | undefined;
  readonly conditions: readonly Condition[];
}

const ELEMENTS = new Set([
  "Sid",
  "Effect",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Principal",
  "NotPrincipal",
  "Condition",
]);

/**
 * The statements of a policy document.
 * @param document JSON, or what it holds
 * @param owner whose it is, for the statements' names
 * @throws Error for whatever this evaluation does not know: a statement must never be taken for less than it is
 */
export function statementsOf(document: unknown, owner: string): Statement[] {
  const { Statement: given, Version = "2008-10-17" } = object(
    typeof document === "string" ? JSON.parse(document) : document,
    owner,
  );
  // Before that version a variable was plain text.
  if (Version !== "2012-10-17") throw new Error(`${owner}: the policy's version is ${JSON.stringify(Version)}.`);
  return list(given).map((each, index) => statementOf(object(each, owner), `${owner} ${index + 1}`));
}

function statementOf(given: Readonly<Record<string, unknown>>, name: string): Statement {
  for (const element of Object.keys(given))
    if (!ELEMENTS.has(element)) throw new Error(`${name}: unknown element ${element}.`);
  const effect = given["Effect"];
  if (effect !== "Allow" && effect !== "Deny") throw new Error(`${name}: Effect must be Allow or Deny.`);
  const actions = match(given, "Action", strings);
  if (!actions) throw new Error(`${name}: there is no Action.`);
  return {
    name: `${name} (${actions.not ? "all but " : ""}${actions.patterns.join(", ")})`,
    effect,
    actions,
    resources: match(given, "Resource", strings),
    principals: match(given, "Principal", principals),
    conditions: conditionsOf(given["Condition"], name),
  };
}

function match(
  given: Readonly<Record<string, unknown>>,
  element: string,
  read: (value: unknown, where: string) => string[],
): Match | undefined {
  if (element in given) return { patterns: read(given[element], element), not: false };
  if (`Not${element}` in given) return { patterns: read(given[`Not${element}`], `Not${element}`), not: true };
  return undefined;
}

function principals(value: unknown, where: string): string[] {
  if (value === "*") return ["*"];
  return Object.entries(object(value, where)).flatMap(([kind, named]) => {
    if (kind !== "AWS" && kind !== "Service") throw new Error(`${where}: unknown kind ${kind}.`);
    return strings(named, where).map((each) => (each === "*" ? "*" : `${kind}:${each}`));
  });
}

function conditionsOf(value: unknown, name: string): Condition[] {
  if (value === undefined) return [];
  return Object.entries(object(value, name)).flatMap(([test, keys]) => {
    const [, set, operator = "", ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(test) ?? [];
    return Object.entries(object(keys, name)).map(([key, values]) => ({
      operator,
      set: set as Condition["set"],
      ifExists: ifExists !== undefined,
      key: key.toLowerCase(),
      values: strings(values, name),
    }));
  });
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

function strings(value: unknown, where: string): string[] {
  return list(value).map((each) => {
    if (typeof each === "string") return each;
    if (typeof each === "boolean" || typeof each === "number") return String(each);
    throw new Error(`${where}: ${JSON.stringify(each)} is no text.`);
  });
}

function object(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error(`${where}: ${JSON.stringify(value)} is not what a policy holds there.`);
  return value as Readonly<Record<string, unknown>>;
}
