import type { Clock, RandomBytes, Registry } from "@millrace/core";
import { hash } from "node:crypto";
import type { Subject } from "./standing.ts";

/** What a link in a mail ends: this mailbox's part in one thing. */
export interface Unsubscribing {
  readonly subject: Subject;
  readonly address: string;
}

/** The links by which a mail is ended. Each mail has its own; only the hash of what it holds is kept. */
export interface UnsubscribeLinks {
  /** @returns the end of the address */
  create(project: string, what: Unsubscribing): Promise<string>;
  /** Undefined for one that never was, that is over, or was followed already. */
  take(token: string): Promise<(Unsubscribing & { readonly project: string }) | undefined>;
}

const SECRET_BYTES = 24;
const FORM = /^([0-9a-f]{24})[0-9a-f]{48}$/;
/** People unsubscribe by the mail they find, which may be an old one. */
const LIFE_MS = 90 * 24 * 3_600_000;

export function createUnsubscribeLinks(deps: {
  registry: Registry;
  clock: Clock;
  random: RandomBytes;
}): UnsubscribeLinks {
  const { registry, clock, random } = deps;
  return {
    async create(project, what) {
      const token = `${project}${Buffer.from(random(SECRET_BYTES)).toString("hex")}`;
      await registry.put(keyOf(project, token), what, { if: "absent", expiresAt: clock.now() + LIFE_MS });
      return token;
    },
    async take(token) {
      const project = FORM.exec(token)?.[1];
      if (project === undefined) return undefined;
      const key = keyOf(project, token);
      const item = await registry.get<Unsubscribing>(key);
      if (!item) return undefined;
      await registry.delete(key);
      return { ...item.value, project };
    },
  };
}

function keyOf(project: string, token: string) {
  return { partition: `unsubscribe:${project}`, sort: hash("sha256", token) };
}
