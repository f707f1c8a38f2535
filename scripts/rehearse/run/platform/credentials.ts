import { randomBytes } from "node:crypto";
import { evaluate } from "../iam/evaluate.ts";
import { contextOf } from "../iam/request.ts";
import { statementsOf, type Statement } from "../iam/statement.ts";
import type { SessionKeys } from "../sigv4/verify.ts";

/** A session of a role, and whose it is. */
export interface Session extends SessionKeys {
  /** Who acts: the function's short name, or what a service does in its name. */
  readonly actor: string;
  readonly role: string;
  readonly statements: readonly Statement[];
  /** How far the clock of whoever has it is ahead, milliseconds. */
  readonly aheadMs: number;
}

/** A role as it was deployed. */
interface Role {
  readonly role: string;
  readonly rolePolicies: Readonly<Record<string, unknown>>;
  readonly trust: unknown;
}

/** Hands out sessions of roles, and knows them again by their key. */
export interface Sessions {
  /**
   * Lets a service of AWS take on a role, as Lambda does for a function's process.
   * @throws Error when the role does not trust that service
   */
  assume(role: Role, service: string, actor: string, aheadMs?: number): Session;
  get(accessKeyId: string): Session | undefined;
  /** What a role may do, whether it was taken on or not. */
  statementsOf(role: Role, actor: string): readonly Statement[];
}

export function createSessions(account: string): Sessions {
  const sessions = new Map<string, Session>();
  /** Read once for each role, so that what a session used is known of the role. */
  const statements = new Map<string, readonly Statement[]>();
  function readOnce(role: string, actor: string, policies: Role["rolePolicies"]): readonly Statement[] {
    const read = statements.get(role) ?? Object.values(policies).flatMap((policy) => statementsOf(policy, actor));
    statements.set(role, read);
    return read;
  }

  return {
    assume({ role, rolePolicies, trust }, service, actor, aheadMs = 0) {
      const decision = evaluate(
        { identity: [], resource: statementsOf(trust, `trust of ${actor}`) },
        {
          principal: { kind: "service", name: service },
          action: "sts:AssumeRole",
          resource: role,
          context: contextOf({ "aws:SourceAccount": [account] }),
        },
      );
      if (!decision.allowed) throw new Error(`The role ${role} does not trust ${service}.`);
      const session: Session = {
        accessKeyId: `ASIA${randomBytes(8).toString("hex").toUpperCase()}`,
        secretAccessKey: randomBytes(30).toString("base64url"),
        sessionToken: randomBytes(60).toString("base64"),
        actor,
        role,
        statements: readOnce(role, actor, rolePolicies),
        aheadMs,
      };
      sessions.set(session.accessKeyId, session);
      return session;
    },
    get: (accessKeyId) => sessions.get(accessKeyId),
    statementsOf: ({ role, rolePolicies }, actor) => readOnce(role, actor, rolePolicies),
  };
}
