import { hash, timingSafeEqual } from "node:crypto";
import type { Access, Person } from "@millrace/access";
import type { Clock, RandomBytes } from "@millrace/core";

/**
 * The way in for whoever has this machine's terminal: a link that works once. No header and no address is believed instead: a proxy in front, or
 * a name that a foreign site points here, would bring them too.
 */
export interface Links {
  /** A token for one link. The newest counts, for an hour. */
  create(): string;
  /** True once for a token that is the newest and not too old. */
  use(token: string): boolean;
}

const BYTES = 32;
const LINK_MS = 3_600_000;

export function createLinks({ clock, random }: { clock: Clock; random: RandomBytes }): Links {
  let current: { readonly token: string; readonly until: number } | undefined;
  return {
    create() {
      const token = Buffer.from(random(BYTES)).toString("base64url");
      current = { token, until: clock.now() + LINK_MS };
      return token;
    },
    use(token) {
      const valid = current !== undefined && clock.now() < current.until && isEqual(token, current.token);
      if (valid) current = undefined;
      return valid;
    },
  };
}

/** Of whoever comes by such a link: the owner of this machine's data. */
const OWNER = { email: "owner@localhost", name: "Owner of this machine", roles: { "*": "owner" } } as const;

export async function machineOwner({ people }: Pick<Access, "people">): Promise<Person> {
  return (await people.byEmail(OWNER.email)) ?? (await people.create(OWNER));
}

function isEqual(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(hash("sha256", a)), Buffer.from(hash("sha256", b))];
  return timingSafeEqual(x, y);
}
