import type { Need } from "../calls/call.ts";
import { matches } from "../iam/pattern.ts";
import type { Context } from "../iam/request.ts";
import type { Statement } from "../iam/statement.ts";

/** A permission that was asked for and not granted, or a request that could not be judged. */
export interface Denial {
  readonly actor: string;
  readonly action: string;
  readonly resource: string;
  readonly why: string;
}

/** A right that a role has. */
export interface Right {
  readonly actor: string;
  readonly action: string;
  readonly resource: string;
}

/** What was done with permissions so far. */
export interface Usage {
  /** A permission that a statement granted. */
  granted(need: Need, by: Statement, context: Context): void;
  denied(denial: Denial): void;
  readonly denials: readonly Denial[];
  /** Rights of the statements given that no call has used: each action on each resource as it is written. */
  unused(actor: string, statements: readonly Statement[]): Right[];
  /** How many permissions were asked for and granted. */
  readonly count: number;
}

export function createUsage(): Usage {
  const denials: Denial[] = [];
  const used = new Map<Statement, Set<string>>();
  let count = 0;
  return {
    granted({ action, resource }, by, context) {
      count++;
      const pairs = used.get(by) ?? new Set();
      used.set(by, pairs);
      for (const named of by.actions.patterns.filter((pattern) => matches(pattern, action, context, true)))
        for (const on of by.resources?.patterns.filter((pattern) => matches(pattern, resource, context)) ?? [])
          pairs.add(`${named} ${on}`);
    },
    denied: (denial) => void denials.push(denial),
    denials,
    unused: (actor, statements) =>
      statements.flatMap((statement) =>
        statement.actions.patterns.flatMap((action) =>
          (statement.resources?.patterns ?? [])
            .filter((resource) => !used.get(statement)?.has(`${action} ${resource}`))
            .map((resource) => ({ actor, action, resource })),
        ),
      ),
    get count() {
      return count;
    },
  };
}
