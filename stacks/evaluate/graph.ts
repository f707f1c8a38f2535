/** One resource that a deploy would create. */
export interface Resource {
  /** Pulumi's type, such as `aws:sqs/queue:Queue`. */
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** A removal or a deploy that would delete it is refused. */
  readonly protect?: boolean;
  /** A deploy that no longer names it leaves it in AWS. */
  readonly retainOnDelete?: boolean;
  /** Names of what must be done before it, apart from what its inputs already say. */
  readonly dependsOn?: readonly string[];
}

export type Graph = readonly Resource[];

/** All resources of one type, by name. */
export function ofType(graph: Graph, type: string): Resource[] {
  return graph.filter((resource) => resource.type === type).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The value at a path of an input, such as `at(queue, "ebsOptions", "volumeSize")`; undefined where something is missing. */
export function at(resource: Resource, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[key] : undefined,
    resource.inputs,
  );
}

/** A copy of the graph with the inputs of one resource changed: what the checks would see after a careless edit. */
export function changed(graph: Graph, name: string, change: Record<string, unknown>): Graph {
  if (!graph.some((resource) => resource.name === name)) throw new Error(`There is no ${name}.`);
  return graph.map((resource) =>
    resource.name === name ? { ...resource, inputs: { ...resource.inputs, ...change } } : resource,
  );
}

/** A copy without one resource. */
export function without(graph: Graph, name: string): Graph {
  if (!graph.some((resource) => resource.name === name)) throw new Error(`There is no ${name}.`);
  return graph.filter((resource) => resource.name !== name);
}

/** One statement of a policy, whichever of the two spellings it was written in. */
export interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly principals: readonly string[];
  readonly conditions: string;
}

/** Reads a policy document: AWS's spelling (`Statement`, `Action`) or that of Pulumi's policy documents (`statements`, `actions`). */
export function statementsOf(policy: unknown): Statement[] {
  const document = (typeof policy === "string" ? JSON.parse(policy) : policy) as Record<string, unknown> | undefined;
  return list(document?.["Statement"] ?? document?.["statements"]).map((entry) => {
    const statement = entry as Record<string, unknown>;
    return {
      effect: String(list(statement["Effect"] ?? statement["effect"] ?? "Allow")[0]),
      actions: list(statement["Action"] ?? statement["actions"]).map(String),
      resources: list(statement["Resource"] ?? statement["resources"]).map(String),
      principals: principalsOf(statement["Principal"] ?? statement["principals"]),
      conditions: JSON.stringify(statement["Condition"] ?? statement["conditions"] ?? {}),
    };
  });
}

function principalsOf(principals: unknown): string[] {
  if (Array.isArray(principals))
    return principals.flatMap((each: { identifiers: unknown }) => list(each.identifiers).map(String));
  if (typeof principals === "object" && principals !== null) return Object.values(principals).flatMap(list).map(String);
  return list(principals).map(String);
}

function list(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
