import { hash, timingSafeEqual } from "node:crypto";
import type { Clock, RandomBytes, Registry } from "@millrace/core";

/**
 * Who may read the dashboard on this machine: whoever has a link that the terminal printed. A link works once; what it is exchanged
 * for is a random id in a cookie. No header and no address is believed: a proxy in front, or a name that a foreign site points here,
 * would bring them too.
 */
export interface Sessions {
  /** A token for one link. The newest counts, for an hour. */
  link(): string;
  /** Exchanges a token for a session's id; undefined when it is not the newest, was used, or is too old. */
  enter(token: string): Promise<string | undefined>;
  isOpen(id: string): Promise<boolean>;
}

const BYTES = 32;
const LINK_MS = 3_600_000;
/** A session outlives a restart: who works on the machine all day is not sent back to the terminal. */
export const SESSION_MS = 30 * 24 * 3_600_000;

/** Sessions are kept hashed: who can read the registry's file cannot take one over. */
export function createSessions(deps: { registry: Registry; clock: Clock; random: RandomBytes }): Sessions {
  const { registry, clock, random } = deps;
  let current: { readonly token: string; readonly until: number } | undefined;
  const mint = () => Buffer.from(random(BYTES)).toString("base64url");
  const keyOf = (id: string) => ({ partition: "console-sessions", sort: hash("sha256", id) });
  return {
    link() {
      const token = mint();
      current = { token, until: clock.now() + LINK_MS };
      return token;
    },
    async enter(token) {
      const valid = current && clock.now() < current.until && isEqual(token, current.token);
      if (!valid) return undefined;
      current = undefined;
      const id = mint();
      await registry.put(keyOf(id), { enteredAt: clock.now() }, { expiresAt: clock.now() + SESSION_MS });
      return id;
    },
    async isOpen(id) {
      return (await registry.get(keyOf(id))) !== undefined;
    },
  };
}

function isEqual(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(hash("sha256", a)), Buffer.from(hash("sha256", b))];
  return timingSafeEqual(x, y);
}
