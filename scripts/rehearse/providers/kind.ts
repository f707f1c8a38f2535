import { traced } from "./values.ts";
import type { Fields, Json } from "./grpc.ts";

/** One call to AWS, in AWS's own names. Undefined members are left out. @throws Error with AWS's refusal */
export type Aws = (
  service: string,
  operation: string,
  input?: Readonly<Record<string, unknown>>,
) => Promise<Record<string, Json>>;

/** What a stand-in is given: how to call, and the tags that the provider puts on whatever it makes. */
export interface Context {
  readonly aws: Aws;
  readonly tags: Readonly<Record<string, string>>;
  readonly region: string;
  readonly account: string;
}

export interface Made {
  readonly id: string;
  /** What the resource knows besides its inputs. */
  readonly outputs?: Fields;
}

/**
 * A type of resource: what the provider calls to make, change and delete one. Every property must be read: one that is overlooked
 * fails the deploy.
 */
export interface Kind {
  /** The property that gets a name when the program gives none, as the provider does. */
  readonly named?: string;
  /** Properties of which a change makes a new resource; `all`: any. */
  readonly replacedBy: readonly string[] | "all";
  /** Properties that only steer the provider, and lead to no call. */
  readonly ignored?: readonly string[];
  readonly create: (inputs: Fields, context: Context) => Promise<Made>;
  /** Without it, a change that replaces nothing is an error. */
  readonly update?: (id: string, inputs: Fields, context: Context, before: Fields) => Promise<Fields | void>;
  readonly remove: (id: string, inputs: Fields, context: Context) => Promise<unknown>;
}

export type Kinds = Readonly<Record<string, Kind>>;

/** Runs a handler on inputs of which every property must be read. @throws Error naming those that were not */
export async function attentively<T>(
  kind: Kind,
  inputs: Record<string, Json>,
  handle: (inputs: Fields) => Promise<T>,
): Promise<T> {
  const { fields, unread } = traced(inputs);
  const result = await handle(fields);
  const overlooked = unread().filter((path) => !["tags", ...(kind.ignored ?? [])].includes(path.split(".")[0] ?? ""));
  if (overlooked.length > 0) throw new Error(`The stand-in knows no ${overlooked.join(", ")}`);
  return result;
}

/** For a resource that is a setting of another one, written as a whole: making and changing it is the same call. */
export function setting(
  replacedBy: Kind["replacedBy"],
  put: (inputs: Fields, context: Context) => Promise<Made>,
  remove: Kind["remove"],
): Kind {
  return {
    replacedBy,
    create: put,
    update: async (_id, inputs, context) => (await put(inputs, context)).outputs,
    remove,
  };
}
