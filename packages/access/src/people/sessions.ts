import { hash } from "node:crypto";
import { type Clock, type RandomBytes, type Registry, type RegistryKey } from "@millrace/core";

/** How somebody signed in. */
export type SignInMethod = "link" | "password" | "openid";

/** What is kept of a session: nothing that opens it. */
export interface SessionRecord {
  /** Names it for listing and revoking. It is a hash, and opens nothing. */
  readonly id: string;
  readonly person: string;
  readonly method: SignInMethod;
  /** Milliseconds UTC. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** What its browser says it is, cut. */
  readonly agent?: string;
  /** The address it was opened from. */
  readonly from?: string;
}

/** What a browser that just signed in gets. */
export interface OpenedSession extends SessionSecrets {
  /** For the cookie, which no script can read. */
  readonly cookie: string;
  readonly record: SessionRecord;
}

/** What follows from the cookie, and from which the cookie does not. */
export interface SessionSecrets {
  /**
   * What the page asks the query API with, as it would with a key: no cookie goes there, so that no other page can ask in its name. It stays in
   * the page's memory.
   */
  readonly token: string;
  /** What the page sends in a header with every change, because no form of another page can. */
  readonly csrf: string;
}

/** Sessions of people. Of each there is one item, which the cookie and the token lead to. */
export interface Sessions {
  open(session: {
    readonly person: string;
    readonly method: SignInMethod;
    readonly agent?: string | undefined;
    readonly from?: string | undefined;
  }): Promise<OpenedSession>;
  /** The session of a cookie with what follows from it, while it is open. */
  ofCookie(cookie: string): Promise<(SessionSecrets & { readonly record: SessionRecord }) | undefined>;
  /** The session of a token, while it is open. */
  ofToken(token: string): Promise<SessionRecord | undefined>;
  /** Those of a person that are open, newest first. */
  list(person: string): Promise<SessionRecord[]>;
  /** Ends one; other processes notice within a minute. False when there is none. */
  revoke(person: string, id: string): Promise<boolean>;
  revokeAll(person: string): Promise<void>;
}

const SECRET_BYTES = 32;
/** Two weeks: who works with it every week is not sent away, and a forgotten browser is. */
export const SESSION_MS = 14 * 24 * 3_600_000;
const MAX_AGENT_CHARS = 200;
const COOKIE = /^([0-9a-f]{24})\.([\w-]{43})$/;
const TOKEN = /^session-([0-9a-f]{24})-[0-9a-f]{64}$/;

/** True for what has the form of a session's token, and is then no key. */
export function isSessionToken(text: string): boolean {
  return TOKEN.test(text);
}

/** @param onChange called after every change, so that caches can forget */
export function createSessions(deps: {
  registry: Registry;
  clock: Clock;
  random: RandomBytes;
  onChange: () => void;
}): Sessions {
  const { registry, clock, random, onChange } = deps;
  const find = async (person: string, id: string) => (await registry.get<SessionRecord>(keyOf(person, id)))?.value;
  return {
    async open({ person, method, agent, from }) {
      const cookie = `${person}.${Buffer.from(random(SECRET_BYTES)).toString("base64url")}`;
      const secrets = secretsOf(person, cookie);
      const createdAt = clock.now();
      const record: SessionRecord = {
        id: hash("sha256", secrets.token),
        person,
        method,
        createdAt,
        expiresAt: createdAt + SESSION_MS,
        ...(agent !== undefined && { agent: agent.slice(0, MAX_AGENT_CHARS) }),
        ...(from !== undefined && { from }),
      };
      await registry.put(keyOf(person, record.id), record, { if: "absent", expiresAt: record.expiresAt });
      return { cookie, ...secrets, record };
    },
    async ofCookie(cookie) {
      const [, person] = COOKIE.exec(cookie) ?? [];
      if (person === undefined) return undefined;
      const secrets = secretsOf(person, cookie);
      const record = await find(person, hash("sha256", secrets.token));
      return record && { ...secrets, record };
    },
    async ofToken(token) {
      const [, person] = TOKEN.exec(token) ?? [];
      return person === undefined ? undefined : find(person, hash("sha256", token));
    },
    async list(person) {
      const items = await registry.list<SessionRecord>(partitionOf(person));
      return items.map(({ value }) => value).sort((a, b) => b.createdAt - a.createdAt);
    },
    async revoke(person, id) {
      const there = (await find(person, id)) !== undefined;
      if (there) await registry.delete(keyOf(person, id));
      onChange();
      return there;
    },
    async revokeAll(person) {
      for (const { key } of await registry.list<SessionRecord>(partitionOf(person))) await registry.delete(key);
      onChange();
    },
  };
}

/** One-way: who sees a token in a page's memory or in an address of a download has no cookie, and cannot change anything. */
function secretsOf(person: string, cookie: string): SessionSecrets {
  return { token: `session-${person}-${hash("sha256", `token ${cookie}`)}`, csrf: hash("sha256", `csrf ${cookie}`) };
}

function partitionOf(person: string): string {
  return `sessions:${person}`;
}

function keyOf(person: string, id: string): RegistryKey {
  return { partition: partitionOf(person), sort: id };
}
