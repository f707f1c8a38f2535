import { hash } from "node:crypto";
import { type Clock, type RandomBytes, type Registry, type RegistryKey } from "@millrace/core";
import type { Roles } from "./roles.ts";

/** Somebody who may come in. What opens the door, the token of the link, is kept as its hash. */
export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly roles: Roles;
  /** Whom the audit log names for it. */
  readonly invitedBy: string;
  /** Milliseconds UTC. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface Invitations {
  /** Answers the token too, this once. */
  create(
    invitation: Pick<Invitation, "email" | "roles" | "invitedBy">,
  ): Promise<Invitation & { readonly token: string }>;
  /** Those that are open. */
  list(): Promise<Invitation[]>;
  ofToken(token: string): Promise<Invitation | undefined>;
  /** Takes it out: true for the one caller who did. */
  take(id: string): Promise<boolean>;
}

/** A week: over a weekend and a day off, and not for whoever finds the letter next year. */
const INVITATION_MS = 7 * 24 * 3_600_000;
const TOKEN_BYTES = 32;
const TOKEN = /^[\w-]{43}$/;
const PARTITION = "invitations";

export function createInvitations(deps: { registry: Registry; clock: Clock; random: RandomBytes }): Invitations {
  const { registry, clock, random } = deps;
  return {
    async create(invitation) {
      const token = Buffer.from(random(TOKEN_BYTES)).toString("base64url");
      const createdAt = clock.now();
      const expiresAt = createdAt + INVITATION_MS;
      const made: Invitation = { ...invitation, id: hash("sha256", token), createdAt, expiresAt };
      await registry.put(keyOf(made.id), made, { if: "absent", expiresAt });
      return { ...made, token };
    },
    list: async () => (await registry.list<Invitation>(PARTITION)).map(({ value }) => value),
    async ofToken(token) {
      if (!TOKEN.test(token)) return undefined;
      return (await registry.get<Invitation>(keyOf(hash("sha256", token))))?.value;
    },
    async take(id) {
      const item = await registry.get<Invitation>(keyOf(id));
      // A conditional write decides between two who come at once; deleting has no condition.
      if (!item || !(await registry.put(item.key, item.value, { if: item.version, expiresAt: clock.now() + 1 }))) {
        return false;
      }
      await registry.delete(item.key);
      return true;
    },
  };
}

function keyOf(id: string): RegistryKey {
  return { partition: PARTITION, sort: id };
}
